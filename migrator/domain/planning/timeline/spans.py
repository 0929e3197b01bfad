"""A plan in time: the sums of what its steps estimate. It is arithmetic, not a promise, and it knows no step.

What no number bounds (a person's answer, a pause, a judge that holds because both sides are bad) is in no sum.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.messages.message import Message
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.back import Return, returns
from migrator.domain.planning.timeline.scale import scale
from migrator.domain.steps import Shift


@dataclass(frozen=True, slots=True)
class Span:
    """A step in time: seconds from the run's begin, expected and worst (None: until a person answers).

    `back` is the way back from the step's end, None where none is left; `calls` what the step asks of the world;
    `shifts` whether it sets or holds a share of the traffic;
    `held` whether a person is asked once it is done.
    """

    title: Message
    start: float
    expected: float
    worst: float | None
    back: Return | None
    calls: tuple[Message, ...]
    note: Message | None = None
    shifts: bool = False
    held: bool = False

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
        """Say whether some step has no bound but a person's answer, or is held for one."""
        return any(span.worst is None or span.held for span in self.spans)

    @property
    def last_return(self) -> int | None:
        """Give the index of the first step from which no way leads back; None when there always is one."""
        return next((index for index, span in enumerate(self.spans) if span.back is None), None)


def timeline(plan: Plan) -> Timeline:
    """Give the plan in time."""
    spans, start, size = list[Span](), 0.0, scale(plan)
    estimates = [step.estimate(size) for step in plan.steps]
    for step, estimate, back in zip(plan.steps, estimates, returns(estimates), strict=True):
        spans.append(
            Span(
                step.title,
                start,
                estimate.expected,
                estimate.worst,
                back,
                estimate.calls,
                estimate.note,
                estimate.shifts,
                type(step) is Shift and step.share in plan.spec.gates.hold,
            )
        )
        start += estimate.expected
    return Timeline(tuple(spans))
