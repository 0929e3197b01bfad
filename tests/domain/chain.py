"""Deciding as the fixed chain does: a step in the middle of a run, and the states that a run can be in."""

from __future__ import annotations

from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.decisions import Decision
from migrator.domain.model.runs import Heading, State
from migrator.domain.observation.sighting import RunPosition, Sighting
from migrator.domain.steps import Follow, Shift, Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import FOLLOW, FORWARD, journey_of
from tests.domain.seen import NODES, OLD, pools
from tests.fakes.world import SPEC

ORIGINALS = tuple(Weighted(backend, 100) for backend in OLD)
SHIFT = Shift(Side.NEW, 50.0, ORIGINALS, NODES, soak=10.0, max_soak=20.0, min_requests=5, settle=10.0)
HALF = pools(new=100)
RUNNING, PAUSED, WAITING, HALTED = State.RUNNING, State.PAUSED, State.WAITING, State.HALTED
ALIVE = (RUNNING, PAUSED, WAITING, HALTED)


def course(state: State = RUNNING, heading: Heading = Heading.FORWARD) -> RunPosition:
    """Say where the run stands."""
    return RunPosition(state, heading, "Shift 50 %")


def decided(sighting: Sighting, step: Step = SHIFT) -> Decision:
    """Decide a turn of a whole run."""
    return decide(
        journey_of(FOLLOW.name if isinstance(step, Follow) else FORWARD.name, sighting[RunPosition].heading),
        SPEC,
        step,
        sighting,
    )
