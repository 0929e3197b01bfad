"""Which routes a Gateway's listeners take, and why not. Pure; the rules are those of the Gateway API's specification."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.lab.controllers.api.matching import selects
from migrator.lab.controllers.api.objects import labels_of, name_of, namespace_of
from migrator.lab.controllers.api.resources import NAMESPACES, SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.envoygateway.infrastructure.reconcile import ours
from migrator.lab.envoygateway.kinds import HTTP_ROUTES
from migrator.lab.istiod.hosts import ANY, common


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of one parentRef: the listeners that take the route with the hosts they share, or the reason why none does."""

    parent: Json
    gateway: Json
    listeners: dict[str, list[str]]
    reason: str


def attachments(route: Json, world: World) -> list[Attached]:
    """Return what came of every parentRef that names a Gateway of ours."""
    gateways = {(namespace_of(one), name_of(one)): one for one in ours(world)}
    found = []
    for parent in route["spec"].get("parentRefs") or []:
        key = (parent.get("namespace") or namespace_of(route), parent["name"])
        if parent.get("kind", "Gateway") == "Gateway" and key in gateways:
            found.append(_attached(route, parent, gateways[key], world))
    return found


def routes_of(gateway: Json, listener: str, world: World) -> list[tuple[Json, list[str]]]:
    """Return the routes that a listener takes, the oldest first, each with the hosts that it serves there."""
    found: list[tuple[Json, list[str]]] = []
    for route in world.all(HTTP_ROUTES):
        hosts = [
            host
            for one in attachments(route, world)
            if one.gateway is gateway
            for host in one.listeners.get(listener, [])
        ]
        if hosts:
            found.append((route, list(dict.fromkeys(hosts))))
    return sorted(found, key=lambda pair: (pair[0]["metadata"].get("creationTimestamp") or "", name_of(pair[0])))


def unresolved(route: Json, world: World) -> str:
    """Return why a route's backends cannot be reached; "" where they can. References to other namespaces are not permitted."""
    services = {(namespace_of(one), name_of(one)) for one in world.all(SERVICES)}
    for rule in route["spec"].get("rules") or []:
        for ref in rule.get("backendRefs") or []:
            space = ref.get("namespace") or namespace_of(route)
            if space != namespace_of(route):
                return "RefNotPermitted"
            if (space, ref["name"]) not in services:
                return "BackendNotFound"
    return ""


def _attached(route: Json, parent: Json, gateway: Json, world: World) -> Attached:
    meant = [
        one
        for one in gateway["spec"].get("listeners") or []
        if parent.get("sectionName", one["name"]) == one["name"] and parent.get("port", one["port"]) == one["port"]
    ]
    admitted = [one for one in meant if _admits(one, gateway, route, world)]
    listeners = {one["name"]: hosts for one in admitted if (hosts := _shared(one, route))}
    if listeners:
        return Attached(parent, gateway, listeners, "Accepted")
    reason = "NoMatchingListenerHostname" if admitted else "NotAllowedByListeners" if meant else "NoMatchingParent"
    return Attached(parent, gateway, {}, reason)


def _admits(listener: Json, gateway: Json, route: Json, world: World) -> bool:
    allowed: Json = (listener.get("allowedRoutes") or {}).get("namespaces") or {}
    whence = allowed.get("from", "Same")
    if whence == "Selector":
        space = next((one for one in world.all(NAMESPACES) if name_of(one) == namespace_of(route)), None)
        return space is not None and selects(allowed.get("selector"), labels_of(space))
    return bool(whence == "All" or namespace_of(route) == namespace_of(gateway))


def _shared(listener: Json, route: Json) -> list[str]:
    own = listener.get("hostname") or ANY
    asked = route["spec"].get("hostnames") or [own]
    return [host for host in (common(own, one) for one in asked) if host]
