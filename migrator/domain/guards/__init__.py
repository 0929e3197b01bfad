"""The reversible changes that keep others' hands off while a run goes on, each with its undo and its reason. Pure."""

from __future__ import annotations

from migrator.domain.guards.companion import companion
from migrator.domain.guards.controllers import leave_weights, unguarded
from migrator.domain.guards.scaling import KEDA, companions, floors, scaled_objects, scalers
from migrator.domain.guards.services import caught, narrowed, telling, template_hashes
from migrator.domain.plan import Change
from migrator.domain.spec import Spec
from migrator.domain.world import World

__all__ = [
    "KEDA",
    "caught",
    "changes",
    "companion",
    "companions",
    "scaled_objects",
    "scalers",
    "telling",
    "template_hashes",
    "unguarded",
]


def changes(world: World, spec: Spec) -> tuple[Change, ...]:
    """Give the changes of step Guard in their order, each with its undo.

    The cloud controllers come first: any change of a Service makes them write its weights again.
    """
    if world.source is None:
        return ()
    return (*leave_weights(world, spec), *narrowed(world, world.source, spec), *floors(world, spec))
