"""The reversible changes that keep others' hands off while a run goes on, each with its undo and its reason. Pure."""

from __future__ import annotations

from migrator.domain.planning.guards.barred import barred
from migrator.domain.planning.guards.choosing import LAST_RESORT, choose
from migrator.domain.planning.guards.companion import companion
from migrator.domain.planning.guards.controllers import leave_weights, managed, unguarded
from migrator.domain.planning.guards.returning import kept_services, repointed
from migrator.domain.planning.guards.scaling import KEDA, companions, floors, rests, scaled_objects, scalers
from migrator.domain.planning.guards.services import (
    Treatment,
    for_clients,
    guarded,
    telling,
    treatment,
    treatments,
)
from migrator.domain.planning.guards.treated import Services, changes_of, services_of

__all__ = [
    "KEDA",
    "LAST_RESORT",
    "Services",
    "Treatment",
    "barred",
    "changes_of",
    "choose",
    "companion",
    "companions",
    "floors",
    "for_clients",
    "guarded",
    "kept_services",
    "leave_weights",
    "managed",
    "repointed",
    "rests",
    "scaled_objects",
    "scalers",
    "services_of",
    "telling",
    "treatment",
    "treatments",
    "unguarded",
]
