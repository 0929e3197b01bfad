"""What a config dump shows as not settled: parts that warm up, drain, or were rejected. Pure; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.adapters.gateways.configuration.rewriting import Rewriting
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text

_PENDING = ("warming_state", "draining_state", "error_state")
_WARMING = {"dynamic_warming_clusters": "cluster", "dynamic_warming_secrets": "secret"}
_REJECTED = {
    "dynamic_active_clusters": "cluster",
    "dynamic_warming_clusters": "cluster",
    "dynamic_route_configs": "route",
    "dynamic_active_secrets": "secret",
    "dynamic_warming_secrets": "secret",
    "dynamic_endpoint_configs": "endpoints",
    "dynamic_scoped_route_configs": "scoped",
    "ecds_filters": "ecds",
}
_NAMED_IN = (
    ("cluster", "name"),
    ("route_config", "name"),
    ("secret", "name"),
    ("ecds_filter", "name"),
    ("endpoint_config", "cluster_name"),
)
_LONGEST = 200


def unsettled(section: Json, rewriting: Rewriting) -> Iterator[Message]:
    """Name every part of a section that is not settled, by the name that the other side has for it."""
    for row in items(section, "dynamic_listeners"):
        yield from _listener(row, rewriting)
    for key, kind in _WARMING.items():
        for row in items(section, key):
            yield _part(kind, _name(row, rewriting), "warming", "")
    for key, kind in _REJECTED.items():
        for row in items(section, key):
            if error := mapping(row, "error_state"):
                words = text(error, "details")[:_LONGEST]
                yield say("unsettled.rejected", kind=f"{kind} {_name(row, rewriting)}", words=words)


def _listener(row: Manifest, rewriting: Rewriting) -> Iterator[Message]:
    name = rewriting.listener_name(text(row, "name"))
    for state in _PENDING:
        if found := mapping(row, state):
            word = state.removesuffix("_state").replace("error", "rejected")
            yield _part("listener", name, word, text(found, "details"))
    if not mapping(row, "active_state"):
        yield say("unsettled.inactive", name=name)


def _part(kind: str, name: str, state: str, words: str) -> Message:
    return say("unsettled.part", kind=kind, name=name, state=state, words=words[:_LONGEST])


def _name(row: Manifest, rewriting: Rewriting) -> str:
    names = (text(row, "name"), *(text(row, *path) for path in _NAMED_IN))
    return rewriting.route_name(next(filter(None, names), ""))
