"""What the domain asks of a Prometheus, the second opinion on the sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from migrator.domain.messages.message import Message
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Side
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


@dataclass(frozen=True, slots=True)
class JudgeQuestion:
    """What a judge is asked about: both sides' pods, and whose each backend is; a row that two sides share in turn is that of
    the one that has it now.

    The weights have stood for `stood` seconds; below 0 they move. `alone`: the old side has no weight any more.
    """

    pods: tuple[tuple[Side, tuple[PodRef, ...]], ...] = ()
    backends: Mapping[Backend, Side] = field(default_factory=dict)
    stood: float = 0.0
    alone: bool = False


class JudgePort(Protocol):
    """The plan's own judges."""

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Ask once how the new side is doing. Raises Unreachable or Refused: it said nothing."""
        ...
