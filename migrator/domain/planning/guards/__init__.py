"""The reversible changes that keep others' hands off while a run goes on, each with its undo and its reason. Pure."""

from __future__ import annotations

from migrator.domain.planning.guards.companion import companion
from migrator.domain.planning.guards.controllers import leave_weights, unguarded
from migrator.domain.planning.guards.returning import kept_services, repointed
from migrator.domain.planning.guards.scaling import KEDA, companions, floors, scaled_objects, scalers
from migrator.domain.planning.guards.services import narrowed, telling, template_hashes

__all__ = [
    "KEDA",
    "companion",
    "companions",
    "floors",
    "kept_services",
    "leave_weights",
    "narrowed",
    "repointed",
    "scaled_objects",
    "scalers",
    "telling",
    "template_hashes",
    "unguarded",
]
