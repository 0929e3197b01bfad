"""What every step is: a frozen value that knows its name and its needs, and decides purely from what was seen."""

from __future__ import annotations

from typing import ClassVar, Protocol

from migrator.domain.decisions import Decision
from migrator.domain.pools import Side
from migrator.domain.sighting import Sighting


class StepLike(Protocol):
    """A step of a route. `needs` are the facets it reads; nothing else is shown to it."""

    needs: ClassVar[frozenset[type[object]]]

    @property
    def title(self) -> str:
        """Give the step's name for people, with its numbers (`Shift 10 %`)."""
        ...

    @property
    def gains(self) -> Side | None:
        """Give the side that gains traffic in this step; None where nothing is shifted."""
        ...

    def decide(self, seen: Sighting) -> Decision:
        """Give the next thing to do, or Wait, Done, Ask, Halt. Pure."""
        ...
