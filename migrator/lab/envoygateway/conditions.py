"""What Envoy Gateway says of classes, Gateways and routes in their status. It writes nothing else.

Sources: the Gateway API's specification of conditions and reasons; envoyproxy/gateway internal/gatewayapi/status.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.lab.controllers.api.objects import labels_of, stamp, uid_of
from migrator.lab.controllers.api.resources import DAEMON_SETS, DEPLOYMENTS, NAMESPACES, SERVICES, Json, Resource
from migrator.lab.controllers.api.writes import Patch, Sync, World, Write
from migrator.lab.envoygateway.attaching import attachments, routes_of, unresolved
from migrator.lab.envoygateway.infrastructure.reconcile import ours
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES
from migrator.lab.envoygateway.names import CONTROLLER, SYSTEM, key_of, owner_key

WATCHES = (GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES, ENVOY_PROXIES, DEPLOYMENTS, DAEMON_SETS, SERVICES, NAMESPACES)
_KINDS = [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute"}]
_READY = ((DEPLOYMENTS, "availableReplicas"), (DAEMON_SETS, "numberAvailable"))


@dataclass(frozen=True, slots=True)
class Said:
    """One condition: its type, whether it is so, and why."""

    kind: str
    reason: str
    true: bool


def sync(world: World) -> Sync:
    """Decide for every class, Gateway and route."""
    writes: list[Write] = []
    for one in world.all(GATEWAY_CLASSES):
        if one["spec"].get("controllerName") == CONTROLLER:
            said = _conditions((Said("Accepted", "Accepted", True),), one, _held(one), world)
            writes += _told(GATEWAY_CLASSES, one, {"conditions": said})
    for one in ours(world):
        writes += _told(GATEWAYS, one, _gateway_status(one, world))
    for one in world.all(HTTP_ROUTES):
        writes += _told(HTTP_ROUTES, one, {"parents": _parents(one, world)})
    return Sync(tuple(writes))


def _told(resource: Resource, thing: Json, status: Json) -> list[Write]:
    old: Json = thing.get("status") or {}
    if all(old.get(key, []) == value for key, value in status.items()):
        return []
    # The version keeps what other controllers have said in the same lists.
    held = {"uid": uid_of(thing), "resourceVersion": thing["metadata"].get("resourceVersion")}
    return [Patch(resource, thing, {"metadata": held, "status": status}, subresource="status")]


def _gateway_status(gateway: Json, world: World) -> Json:
    addresses = _addresses(key_of(gateway), world)
    stands = _stands(key_of(gateway), world)
    reason = "Programmed" if addresses and stands else "NoResources" if addresses else "AddressNotAssigned"
    said = (Said("Accepted", "Accepted", True), Said("Programmed", reason, reason == "Programmed"))
    return {
        "addresses": addresses,
        "conditions": _conditions(said, gateway, _held(gateway), world),
        "listeners": [_listener(one, gateway, world) for one in gateway["spec"].get("listeners") or []],
    }


def _listener(listener: Json, gateway: Json, world: World) -> Json:
    name = listener["name"]
    rows: list[Json] = (gateway.get("status") or {}).get("listeners") or []
    old = next((row for row in rows if row["name"] == name), {})
    said = (
        Said("Programmed", "Programmed", True),
        Said("Accepted", "Accepted", True),
        Said("ResolvedRefs", "ResolvedRefs", True),
    )
    return {
        "name": name,
        "supportedKinds": _KINDS,
        "attachedRoutes": len(routes_of(gateway, name, world)),
        "conditions": _conditions(said, gateway, old.get("conditions") or [], world),
    }


def _parents(route: Json, world: World) -> list[Json]:
    """Return the parents' part of a route's status: ours as they are now, those of other controllers as they were."""
    rows: list[Json] = (route.get("status") or {}).get("parents") or []
    why = unresolved(route, world)
    mine = []
    for one in attachments(route, world):
        old = next((row for row in rows if row["parentRef"] == one.parent and _is_mine(row)), {})
        said = (
            Said("Accepted", one.reason, one.reason == "Accepted"),
            Said("ResolvedRefs", why or "ResolvedRefs", not why),
        )
        conditions = _conditions(said, route, old.get("conditions") or [], world)
        mine.append({"parentRef": one.parent, "controllerName": CONTROLLER, "conditions": conditions})
    return [*(row for row in rows if not _is_mine(row)), *mine]


def _is_mine(row: Json) -> bool:
    return bool(row.get("controllerName") == CONTROLLER)


def _conditions(wanted: Iterable[Said], thing: Json, held: list[Json], world: World) -> list[Json]:
    """Return conditions; the time of one that has not changed stays."""
    before = {one["type"]: one for one in held}
    rows = []
    for said in wanted:
        status, old = str(said.true), before.get(said.kind, {})
        since = old.get("lastTransitionTime") if old.get("status") == status else None
        row = {"type": said.kind, "status": status, "reason": said.reason, "message": ""}
        generation = thing["metadata"].get("generation", 0)
        rows.append(row | {"observedGeneration": generation, "lastTransitionTime": since or stamp(world.now)})
    return rows


def _held(thing: Json) -> list[Json]:
    conditions: list[Json] = (thing.get("status") or {}).get("conditions") or []
    return conditions


def _stands(key: str, world: World) -> bool:
    things = ((thing, field) for kind, field in _READY for thing in world.within(kind, SYSTEM))
    return any((thing.get("status") or {}).get(field) for thing, field in things if _is_of(thing, key))


def _addresses(key: str, world: World) -> list[Json]:
    """Return where the Gateway's Service is reached: the balancer's address where it is of that type, else its own."""
    service = next((one for one in world.within(SERVICES, SYSTEM) if _is_of(one, key)), None)
    if service is None:
        return []
    spec: Json = service["spec"]
    if spec.get("type") == "LoadBalancer":
        given: list[Json] = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
        found = [str(row["ip"]) for row in given if row.get("ip")]
    else:
        found = [ip for ip in spec.get("clusterIPs") or [spec.get("clusterIP")] if ip and ip != "None"]
    return [{"type": "IPAddress", "value": ip} for ip in found]


def _is_of(thing: Json, key: str) -> bool:
    return owner_key(labels_of(thing)) == key
