"""The way back of a run from the step that it leaves, by the journey that its plan names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrator.domain.planning import route
from migrator.domain.planning.inplace import ways as in_place
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.restarting import ways
from migrator.domain.steps import Step
from migrator.domain.turn.journeys import FORWARD, IN_PLACE, IN_PLACE_LOSING, RESTART

_HOMEWARD: Mapping[str, Callable[[Plan, Step], tuple[Step, ...]]] = {
    FORWARD.name: route.back,
    RESTART.name: ways.back,
    IN_PLACE.name: in_place.back,
    IN_PLACE_LOSING.name: in_place.back,
}


def back(plan: Plan, left: Step) -> tuple[Step, ...]:
    """Give the route back."""
    return _HOMEWARD[plan.way](plan, left)
