"""The balancer's own monitoring as a judge of the plan: its counters between two looks, or its cloud's late figures.

It writes nothing, and what is late never makes a verdict better.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.balancers.monitoring import Monitored, Reported
from migrator.domain.judging.own.late import MINUTE, Kept, kept, late, sided
from migrator.domain.judging.own.monitored import FEW, Counted, counted, monitored
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.spec import OtherSpec
from migrator.domain.model.spec.judging import Limits
from migrator.domain.ports.balancer import Monitors, MonitorsLate
from migrator.domain.ports.rates import JudgeAnswer, JudgePort, JudgeQuestion

LOOKS = 4
"""So many looks lie between the counters that are compared: one interval alone has few connections."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the balancer had counted, and whose each backend was then."""

    rows: tuple[Monitored, ...]
    whose: Mapping[Backend, Side]


class Balancer:
    """Remembers its newest looks, and what the old side was like; the first look is an opinion of nothing."""

    def __init__(self, monitors: Monitors, limits: Limits) -> None:
        self._monitors, self._limits = monitors, limits
        self._looks: deque[Look] = deque(maxlen=LOOKS)
        self._old = Counted()

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Look once. Raises as the balancer's port does."""
        now = Look(self._monitors.monitored(), question.backends)
        first, last = (self._looks[0], self._looks[-1]) if self._looks else (now, now)
        new, old, newest = _counted(first, now, Side.NEW), _counted(first, now, Side.OLD), _counted(last, now, Side.NEW)
        if new is None or old is None:
            self._looks.clear()
        elif old.asked >= FEW:
            self._old = old
        self._looks.append(now)
        return JudgeAnswer(*monitored(self._limits, new, old and self._old, newest))


def _counted(before: Look, now: Look, side: Side) -> Counted | None:
    """Give what came between two looks to backends that were this side's in both: one that changed hands is nobody's."""
    mine = {backend for backend, whose in now.whose.items() if whose is side is before.whose.get(backend, side)}
    return counted(before.rows, now.rows, mine)


class LateBalancer:
    """Asks the cloud's monitoring for the last minutes, at most twice in one of its periods: there is nothing new sooner."""

    def __init__(self, monitors: MonitorsLate, limits: Limits, now: Callable[[], datetime]) -> None:
        self._monitors, self._limits, self._now = monitors, limits, now
        self._rows: tuple[Reported, ...] = ()
        self._asked = float("-inf")
        self._kept = Kept()

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Look once. Raises as the balancer's port does."""
        now = self._now().timestamp()
        if not 0 <= now - self._asked < min((row.period for row in self._rows), default=MINUTE) / 2:
            self._rows, self._asked = self._monitors.reported(), now
        rows = sided(self._rows, question.backends)
        self._kept = kept(self._kept, rows, now, question.stood)
        return JudgeAnswer(*late(self._limits, rows, now, question.stood, self._kept, question.alone))


class Judges:
    """Asks whoever a judge of the plan is: the balancer, or one of the plan's own."""

    def __init__(self, others: JudgePort, balancer: JudgePort | None) -> None:
        self._others, self._balancer = others, balancer

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Ask once. Raises as the one that is asked does."""
        asked = self._balancer if judge.balancer and self._balancer is not None else self._others
        return asked.ask(judge, question)
