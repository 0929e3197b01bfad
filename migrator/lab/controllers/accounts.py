"""The `default` ServiceAccount that every namespace has. It makes nothing else."""

from __future__ import annotations

from migrator.lab.controllers.api.objects import is_deleting, name_of, namespace_of
from migrator.lab.controllers.api.resources import NAMESPACES, SERVICE_ACCOUNTS, Json
from migrator.lab.controllers.api.writes import Create, Sync, World, Write

WATCHES = (NAMESPACES, SERVICE_ACCOUNTS)


def sync(world: World) -> Sync:
    """Give every living namespace its default ServiceAccount."""
    have = {namespace_of(item) for item in world.all(SERVICE_ACCOUNTS) if name_of(item) == "default"}
    bare = [space for space in world.all(NAMESPACES) if name_of(space) not in have and not is_deleting(space)]
    return Sync(tuple(map(_account, bare)))


def _account(space: Json) -> Write:
    return Create(SERVICE_ACCOUNTS, {"metadata": {"name": "default", "namespace": name_of(space)}})
