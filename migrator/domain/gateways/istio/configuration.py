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
from migrator.domain.messages.findings import Finding, Severity, block, finding, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text

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
        Reached("VirtualService", called(thing), by_gateways(thing, gateways, old, new), say("reach.by-gateways"))
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
    cell = reach(rule(thing, old), rule(thing, new))
    if rule is by_filter and cell is Reach.BOTH and (apart := _by_patches(thing, old, new)):
        return Reached(kind, called(thing), *apart, by_port=True)
    return Reached(kind, called(thing), cell, origin(thing))


def _by_patches(thing: Manifest, old: Proxy, new: Proxy) -> tuple[Reach, Message] | None:
    """Look into a filter that selects both sides: a patch for a port that only one of them has is one-sided."""
    for index, patch in enumerate(items(thing, "spec", "configPatches")):
        cell = reach(meets(patch, old), meets(patch, new))
        if cell in (Reach.OLD, Reach.NEW):
            return cell, say("reach.by-port", patch=f"configPatches[{index}]")
    return None


def same_configuration(planned: Planned) -> Iterable[Finding]:
    """Whatever reaches the old gateways must reach the new ones too, and nothing else may."""
    rows = [row for row in matrix(planned) if row.reach is not Reach.NONE]
    for row in rows:
        if row.reach is Reach.OLD:
            yield finding(
                "istio.old-only:port" if row.by_port else "istio.old-only",
                _severity(row),
                f"{row.kind} {row.name}",
                why=row.why,
            )
        elif row.reach is Reach.NEW:
            yield finding(
                "istio.new-only:port" if row.by_port else "istio.new-only",
                _severity(row),
                f"{row.kind} {row.name}",
                why=row.why,
            )
    if rows:
        yield info(
            "istio.matrix",
            say("subject.istio-resources", count=len(rows)),
            both=tuple(f"{row.kind} {row.name}" for row in rows if row.reach is Reach.BOTH),
            old=sum(row.reach is Reach.OLD for row in rows),
            new=sum(row.reach is Reach.NEW for row in rows),
        )


def _severity(row: Reached) -> Severity:
    return Severity.BLOCK if row.kind in STEERS else Severity.WARN


def no_gateway_left_empty(planned: Planned) -> Iterable[Finding]:
    """A gateway that no Gateway resource reaches has no listener, and is Ready all the same."""
    rows = [row for row in matrix(planned) if row.kind == "Gateway"]
    api = [row for row in planned.world.all("GatewayAPI") if text(row, "spec", "gatewayClassName")]
    if rows and not api and not any(row.reach in (Reach.BOTH, Reach.NEW) for row in rows):
        yield block(
            "istio.no-listener",
            planned.spec.target.name,
            gateways=tuple(say("reach.gateway", name=row.name, why=row.why) for row in rows),
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
                    ports=tuple(named),
                    moved=tuple(spec.target.port(port) for port in named),
                    origin=origin(thing),
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
                services=tuple(by_name),
                address=f"{spec.target.name}.{spec.cluster.namespace}.svc.cluster.local",
            )
