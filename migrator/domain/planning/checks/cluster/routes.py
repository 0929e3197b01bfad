"""Checks of routes of the Gateway API where each side has a Gateway of its own: each names both, and both have accepted it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.gateways.envoy_gateway.policies import ROUTES
from migrator.domain.messages.findings import Finding, block
from migrator.domain.model.kubernetes import called, namespace_of
from migrator.domain.model.manifests import Manifest, ObjectRef, items, mapping, text
from migrator.domain.observation.world import World
from migrator.domain.owners.owner import owner_of
from migrator.domain.planning.proposal import Proposal


def routes_are_both_gateways(proposal: Proposal) -> Iterable[Finding]:
    """A route that only the old side's Gateway has would be missing on the new side from the first request on. Where the new
    side alone has a Gateway, its routes are not compared with anything, but it must have accepted them."""
    old, new = owner_of(proposal.source or {}), owner_of(proposal.workload)
    if new is None or new.gateway is None or old == new:
        return
    before = old.gateway if old is not None else None
    for kind in ROUTES:
        for route in proposal.world.all(kind):
            yield from _alone(route, new.gateway) if before is None else _of(route, before, new.gateway)


def routes_of(world: World, gateway: ObjectRef) -> list[Manifest]:
    """Give the routes that name a Gateway."""
    every = (route for kind in ROUTES for route in world.all(kind))
    return [route for route in every if any(_names(row, route, gateway) for row in items(route, "spec", "parentRefs"))]


def _of(route: Manifest, old: ObjectRef, new: ObjectRef) -> Iterator[Finding]:
    parents = items(route, "spec", "parentRefs")
    named = [row for row in parents if _names(row, route, old)]
    there = [row for row in parents if _names(row, route, new)]
    subject = f"{text(route, 'kind')} {called(route)}"
    missing = [row for row in named if not any(_part(row) == _part(other) for other in there)]
    if missing:
        parts = tuple(part for row in missing if (part := " ".join(word for word in _part(row) if word)))
        yield block("routes.one-gateway", subject, old=str(old), new=str(new), name=new.name, parts=parts)
        return
    for gateway in (old, new) if named else ():
        if why := _not_accepted(route, gateway):
            yield block("routes.not-accepted", subject, gateway=str(gateway), why=why)


def _alone(route: Manifest, gateway: ObjectRef) -> Iterator[Finding]:
    named = any(_names(row, route, gateway) for row in items(route, "spec", "parentRefs"))
    if named and (why := _not_accepted(route, gateway)):
        yield block("routes.not-accepted", f"{text(route, 'kind')} {called(route)}", gateway=str(gateway), why=why)


def _names(parent: Manifest, route: Manifest, gateway: ObjectRef) -> bool:
    space = text(parent, "namespace") or namespace_of(route)
    kind = text(parent, "kind") or "Gateway"
    return (kind, space, text(parent, "name")) == ("Gateway", gateway.namespace, gateway.name)


def _part(parent: Manifest) -> tuple[str, str]:
    """Give which listener of a Gateway a route asks for: by name, by port, or ("", "") any."""
    port = parent.get("port")
    return text(parent, "sectionName"), str(port) if port is not None else ""


def _not_accepted(route: Manifest, gateway: ObjectRef) -> tuple[str, ...]:
    """Give why a Gateway has not accepted a route, as its controller says; nothing where it has."""
    said = [row for row in items(route, "status", "parents") if _names(mapping(row, "parentRef"), route, gateway)]
    conditions = [row for each in said for row in items(each, "conditions") if text(row, "type") == "Accepted"]
    refused = tuple(text(row, "reason") or "?" for row in conditions if text(row, "status") != "True")
    return refused if conditions else ("?",)
