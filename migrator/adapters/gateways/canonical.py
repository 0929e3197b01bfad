"""An Envoy's configuration, brought into a form in which two gateways of equal intent are equal. Pure.

It cuts a config dump into units (`listener/…`, `cluster/…`), takes out what differs without meaning anything, and keeps
every order that means something. It never replaces a port number anywhere but in listeners' names and addresses, route
configuration names, virtual hosts' names and domains, and statistics prefixes: a backend's port 8080 stays 8080.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrator.adapters.gateways.rewriting import Identity, Rewriting
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text

__all__ = ["Canonical", "Identity", "canonical", "digest"]

_OWN_CERTIFICATES = frozenset({"default"})  # Istio's workload certificate: each pod has one of its own
_PENDING = ("warming_state", "draining_state", "error_state")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Units by name, and what is not settled yet (warming, draining, rejected): comparing is too early then."""

    units: Mapping[str, Json]
    unready: tuple[Message, ...]
    identity: Identity
    version: str


def canonical(
    dump: Json, identity: Identity, ports: Mapping[int, int], version: str, extras: Mapping[str, Json]
) -> Canonical:
    """Cut `/config_dump?include_eds` into canonical units. `ports` maps this side's listening ports to the new side's;
    `extras` are units that the dump does not hold."""
    rewriting = Rewriting(identity, ports)
    units: dict[str, Json] = dict(extras)
    unready: list[Message] = []
    for section in items(dump, "configs"):
        read = _SECTIONS.get(text(section, "@type").rpartition(".")[2])
        if read is not None:
            units.update(read(section, rewriting))
            unready.extend(_unsettled(section))
    return Canonical(units, tuple(sorted(unready, key=str)), identity, version)


def digest(unit: Json) -> str:
    """Give 32 hex digits of a unit's canonical JSON."""
    return hashlib.blake2b(plain(unit).encode(), digest_size=16).hexdigest()


def plain(unit: Json) -> str:
    """Give canonical JSON: sorted keys, no blanks."""
    return json.dumps(unit, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


Units = Iterator[tuple[str, Json]]


def _listeners(section: Json, rewriting: Rewriting) -> Units:
    listeners = [mapping(row, "listener") for row in items(section, "static_listeners")]
    listeners += [mapping(row, "active_state", "listener") for row in items(section, "dynamic_listeners")]
    for listener in listeners:
        if listener:
            unit = rewriting.listener(listener)
            yield f"listener/{_unique(unit)}", unit


def _unique(listener: Manifest) -> str:
    """Give a listener's name; one without a name goes by its address."""
    return text(listener, "name") or plain(dig(listener, "address"))


def _clusters(section: Json, rewriting: Rewriting) -> Units:
    for row in items(section, "static_clusters"):
        yield _named("cluster", rewriting.cluster(mapping(row, "cluster"), own=True))
    for row in items(section, "dynamic_active_clusters"):
        yield _named("cluster", rewriting.cluster(mapping(row, "cluster"), own=False))


def _routes(section: Json, rewriting: Rewriting) -> Units:
    """Routes that are written inline belong to their listener's unit; only those of RDS are units."""
    for row in items(section, "dynamic_route_configs"):
        yield _named("route", rewriting.route(mapping(row, "route_config")))


def _endpoints(section: Json, rewriting: Rewriting) -> Units:
    """The addresses alone: weight, priority and health differ by locality and from second to second."""
    for row in items(section, "dynamic_endpoint_configs"):
        assignment = mapping(row, "endpoint_config")
        yield f"endpoints/{text(assignment, 'cluster_name')}", rewriting.addresses(assignment, own=False)


def _secrets(section: Json, rewriting: Rewriting) -> Units:
    for row in [*items(section, "static_secrets"), *items(section, "dynamic_active_secrets")]:
        name = text(row, "name")
        own = name in _OWN_CERTIFICATES
        yield f"secret/{name}", {"present": True} if own else rewriting.secret(mapping(row, "secret"))


def _extensions(section: Json, rewriting: Rewriting) -> Units:
    for row in items(section, "ecds_filters"):
        unit = rewriting.plain(mapping(row, "ecds_filter"))
        yield f"ecds/{text(unit, 'name')}", unit


def _scopes(section: Json, rewriting: Rewriting) -> Units:
    for row in [*items(section, "inline_scoped_route_configs"), *items(section, "dynamic_scoped_route_configs")]:
        yield f"scoped/{text(row, 'name')}", rewriting.plain(row)


def _bootstrap(section: Json, rewriting: Rewriting) -> Units:
    """Only what decides which statistics exist; the rest of a bootstrap differs by right (identity, addresses)."""
    yield "process/stats", rewriting.plain(mapping(section, "bootstrap", "stats_config", "stats_matcher"))


_SECTIONS = {
    "ListenersConfigDump": _listeners,
    "ClustersConfigDump": _clusters,
    "RoutesConfigDump": _routes,
    "EndpointsConfigDump": _endpoints,
    "SecretsConfigDump": _secrets,
    "EcdsConfigDump": _extensions,
    "ScopedRoutesConfigDump": _scopes,
    "BootstrapConfigDump": _bootstrap,
}


def _named(kind: str, unit: Manifest) -> tuple[str, Json]:
    return f"{kind}/{text(unit, 'name')}", unit


def _unsettled(section: Json) -> Iterator[Message]:
    for row in items(section, "dynamic_listeners"):
        yield from _unsettled_listener(row)
    for kind, what in (("dynamic_warming_clusters", "cluster"), ("dynamic_warming_secrets", "secret")):
        for row in items(section, kind):
            name = text(row, "name") or text(row, "cluster", "name")
            yield say("unsettled.part", kind=what, name=name, state="warming", words="")
    for kind in ("dynamic_active_clusters", "dynamic_route_configs", "dynamic_active_secrets"):
        rejected = (mapping(row, "error_state") for row in items(section, kind))
        yield from (
            say("unsettled.rejected", kind=kind, words=text(error, "details")[:200]) for error in rejected if error
        )


def _unsettled_listener(row: Json) -> Iterator[Message]:
    name = text(row, "name")
    for state in _PENDING:
        if mapping(row, state):
            details = text(row, state, "details")[:200]
            word = state.removesuffix("_state")
            yield say("unsettled.part", kind="listener", name=name, state=word, words=details)
    if not mapping(row, "active_state"):
        yield say("unsettled.inactive", name=name)
