"""How an owner keeps a workload without pods, and makes a second one, where its own API has a word for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.observation.world import World


@dataclass(frozen=True, slots=True)
class Emptying:
    """The object that a person changes, and the line to type."""

    ref: ObjectRef
    command: str


@dataclass(frozen=True, slots=True)
class OnNodes:
    """What pods of a second gateway need on their nodes: these nodes by label, and strategic merge patches of containers."""

    nodes: Mapping[str, str]
    containers: tuple[Manifest, ...] = ()


def no_emptying(_world: World, _gateway: ObjectRef) -> Emptying | None:
    """Give none: its own API has no word for it that we know."""
    return None


def no_second(_world: World, _gateway: ObjectRef, _name: str, _pods: OnNodes) -> tuple[Manifest, ...]:
    """Give none: how its owner makes a DaemonSet is said in its page, not here."""
    return ()
