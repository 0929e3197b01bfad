"""Looks whether somebody has frozen the run: in its namespace, and beside its store. What is silent is as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.freeze import Freeze, freeze_in, freeze_ref
from migrator.domain.observation.gating import Frozen
from migrator.domain.ports.outside import ClusterReader
from migrator.workflow.watching.board import Board

EVERY = 2.0
"""Seconds between two looks."""

Read: TypeAlias = "Callable[[], Freeze | None]"
"""Read one place where a freeze may be. Raises Unreachable or Refused."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a freeze may be, by its name for people, and how it is read."""

    name: str
    read: Read


def in_cluster(cluster: ClusterReader, namespace: str, at: str = "") -> Place:
    """Give the place in a cluster (`at` as references name it): the run's namespace."""
    ref = freeze_ref(namespace, at)
    return Place(str(ref), lambda: freeze_in(ref, cluster.get(ref)))


class Freezing:
    """Reads every place and publishes what is frozen; it remembers what each place said last."""

    def __init__(self, places: tuple[Place, ...], board: Board) -> None:
        self._places, self._board = places, board
        self._known: dict[str, Freeze | None] = {}

    def __call__(self) -> None:
        """Look once."""
        unread = [said for place in self._places if (said := self._look(place)) is not None]
        by = tuple(freeze for freeze in self._known.values() if freeze is not None)
        self._board.publish(Frozen(by, tuple(unread)))

    def _look(self, place: Place) -> Message | None:
        try:
            self._known[place.name] = place.read()
        except (Unreachable, Refused) as error:
            frozen = self._known.get(place.name) is not None
            return say("freeze.unread", place=place.name, why=error.message, frozen=frozen)
        return None
