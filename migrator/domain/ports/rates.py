"""What the domain asks of a Prometheus, the second opinion on the sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate, Ruling
from migrator.domain.model.spec import OtherSpec, QuerySpec


class RateSource(Protocol):
    """A second opinion on the sides (Prometheus)."""

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give counts over the last `window` seconds; None: nobody can say (empty, NaN, stale)."""
        ...

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give what the newest scrapes alone say, of the last `window` seconds; None: nobody can say, or when they were."""
        ...

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give the number of a query of the plan's own; None: it gives none, or several."""
        ...


@dataclass(frozen=True, slots=True)
class JudgeAnswer:
    """What a judge of the plan's own says: pass, hold or abort, in its own words."""

    ruling: Ruling
    reason: Message | str = ""


class JudgePort(Protocol):
    """The plan's own judges."""

    def ask(self, judge: OtherSpec, sides: tuple[tuple[Side, tuple[PodRef, ...]], ...], stood: float) -> JudgeAnswer:
        """Ask once how the new side is doing, by these pods; the weights have stood for so many seconds (below 0: they move).

        Raises Unreachable or Refused: it said nothing.
        """
        ...
