"""What configures a gateway by its labels: resources of Istio's and of the Gateway API, as the audit knows them. Pure.

A pod that loses such a label loses what the resource gives it: without a Gateway that selects it, its listeners.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrator.domain.gateways.audit import target_refs
from migrator.domain.gateways.istio.attach import CLASSIC, GATEWAY_NAME
from migrator.domain.gateways.istio.proxy import ROOT
from migrator.domain.model.kubernetes import called, name_of, namespace_of
from migrator.domain.model.manifests import Manifest, items, labels, selects, text
from migrator.domain.planning.isolating.choosing import Chooser, choosers, taken
from migrator.domain.planning.isolating.ground import Ground, owner_labels

SELECTING = frozenset(
    {
        "AuthorizationPolicy",
        "DestinationRule",
        "EnvoyFilter",
        "Gateway",
        "PeerAuthentication",
        "ProxyConfig",
        "RequestAuthentication",
        "Sidecar",
        "Telemetry",
        "TrafficExtension",
        "WasmPlugin",
    }
)
"""The kinds that may choose pods by labels."""

_WHERE = (("selector", "matchLabels"), ("workloadSelector", "labels"), ("workloadSelector", "matchLabels"))


def configuring(ground: Ground) -> tuple[Chooser, ...]:
    """Give what configures the pod now by labels that it could lose."""
    having, found = owner_labels(ground), []
    for thing in ground.configured:
        name = f"{text(thing, 'kind')} {called(thing)}"
        found += [Chooser(name, {"matchLabels": dict(wanted)}) for wanted in _wanted(thing, ground)]
    return tuple(each for each in found if each.chooses(having))


def _wanted(thing: Manifest, ground: Ground) -> Iterator[Mapping[str, str]]:
    """Give the labels by which a resource means pods of this one's kind; nothing where it means every pod."""
    here = namespace_of(thing) == ground.ref.namespace
    if text(thing, "kind") == "Gateway":
        if text(thing, "apiVersion").startswith(CLASSIC):
            found: Iterable[Mapping[str, str]] = (labels(thing, "spec", "selector"),)  # over all namespaces
        else:
            found = _by_service(thing, ground) if here else ()
    elif not here and namespace_of(thing) != ROOT:
        found = ()
    elif refs := target_refs(thing):
        found = ({GATEWAY_NAME: text(row, "name")} for row in refs if text(row, "group") != CLASSIC)
    else:
        found = (labels(thing, "spec", *path) for path in _WHERE)
    yield from (each for each in found if each)


def _by_service(gateway: Manifest, ground: Ground) -> Iterator[Mapping[str, str]]:
    """A Gateway of the Gateway API reaches the pods of the Services that it names, or that were made for it."""
    hosts = {text(row, "value").split(".")[0] for row in items(gateway, "spec", "addresses")} - {""}
    if not hosts:
        yield {GATEWAY_NAME: name_of(gateway)}
    for service in ground.services:
        if name_of(service) in hosts and selects(labels(service, "spec", "selector"), owner_labels(ground)):
            yield labels(service, "spec", "selector")


def lost(ground: Ground, gone: Iterable[str]) -> tuple[str, ...]:
    """Give what configures the pod no longer once these labels are gone."""
    gone = frozenset(gone)
    left = {key: value for key, value in owner_labels(ground).items() if key not in gone}
    return tuple(dict.fromkeys(each.name for each in configuring(ground) if not each.chooses(left)))


def to_take(ground: Ground) -> tuple[str, ...] | None:
    """Give the labels to take: by those that configure nothing where these do, else by as few as do; None where none do."""
    who, having = choosers(ground), owner_labels(ground)
    kept = frozenset(key for each in configuring(ground) for key in each.keys(having))
    return taken(who, having, kept) or taken(who, having)
