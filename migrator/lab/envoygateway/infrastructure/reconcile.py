"""Keeping in the cluster what each Gateway needs, as Envoy Gateway's infrastructure runner does. Pure but for its memory.

It knows its own by their labels: of each kind, whatever has a Gateway's labels and is not the one thing that is wanted is
deleted, whoever made it; what is missing or differs is applied again. Of a Gateway that is gone everything is deleted.
Sources: envoyproxy/gateway internal/infrastructure/kubernetes/infra.go and infra_resource.go (`createOrUpdate`, `delete`,
`DeleteAllOf`): a Deployment that is not wanted any more is deleted *before* the DaemonSet is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrator.lab.controllers.api.objects import canonical, is_deleting, labels_of, name_of, uid_of
from migrator.lab.controllers.api.resources import Json, Resource
from migrator.lab.controllers.api.writes import Apply, Delete, Sync, World, Write
from migrator.lab.envoygateway.infrastructure.objects import ORDER, Infrastructure, infrastructure
from migrator.lab.envoygateway.infrastructure.proxies import class_of, wanted_of
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAY_CLASSES, GATEWAYS
from migrator.lab.envoygateway.names import CONTROLLER, MANAGER, SYSTEM, owner_key

WATCHES = (GATEWAY_CLASSES, GATEWAYS, ENVOY_PROXIES, *ORDER)


class Infrastructures:
    """The infrastructure of every Gateway of our classes. `xds` is where their Envoys get their configuration."""

    def __init__(self, xds: tuple[str, int]) -> None:
        self._xds = xds
        self._applied: dict[tuple[Resource, str], str] = {}

    def sync(self, world: World) -> Sync:
        """Decide for every Gateway, and for what is left of those that are gone."""
        wanted = {one.key: one for one in self._wanted(world)}
        left = {owner_key(labels_of(thing)) for kind in ORDER for thing in world.within(kind, SYSTEM)} - {""}
        writes = [write for key in sorted(left - set(wanted)) for write in _gone(key, world)]
        for one in wanted.values():
            writes += self._kept(one, world)
        return Sync(tuple(writes))

    def _wanted(self, world: World) -> Iterator[Infrastructure]:
        for gateway in ours(world):
            owner = class_of(gateway, world)
            if owner is not None:
                yield infrastructure(gateway, owner, wanted_of(gateway, world), self._xds)

    def _kept(self, one: Infrastructure, world: World) -> list[Write]:
        writes: list[Write] = []
        for kind in ORDER:
            wanted = one.objects.get(kind)
            name = name_of(wanted) if wanted else ""
            there = _labelled(kind, one.key, world)
            writes += [Delete(kind, thing) for thing in there if name_of(thing) != name and not is_deleting(thing)]
            if wanted is not None:
                live = next((thing for thing in world.within(kind, SYSTEM) if name_of(thing) == name), None)
                writes += self._brought_about(kind, wanted, live)
        return writes

    def _brought_about(self, kind: Resource, wanted: Json, live: Json | None) -> list[Write]:
        """Apply what is missing, differs, or is another than what was applied last: only a server knows what to take out."""
        key, text = (kind, name_of(wanted)), canonical(wanted)
        if live is not None and (is_deleting(live) or (self._applied.get(key) == text and holds(live, wanted))):
            return []
        self._applied[key] = text
        return [Apply(kind, wanted, MANAGER)]


def ours(world: World) -> list[Json]:
    """Return the Gateways of our classes that are there to stay."""
    classes = {name_of(one) for one in world.all(GATEWAY_CLASSES) if one["spec"].get("controllerName") == CONTROLLER}
    return [
        one for one in world.all(GATEWAYS) if one["spec"].get("gatewayClassName") in classes and not is_deleting(one)
    ]


def holds(live: Any, wanted: Any) -> bool:  # Any: whatever an API object is made of
    """Return whether all that is wanted is there; what others have added, or the server has filled in, does not matter."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(holds(live.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(live, list):
        if wanted and all(isinstance(item, dict) and "name" in item for item in wanted):
            named = {item.get("name"): item for item in live}
            return all(holds(named.get(item["name"]), item) for item in wanted)
        return len(live) == len(wanted) and all(map(holds, live, wanted))
    return bool(live == wanted)


def _gone(key: str, world: World) -> list[Write]:
    things = ((kind, thing) for kind in reversed(ORDER) for thing in _labelled(kind, key, world))
    return [Delete(kind, thing) for kind, thing in things if not is_deleting(thing) and uid_of(thing)]


def _labelled(kind: Resource, key: str, world: World) -> list[Json]:
    return [thing for thing in world.within(kind, SYSTEM) if owner_key(labels_of(thing)) == key]
