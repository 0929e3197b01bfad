"""The matrix of Istio's resources: each one against the old and the new pods, with the change by which both would get it. Pure.

The kinds are those of Istio 1.20 and later that can tell two gateway workloads apart (istio/api: networking, security,
telemetry, extensions), and the Ingress, which istiod turns into a Gateway that selects `istio: <ingressSelector>`
(MeshConfig).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from migrator.domain.gateways.audit import Reach, Reached, reach
from migrator.domain.gateways.istio import destinations, filters, plugins, routes
from migrator.domain.gateways.istio.attach import (
    Rule,
    by_client,
    by_filter_selector,
    by_gateway_selector,
    by_selector,
    meaning,
    origin,
    widening,
)
from migrator.domain.gateways.istio.proxy import Sides, full_name, sides
from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import annotations_of, called
from migrator.domain.model.manifests import Json, Manifest, ref_of, text
from migrator.domain.model.refs import namespaces, source_ref

STEERS = frozenset(
    {
        "Gateway",
        "VirtualService",
        "EnvoyFilter",
        "AuthorizationPolicy",
        "RequestAuthentication",
        "WasmPlugin",
        "TrafficExtension",
        "Ingress",
    }
)
"""Kinds that change what a request is answered; the others change how the mesh is seen or spoken to."""

MATCH_LABELS = ("selector", "matchLabels")
RULES: Mapping[str, tuple[Rule, tuple[str, ...]]] = {
    "Gateway": (by_gateway_selector, ("selector",)),
    "EnvoyFilter": (filters.by_filter, ("workloadSelector", "labels")),
    "AuthorizationPolicy": (by_selector, MATCH_LABELS),
    "RequestAuthentication": (by_selector, MATCH_LABELS),
    "PeerAuthentication": (by_selector, MATCH_LABELS),
    "Telemetry": (by_selector, MATCH_LABELS),
    "WasmPlugin": (plugins.by_plugin, MATCH_LABELS),
    "TrafficExtension": (plugins.by_plugin, MATCH_LABELS),
    "ProxyConfig": (by_selector, MATCH_LABELS),
    "DestinationRule": (by_client, ("workloadSelector", "matchLabels")),
}
"""How each kind chooses its proxies, and where its selector is. VirtualServices follow their Gateways (routes.py)."""

APART = ("Sidecar", "WorkloadGroup")
"""Kinds that no gateway gets: `Sidecar` shapes sidecars alone (sidecar.proto: "does not apply to gateways"), a
`WorkloadGroup` is
the template of virtual machines' entries."""

Rows = list[tuple[Manifest, Reached]]
_MODE = re.compile(r"^ingressControllerMode:\s*[\"']?(\w+)", re.MULTILINE)
_CLASS = re.compile(r"^ingressClass:\s*[\"']?([\w.-]+)", re.MULTILINE)
_SELECTOR = re.compile(r"^ingressSelector:\s*[\"']?([\w.-]+)", re.MULTILINE)


def matrix(planned: Planned) -> tuple[Reached, ...]:
    """Give a row for every Istio resource: who gets it, old pods, new pods, both, none, or no gateway ever."""
    if planned.source is None:
        return ()
    between = with_gateways(planned)
    rows = {kind: [(thing, _row(thing, between, planned)) for thing in planned.world.all(kind)] for kind in RULES}
    cells = {row.name: row.reach for _, row in rows["Gateway"]}  # a route names its Gateways: a twin is another one
    return (
        *(_at_home(row, planned) for found in rows.values() for row in _without_twins(found, between)),
        *_of_routes(planned.world.all("VirtualService"), cells, between),
        *(_apart(thing) for kind in APART for thing in planned.world.all(kind)),
        *_of_ingresses(planned, between),
    )


def with_gateways(planned: Planned) -> Sides:
    """Give both sides with the Gateways that select each."""
    between = sides(planned)
    gateways = planned.world.all("Gateway")

    def names(proxy_of: Callable[[Manifest], bool]) -> frozenset[str]:
        return frozenset(full_name(row) for row in gateways if proxy_of(row))

    old = names(lambda row: by_gateway_selector(row, between.old))
    new = names(lambda row: by_gateway_selector(row, between.new))
    return replace(between, old=replace(between.old, gateways=old), new=replace(between.new, gateways=new))


def _row(thing: Manifest, between: Sides, planned: Planned) -> Reached:
    kind = text(thing, "kind")
    rule, path = RULES[kind]
    cell = reach(rule(thing, between.old), rule(thing, between.new))
    row = Reached(ref_of(thing), cell, origin(thing), steers=kind in STEERS)
    if kind == "EnvoyFilter":
        return _of_filter(thing, row, between, planned)
    if kind in ("WasmPlugin", "TrafficExtension"):
        row = _of_plugin(thing, row, between)
    elif kind == "DestinationRule" and not row.one_sided:
        row = _of_subsets(thing, row, between, planned)
    return row if row.widening or not row.one_sided else replace(row, widening=widening(thing, between, *path))


def _of_filter(thing: Manifest, row: Reached, between: Sides, planned: Planned) -> Reached:
    """Look into a filter that selects both sides: a patch that only one of them meets is one-sided, unless it has a twin."""
    if not (by_filter_selector(thing, between.old) and by_filter_selector(thing, between.new)):
        wider = widening(thing, between, *RULES["EnvoyFilter"][1]) if row.one_sided else None
        return replace(row, widening=wider)
    others = planned.world.all("EnvoyFilter")
    patches = filters.patches(thing)
    alone = [
        index for index in filters.one_sided(thing, between) if not filters.has_twin(patches[index], others, between)
    ]
    if not alone:
        return replace(row, reach=Reach.BOTH) if row.one_sided else row
    first = patches[alone[0]]
    cell = Reach.OLD if filters.meets(first, between.old) else Reach.NEW
    why = filters.why(first, alone[0], between)
    return replace(row, reach=cell, why=why, widening=filters.widening(thing, alone, between), by_part=True)


def _of_plugin(thing: Manifest, row: Reached, between: Sides) -> Reached:
    """Look at the ports of a plugin that selects both sides: one that moves and stands alone is one side's."""
    if not (by_selector(thing, between.old) and by_selector(thing, between.new)):
        return row
    if not plugins.partial(thing, between):
        return row
    cell = Reach.OLD if plugins.means_old(thing, between) else Reach.NEW
    wider = plugins.widened_ports(thing, between)
    return replace(row, reach=cell, why=say("reach.by-port", patch="match"), widening=wider, by_part=True)


def _of_subsets(thing: Manifest, row: Reached, between: Sides, planned: Planned) -> Reached:
    """Look at the subsets of a rule for a gateway's own Service."""
    own = planned.world.services_of(planned.old_labels, source_ref(planned.spec).namespace)
    found = list(destinations.subsets_apart(thing, between)) if destinations.means_service(thing, own) else []
    if not found:
        return row
    _, name, cell = found[0]
    wider = destinations.widening(thing, (index for index, _, _ in found), between)
    return replace(row, reach=cell, why=say("reach.by-subset", subset=name), widening=wider, steers=True)


def _at_home(row: Reached, planned: Planned) -> Reached:
    """Say of what means one namespace alone that no label helps: where the sides are in two, the other one needs its own."""
    spaces = namespaces(planned.spec)
    if len(spaces) == 1 or not row.one_sided or row.kind == "Gateway" or row.ref.namespace not in spaces:
        return row
    return replace(row, why=say("reach.namespace", namespace=row.ref.namespace), widening=None)


def _without_twins(rows: Rows, between: Sides) -> Iterator[Reached]:
    """Let a one-sided resource count for both sides where another one of its kind does the same for the other side."""
    return (_beside_twin(thing, row, rows, between) for thing, row in rows)


def _beside_twin(thing: Manifest, row: Reached, rows: Rows, between: Sides) -> Reached:
    if not row.one_sided or row.by_part:
        return row
    wanted = _settled(thing, between)
    for other, its in rows:
        if its.reach not in (Reach.NONE, row.reach) and _settled(other, between) == wanted:
            return replace(row, reach=Reach.BOTH, why=say("reach.twin", name=called(other)), widening=None)
    return row


def _settled(thing: Manifest, between: Sides) -> Json:
    kind = text(thing, "kind")
    if kind == "EnvoyFilter":
        return filters.settled(thing, between)
    if kind in ("WasmPlugin", "TrafficExtension"):
        return plugins.settled(thing, between)
    return meaning(thing)


def _of_routes(things: list[Manifest], cells: Mapping[str, Reach], between: Sides) -> Iterator[Reached]:
    delegated = routes.roots(things)
    for thing in things:
        has_old, has_new = routes.by_gateways(routes.through(thing, delegated), cells)
        row = Reached(ref_of(thing), reach(has_old, has_new), say("reach.by-gateways"), steers=True)
        apart = list(routes.apart(thing, cells, between)) if has_old and has_new else []
        if apart:
            wider = routes.widening(thing, [place for place, _ in apart], between)
            row = replace(row, reach=apart[0][1], why=routes.why(thing, apart[0][0]), widening=wider, by_part=True)
        yield row


def _apart(thing: Manifest) -> Reached:
    return Reached(ref_of(thing), Reach.APART)


def _of_ingresses(planned: Planned, between: Sides) -> Iterator[Reached]:
    """An Ingress of Istio's class goes to the pods labelled `istio: <ingressSelector>`, by default `ingressgateway`."""
    words = planned.settings
    mode, ours = _said(_MODE, words, "STRICT"), _said(_CLASS, words, "istio")
    wanted = ("istio", _said(_SELECTOR, words, "ingressgateway"))
    for thing in planned.world.all("Ingress") if mode != "OFF" else ():
        asked = text(thing, "spec", "ingressClassName") or annotations_of(thing).get("kubernetes.io/ingress.class", "")
        if asked == ours or (not asked and mode == "DEFAULT"):
            cell = reach(*(wanted in proxy.having.items() for proxy in (between.old, between.new)))
            yield Reached(ref_of(thing), cell, say("reach.selector", labels=("=".join(wanted),)), steers=True)


def _said(pattern: re.Pattern[str], words: str, default: str) -> str:
    found = pattern.search(words)
    return found[1] if found else default
