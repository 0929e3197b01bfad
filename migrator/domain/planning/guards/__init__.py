"""The reversible changes that keep others' hands off while a run goes on, each with its undo and its reason. Pure."""

from __future__ import annotations

from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import Spec
from migrator.domain.planning.guards.companion import companion
from migrator.domain.planning.guards.controllers import leave_weights, unguarded
from migrator.domain.planning.guards.returning import kept_services, repointed
from migrator.domain.planning.guards.scaling import KEDA, companions, floors, scaled_objects, scalers
from migrator.domain.planning.guards.services import caught, narrowed, telling, template_hashes
from migrator.domain.planning.world import World

__all__ = [
    "KEDA",
    "caught",
    "changes",
    "companion",
    "companions",
    "led",
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
    return (*leave_weights(world, spec), *_of_services(world, world.source, spec), *floors(world, spec))


def _of_services(world: World, source: Manifest, spec: Spec) -> list[Change]:
    stored, label = spec.target.stored, telling(world, source, spec)
    if stored is None:
        return narrowed(world, source, spec)
    return repointed(world, source, spec, stored, label) if label else []


def led(world: World, source: Manifest, spec: Spec) -> list[Manifest]:
    """Give the Services that the run changes: those that would catch both sides, or (on a plan back) all that stay."""
    stored = spec.target.stored
    return caught(world, source, spec) if stored is None else kept_services(world, source, spec, stored)
