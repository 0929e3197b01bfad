"""How an owner keeps a workload without pods, where its own API has a word for it."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.manifests import ObjectRef
from migrator.domain.observation.world import World


@dataclass(frozen=True, slots=True)
class Emptying:
    """The object that a person changes, and the line to type."""

    ref: ObjectRef
    command: str


def no_emptying(_world: World, _gateway: ObjectRef) -> Emptying | None:
    """Give none: its own API has no word for it that we know."""
    return None
