"""Each step's seconds: expected, and at worst by the plan's own deadlines. It is arithmetic, not a promise.

`worst` counts every deadline in full and every write at its longest; what no number bounds (a person's answer, a pause, a
judge that holds because both sides are bad) is not in it, and a step that waits for a person has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.model.balancer import Side
from migrator.domain.model.message import Message
from migrator.domain.model.spec import Approval, OnTimeout
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.back import DETECTION, GRACE, Return, returns
from migrator.domain.planning.timeline.calls import calls
from migrator.domain.planning.timeline.pace import Pace, batches, old_backends, pace
from migrator.domain.steps import (
    Attach,
    AwaitReady,
    Confirm,
    Deploy,
    Detach,
    Drain,
    Gate,
    Guard,
    Keep,
    RehearseBack,
    RehearseUp,
    Retire,
    Shift,
    Step,
    VerifyConfig,
)

LOOK, LOOK_MOST = 5.0, 60.0
POD_START = 30.0
"""A pod that is scheduled, pulls its image and gets its configuration."""
COMPARE = 10.0

Times: TypeAlias = "tuple[float, float | None, str]"


@dataclass(frozen=True, slots=True)
class Span:
    """A step in time: seconds from the run's begin, expected and worst (None: until a person answers).

    `back` is the way back from the step's end, None where none is left; `calls` what the step asks of the world;
    `shifts` whether it gives the new side traffic.
    """

    title: Message
    start: float
    expected: float
    worst: float | None
    back: Return | None
    calls: tuple[str, ...]
    note: str = ""
    shifts: bool = False

    @property
    def end(self) -> float:
        """Give when the step is expected to end."""
        return self.start + self.expected


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of the route forward, in order."""

    spans: tuple[Span, ...]

    @property
    def expected(self) -> float:
        """Give the whole run's expected seconds."""
        return sum(span.expected for span in self.spans)

    @property
    def worst(self) -> float:
        """Give the sum of the worst cases that have a bound."""
        return sum(span.worst for span in self.spans if span.worst is not None)

    @property
    def waits_for_person(self) -> bool:
        """Say whether some step has no bound but a person's answer."""
        return any(span.worst is None for span in self.spans)

    @property
    def last_return(self) -> int | None:
        """Give the index of the first step from which no way leads back; None when there always is one."""
        return next((index for index, span in enumerate(self.spans) if span.back is None), None)


def timeline(plan: Plan) -> Timeline:
    """Give the plan in time."""
    spans, start, cost = list[Span](), 0.0, pace(plan.seen.capabilities)
    for step, back in zip(plan.steps, returns(plan), strict=True):
        expected, worst, note = _times(step, plan, cost)
        spans.append(Span(step.title, start, expected, worst, back, calls(step, plan), note, step.gains is Side.NEW))
        start += expected
    return Timeline(tuple(spans))


def _times(step: Step, plan: Plan, cost: Pace) -> Times:
    for kinds, times in _OF:
        if isinstance(step, kinds):
            return times(step, plan, cost)
    return LOOK, LOOK_MOST, ""


def _cluster(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Guard | Deploy)
    writes = sum(1 for c in step.changes if c.patch) if isinstance(step, Guard) else len(step.manifests)
    return cost.cluster * (writes + 1), cost.cluster_most * (writes + 1), ""


def _ready(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, AwaitReady)
    return min(POD_START, step.deadline), step.deadline, f"halts after {step.deadline:g} s"


def _config(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, VerifyConfig)
    return min(COMPARE, step.deadline), step.deadline, f"halts after {step.deadline:g} s"


def _attach(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Attach)
    writes = batches(step.backends or plan.seen.coming, plan.seen.capabilities)
    healthy = min(DETECTION, step.deadline) if plan.seen.capabilities.health_at_zero else cost.cluster
    return (
        cost.balancer * writes + healthy,
        cost.balancer_most * writes + step.deadline,
        f"halts after {step.deadline:g} s",
    )


def _rehearse(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Shift)
    most = step.limit if isinstance(step, RehearseBack) else cost.balancer_most + step.settle
    return cost.balancer, most, f"halts when slower than {step.limit:g} s" if isinstance(step, RehearseBack) else ""


def _shift(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Shift)
    writes = next((f.writes for f in plan.forecast if f.share == step.share), 1)
    if isinstance(step, Keep):
        return step.soak, step.soak + step.settle, "the last moment at which going back costs nothing"
    worst = cost.balancer_most * writes + step.settle + step.max_soak
    return (
        cost.balancer * writes + step.soak,
        worst,
        f"asks when fewer than {step.min_requests} requests came in {step.max_soak:g} s",
    )


def _drain(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Drain)
    asks = "then asks" if step.on_timeout is OnTimeout.HOLD else "then cuts and counts what is left"
    note = f"ends earlier with the last connection; {asks}"
    return step.timeout, None if step.on_timeout is OnTimeout.HOLD else step.timeout + cost.cluster_most, note


def _gate(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Gate)
    manual = step.approval is Approval.MANUAL
    return (0.0, None, "until somebody says yes") if manual else (0.0, cost.cluster, "")


def _detach(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Detach)
    writes = batches(old_backends(plan), plan.seen.capabilities)
    return cost.balancer * writes + step.floor, cost.balancer_most * writes + step.floor, ""


def _retire(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Retire)
    writes = len(step.repoint) + len(step.companions) + len(step.spare) + 1
    return cost.cluster * writes + GRACE, cost.cluster_most * writes + step.patience, "no way back"


def _confirm(step: Step, plan: Plan, cost: Pace) -> Times:
    assert isinstance(step, Confirm)
    writes = len(step.restore) + 1
    return cost.cluster * writes + step.window, cost.cluster_most * writes + 2 * step.window, ""


_OF: tuple[tuple[tuple[type, ...], Callable[[Step, Plan, Pace], Times]], ...] = (
    ((Guard, Deploy), _cluster),
    ((AwaitReady,), _ready),
    ((VerifyConfig,), _config),
    ((Attach,), _attach),
    ((RehearseUp, RehearseBack), _rehearse),
    ((Shift,), _shift),  # Keep is one
    ((Drain,), _drain),
    ((Gate,), _gate),
    ((Detach,), _detach),
    ((Retire,), _retire),
    ((Confirm,), _confirm),
)
