"""Checks of who gets which Istio configuration: every resource against the old and the new pods, and rules that name ports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.domain.gateways.istio.reach import (
    ROOT,
    RULES,
    Proxy,
    Reach,
    Reached,
    by_filter,
    by_gateways,
    by_selector,
    meets,
    origin,
    proxies,
    reach,
)
from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text
from migrator.domain.model.worded import block, info, listed, warn

STEERS = frozenset(
    {"Gateway", "VirtualService", "EnvoyFilter", "AuthorizationPolicy", "RequestAuthentication", "WasmPlugin"}
)
"""Kinds that change what a request is answered; the others change how the mesh is seen or spoken to."""

MOST_ROWS = 40
_ROOT_NAMESPACE = re.compile(r"^rootNamespace:\s*[\"']?([a-z0-9.-]+)", re.MULTILINE)


def matrix(planned: Planned) -> tuple[Reached, ...]:
    """Give a row for every Istio resource: who gets it, old pods, new pods, both or none."""
    world = planned.world
    if planned.source is None:
        return ()
    old, new = sides(planned)
    rows = [_row(kind, thing, old, new) for kind in RULES for thing in world.all(kind)]
    gateways = {row.name: row.reach for row in rows if row.kind == "Gateway"}
    rows += [
        Reached("VirtualService", called(thing), by_gateways(thing, gateways, old, new), "by its gateways")
        for thing in world.all("VirtualService")
    ]
    return tuple(rows)


def sides(planned: Planned) -> tuple[Proxy, Proxy]:
    """Give both sides as istiod sees them."""
    named = _ROOT_NAMESPACE.search(planned.settings)
    root = named[1] if named else ROOT
    on_nodes = planned.on_host or planned.old_pod.get("hostNetwork") is True
    return proxies(planned.spec, planned.old_labels, planned.new_labels, root, on_nodes)


def _row(kind: str, thing: Manifest, old: Proxy, new: Proxy) -> Reached:
    rule = RULES[kind]
    cell, why = reach(rule(thing, old), rule(thing, new)), origin(thing)
    if rule is by_filter and cell is Reach.BOTH:
        cell, why = _by_patches(thing, old, new, why)
    return Reached(kind, called(thing), cell, why)


def _by_patches(thing: Manifest, old: Proxy, new: Proxy, why: str) -> tuple[Reach, str]:
    """Look into a filter that selects both sides: a patch for a port that only one of them has is one-sided."""
    for index, patch in enumerate(items(thing, "spec", "configPatches")):
        cell = reach(meets(patch, old), meets(patch, new))
        if cell in (Reach.OLD, Reach.NEW):
            return cell, f"configPatches[{index}] names a port that only this side has"
    return Reach.BOTH, why


def same_configuration(planned: Planned) -> Iterable[Finding]:
    """Whatever reaches the old gateways must reach the new ones too, and nothing else may."""
    rows = [row for row in matrix(planned) if row.reach is not Reach.NONE]
    for row in rows:
        if row.reach is Reach.OLD:
            yield _one_sided(row, "istio.old-only", "reaches the old pods and not the new ones")
        elif row.reach is Reach.NEW:
            yield _one_sided(row, "istio.new-only", "reaches the new pods and not the old ones")
    if rows:
        both = [f"{row.kind} {row.name}" for row in rows if row.reach is Reach.BOTH]
        counts = ", ".join(
            f"{sum(row.reach is cell for row in rows)} {cell}" for cell in Reach if cell is not Reach.NONE
        )
        yield info(
            "istio.matrix",
            f"{len(rows)} Istio resources",
            f"who gets them: {counts}",
            f"both: {listed(both, MOST_ROWS)}",
        )


def _one_sided(row: Reached, code: str, problem: str) -> Finding:
    tell = block if row.kind in STEERS else warn
    remedy = (
        "keep the label it selects by on the new pods (spec.target.labels must not change it), or widen its selector"
    )
    if "port" in row.why:
        remedy = "add a patch for the new port beside the old one, for as long as both sides serve"
    return tell(code, f"{row.kind} {row.name}", problem, row.why, remedy)


def no_gateway_left_empty(planned: Planned) -> Iterable[Finding]:
    """A gateway that no Gateway resource reaches has no listener, and is Ready all the same."""
    rows = [row for row in matrix(planned) if row.kind == "Gateway"]
    api = [row for row in planned.world.all("GatewayAPI") if text(row, "spec", "gatewayClassName")]
    if rows and not api and not any(row.reach in (Reach.BOTH, Reach.NEW) for row in rows):
        yield block(
            "istio.no-listener",
            planned.spec.target.name,
            f"none of {len(rows)} Gateways selects the new pods: they would be Ready and listen on nothing",
            listed(f"{row.name} ({row.why})" for row in rows),
            "keep the labels that the Gateways select by",
        )


def rules_name_ports(planned: Planned) -> Iterable[Finding]:
    """A policy that names a listening port means another port on the new side, where the port map moves it."""
    spec = planned.spec
    if planned.source is None:
        return
    old, new = sides(planned)
    gone = new.foreign_ports
    for kind in ("AuthorizationPolicy", "PeerAuthentication") if gone else ():
        for thing in planned.world.all(kind):
            named = sorted(set(_ports_of(thing)) & gone)
            if named and by_selector(thing, old):
                yield block(
                    "istio.port-in-rule",
                    f"{kind} {called(thing)}",
                    f"names port {', '.join(map(str, named))}, where the old pods listen; the new ones listen on "
                    f"{', '.join(str(spec.target.port(port)) for port in named)} and the rule does not mean them",
                    origin(thing),
                    "name the new port beside the old one before the run",
                )


def _ports_of(thing: Manifest) -> Iterator[int]:
    for rule in items(thing, "spec", "rules"):
        for to in items(rule, "to"):
            for key in ("ports", "notPorts"):
                yield from _numbers(dig(to, "operation", key))
        for when in items(rule, "when"):
            if text(when, "key") == "destination.port":
                yield from _numbers(when.get("values"))
                yield from _numbers(when.get("notValues"))
    yield from _numbers(list(mapping(thing, "spec", "portLevelMtls")))


def _numbers(values: object) -> Iterator[int]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, str) and value.isdecimal():
            yield int(value)


def gateway_api_by_service(planned: Planned) -> Iterable[Finding]:
    """A Gateway of the Gateway API that names a Service reaches that Service's pods; Guard takes the new ones out of it."""
    world, spec = planned.world, planned.spec
    if planned.source is None:
        return
    having = planned.old_labels
    names = {text(row, "metadata", "name") for row in world.services_of(having, spec.cluster.namespace)}
    for thing in world.all("GatewayAPI"):
        hosts = [text(row, "value").split(".")[0] for row in items(thing, "spec", "addresses") if text(row, "value")]
        by_name = sorted(names.intersection(hosts))
        if by_name and text(thing, "metadata", "namespace") == spec.cluster.namespace:
            yield block(
                "istio.gateway-by-service",
                f"Gateway {called(thing)}",
                "istiod gives it to the pods of the Service it names; the new pods stay out of that Service until Retire, "
                "so they would have no listener",
                f"spec.addresses names Service {', '.join(by_name)}",
                f"add the address {spec.target.name}.{spec.cluster.namespace}.svc.cluster.local to it for the run",
            )
