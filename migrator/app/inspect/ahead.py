"""How long a run will still take, as its steps estimate it. It is arithmetic over the plan, and promises nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from migrator.domain.messages.message import code_of
from migrator.domain.model.runs import Heading
from migrator.domain.planning.timeline.scale import scale
from migrator.domain.steps.traffic import Shift

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.domain.steps import Step


ASKS = "estimate.until-yes"
"""The note of a step that waits for a person's yes."""


class Ahead:
    """What lies ahead of the runs of a plan; how large the plan is, is worked out once."""

    def __init__(self, plan: Plan) -> None:
        self._scale, self._hold = scale(plan), plan.spec.gates.hold

    def seconds(self, run: Run, route: Sequence[Step], entered_at: datetime | None, now: datetime) -> float | None:
        """Give the seconds until the route's end, if nothing holds the run; None for one that has ended, or never ends."""
        if run.ended:
            return None
        here, *rest = (step.estimate(self._scale).expected for step in route[run.cursor :])
        at_it = (now - entered_at).total_seconds() if entered_at else 0.0
        return max(0.0, here - at_it) + sum(rest)

    def asks(self, run: Run, route: Sequence[Step]) -> bool:
        """Say whether a person is asked on the way, whatever comes: at a gate, or after a share that the plan holds."""
        held = self._hold if run.heading is Heading.FORWARD else ()
        return not run.ended and any(
            (type(step) is Shift and step.share in held) or code_of(step.estimate(self._scale).note) == ASKS
            for step in route[run.cursor :]
        )
