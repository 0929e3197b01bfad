"""What a person sets while a run goes on: within the plan's limits, beside the stored steps, never on the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Obey
from migrator.domain.model.runs import Heading, Request, RequestKind, State
from migrator.domain.model.spec import LiveRange, OnTimeout
from migrator.domain.observation.sighting import Requests
from migrator.domain.steps import Drain, Keep, RehearseUp, Shift, Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.journeys import FORWARD, journey_of
from migrator.domain.turn.live import overridden, refused, understood
from tests.domain.chain import ALIVE, NODES, ORIGINALS, SHIFT, course
from tests.domain.seen import START, seen
from tests.fakes.world import SPEC

LIVE = replace(SPEC, live=(LiveRange("soak", 300.0, 3600.0),))
EVERYTHING = {"soak": 30.0, "maxSoak": 25.0, "keepOld": 40.0, "drainTimeout": 50.0}
KEEP = Keep(Side.NEW, 100.0, ORIGINALS, NODES, soak=1.0, max_soak=1.0)
REHEARSAL = RehearseUp(Side.NEW, 1.0, ORIGINALS, NODES)
RESTORE = Shift(Side.OLD, 0.0, ORIGINALS)
OLD_DRAIN, NEW_DRAIN = (Drain(side, 9.0, OnTimeout.CUT) for side in (Side.OLD, Side.NEW))


@pytest.mark.parametrize(
    ("step", "values", "found"),
    [
        pytest.param(SHIFT, {}, SHIFT, id="nothing is set"),
        pytest.param(SHIFT, {"soak": 15.0}, replace(SHIFT, soak=15.0), id="a soak"),
        pytest.param(SHIFT, EVERYTHING, replace(SHIFT, soak=30.0, max_soak=30.0), id="a longest soak is no shorter"),
        pytest.param(KEEP, EVERYTHING, replace(KEEP, soak=40.0, max_soak=40.0), id="how long the old side is kept"),
        pytest.param(OLD_DRAIN, EVERYTHING, replace(OLD_DRAIN, timeout=50.0), id="how long the old side drains"),
        pytest.param(NEW_DRAIN, EVERYTHING, NEW_DRAIN, id="the new side drains on the way back"),
        pytest.param(RESTORE, EVERYTHING, RESTORE, id="the old side gets its weights back"),
        pytest.param(REHEARSAL, EVERYTHING, REHEARSAL, id="a rehearsal"),
    ],
)
def test_a_step_is_read_with_what_was_set(step: Step, values: dict[str, float], found: Step) -> None:
    assert overridden(step, values) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("soak=5m", None, id="the least"),
        pytest.param("soak=1h", None, id="the most"),
        pytest.param("soak=299s", "live.out-of-range", id="too short"),
        pytest.param("soak=2h", "live.out-of-range", id="too long"),
        pytest.param("keepOld=10m", "live.not-in-plan", id="not listed"),
        pytest.param("shares=10m", "live.not-understood", id="no such key"),
        pytest.param("soak", "live.not-understood", id="no value"),
        pytest.param("soak=20", "live.not-understood", id="no unit"),
    ],
)
def test_only_what_the_plan_lists_is_set_and_only_within_its_limits(text: str, code: str | None) -> None:
    why = refused(LIVE, text)

    assert (why and why.code) == code


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize(
    ("heading", "text", "live", "code"),
    [
        (Heading.FORWARD, "soak=20m", ("soak", 1200.0), "answer.set"),
        (Heading.FORWARD, "soak=2h", None, "live.out-of-range"),
        (Heading.BACK, "soak=20m", None, "answer.on-the-way-back"),
    ],
)
def test_a_request_to_set_moves_the_run_nowhere(
    state: State, heading: Heading, text: str, live: tuple[str, float] | None, code: str
) -> None:
    asked = Requests((Request(1, RequestKind.SET, "ann", START, text),))

    found = decide(journey_of(FORWARD.name, heading), LIVE, SHIFT, seen(course(state, heading), asked))

    assert isinstance(found, Obey)
    assert (found.move, found.live, found.note and found.note.code) == (None, live, code)


def test_what_is_set_is_a_key_and_seconds() -> None:
    assert understood("maxSoak=1h30m") == ("maxSoak", 5400.0)


@pytest.mark.parametrize(
    ("live", "least"), [((), 600.0), (LIVE.live, 300.0), ((LiveRange("soak", 900.0, 901.0),), 600.0)]
)
def test_the_shortest_that_a_length_may_become_is_known(live: tuple[LiveRange, ...], least: float) -> None:
    assert replace(SPEC, live=live).least("soak", 600.0) == least
