"""The way back of a run from the step that it leaves, by the journey that its plan names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrator.domain.model.actions import PodRef
from migrator.domain.planning import route
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.restarting import ways
from migrator.domain.steps import Step
from migrator.domain.turn.journeys import FORWARD, RESTART

_HOMEWARD: Mapping[str, Callable[[Plan, Step, PodRef | None], tuple[Step, ...]]] = {
    FORWARD.name: route.back,
    RESTART.name: ways.back,
}


def back(plan: Plan, left: Step, worst: PodRef | None = None) -> tuple[Step, ...]:
    """Give the route back. `worst` is the gateway that is kept for a look, where the plan has said how."""
    return _HOMEWARD[plan.way](plan, left, worst)
