"""The balancer's own monitoring as a judge of the plan: its counters between two looks, or its cloud's late figures.

It writes nothing, and what is late never makes a verdict better.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.judging.own.late import late, sided
from migrator.domain.judging.own.monitored import counted, monitored
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import OtherSpec
from migrator.domain.model.spec.judging import Limits
from migrator.domain.ports.balancer import Monitors, MonitorsLate
from migrator.domain.ports.rates import JudgeAnswer, JudgePort

LOOKS = 4
"""So many looks lie between the counters that are compared: one interval alone has few connections."""


class Balancer:
    """Remembers its newest looks; the first one is an opinion of nothing."""

    def __init__(self, monitors: Monitors, limits: Limits) -> None:
        self._monitors, self._limits = monitors, limits
        self._looks: deque[tuple[Monitored, ...]] = deque(maxlen=LOOKS)

    def ask(self, judge: OtherSpec, sides: tuple[tuple[Side, tuple[PodRef, ...]], ...], _stood: float) -> JudgeAnswer:
        """Look once. Raises as the balancer's port does."""
        now = self._monitors.monitored()
        before = self._looks[0] if self._looks else now
        at = {side: frozenset(pod.ip for pod in pods) for side, pods in sides}
        new, old = (counted(before, now, at.get(side, frozenset())) for side in (Side.NEW, Side.OLD))
        if new is None or old is None:
            self._looks.clear()
        self._looks.append(now)
        return JudgeAnswer(*monitored(self._limits, new, old))


class LateBalancer:
    """Asks the cloud's monitoring for the last minutes, and remembers nothing."""

    def __init__(self, monitors: MonitorsLate, limits: Limits, now: Callable[[], datetime]) -> None:
        self._monitors, self._limits, self._now = monitors, limits, now

    def ask(self, judge: OtherSpec, sides: tuple[tuple[Side, tuple[PodRef, ...]], ...], stood: float) -> JudgeAnswer:
        """Look once. Raises as the balancer's port does."""
        at = {side: frozenset(pod.ip for pod in pods) for side, pods in sides}
        return JudgeAnswer(*late(self._limits, sided(self._monitors.reported(), at), self._now().timestamp(), stood))


class Judges:
    """Asks whoever a judge of the plan is: the balancer, or one of the plan's own."""

    def __init__(self, others: JudgePort, balancer: JudgePort | None) -> None:
        self._others, self._balancer = others, balancer

    def ask(self, judge: OtherSpec, sides: tuple[tuple[Side, tuple[PodRef, ...]], ...], stood: float) -> JudgeAnswer:
        """Ask once. Raises as the one that is asked does."""
        asked = self._balancer if judge.balancer and self._balancer is not None else self._others
        return asked.ask(judge, sides, stood)
