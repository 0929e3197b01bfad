"""What the domain asks of whoever tells people outside what becomes of a run: one method, in its own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from migrator.domain.model.spec import Moment


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: `id` is the same whenever the same moment is told, so that whoever gets it twice knows that it is one."""

    id: str
    moment: Moment
    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a run's time: the run, a step, or a write. `id` (16 hex digits) and `trace` (32) are always the same for the
    same stretch; `parent` is "" for the run itself. `has_failed`: it did not come true."""

    trace: str
    id: str
    parent: str
    name: str
    start: datetime
    end: datetime
    attributes: tuple[tuple[str, str | int], ...] = ()
    has_failed: bool = False


class Traces(Protocol):
    """Where spans go, for those who follow requests and changes through their systems."""

    @property
    def name(self) -> str:
        """Give its name among the channels."""
        ...

    def send(self, span: Span) -> None:
        """Send one span that is over. Unreachable: try again later; the same span again is the same one to the receiver."""
        ...


class Channel(Protocol):
    """Where letters go. `name` is unique within a run; `moments` are those that it wants to hear of."""

    @property
    def name(self) -> str:
        """Give its name."""
        ...

    @property
    def moments(self) -> frozenset[Moment]:
        """Give the moments that it is told of."""
        ...

    def send(self, letter: Letter) -> None:
        """Send one letter. Unreachable: try again later, it may have arrived; Refused: it never will, go on with the next."""
        ...
