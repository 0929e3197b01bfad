"""Event x step x heading x state: what a run does when something happens to it, wherever it is. In fake time.

`make test` plays some cells of each event, drawn by a seed that a failure prints (`PRODUCT_SEED` sets another one); `make
test-matrix` plays the whole product, 2,700 cells.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Spec
from tests.fakes.harness import Harness
from tests.workflow.product.events import EVENTS, Event
from tests.workflow.product.moments import BY_PROMETHEUS, PATIENT, STATES, Moment, Walks
from tests.workflow.product.playing import play
from tests.workflow.product.table import BEFORE, FORWARD, HALTING, may_lead_to
from tests.workflow.product.world import LivingWorld

pytestmark = pytest.mark.no_cover  # whole runs: what they pass through has tests of its own

SEED = int(os.environ.get("PRODUCT_SEED", "20260101"))
TURNS = 2
"""Turns that a process has taken before the event happens."""


@pytest.fixture(scope="session", name="walks")
def _walks(blank: Path) -> Iterator[dict[bool, Walks]]:
    room = Path("/dev/shm")
    with TemporaryDirectory(dir=room if room.is_dir() else None) as folder:

        def make(world: LivingWorld, spec: Spec) -> Harness:
            place = Path(folder) / f"walk {spec.judge.scrape is None}"
            place.mkdir()
            shutil.copy(blank, place / "store.db")
            return Harness(place, world, spec)

        specs = {False: PATIENT, True: BY_PROMETHEUS}
        yield {by: Walks(Path(folder), make, spec) for by, spec in specs.items()}


def wrongs(walks: Walks, event: Event, moments: list[Moment]) -> list[str]:
    """Play these cells, and give what was wrong."""
    said = []
    for moment in moments:
        harness = walks.at(moment)
        if harness is None:
            continue
        played = play(harness, moment, event, TURNS)
        if not played.happened and (again := walks.at(moment)) is not None:
            played = play(again, moment, event, 0)
        faults = list(played.faults)
        if played.course not in may_lead_to(event.name, moment):
            faults.append(f"it {played.course} ({played.why})")
        if moment.heading is Heading.BACK and played.end is not State.ROLLED_BACK:
            faults.append(f"the way back ends {played.end}")
        if may_stay_halted(event, moment, played.end):
            faults = [fault for fault in faults if not fault.startswith("no end")]
        said += [f"{moment}: {fault}" for fault in faults]
    return said


def may_stay_halted(event: Event, moment: Moment, end: State) -> bool:
    """Say whether a run may be left halted before anything is at stake: a person has to mend the old side first."""
    return end is State.HALTED and event.name in HALTING and moment.step in BEFORE


@pytest.mark.timeout(600)
@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_breaks_no_rule_and_leads_where_it_may_wherever_a_run_is(
    walks: dict[bool, Walks], event: Event
) -> None:
    chance, mine = random.Random(f"{SEED} {event}"), walks[event.by_prometheus]
    moments = mine.moments()
    drawn = [chance.choice([each for each in moments if each.state is state]) for state in STATES]

    assert wrongs(mine, event, drawn) == [], f"seed {SEED}"


WRONG_ONCE = [
    pytest.param("old scaled down", "waiting at Remove new (from Retire)", id="an old pod that goes as the run ends"),
    pytest.param("old scaled down", "running at Undo guard (from Drain old)", id="and while nothing rested"),
    pytest.param("API server hangs", "paused at Remove new (from Drain old)", id="new pods that end after a long rest"),
    pytest.param("API server gone", "paused at Remove new (from Retire)", id="and after a short one"),
    pytest.param("node lost", "running at Shift 10 %", id="a node that is lost at a share"),
    pytest.param("node lost", "paused at Shift 90 %", id="and while the run rested"),
    pytest.param("node lost", "running at Confirm old (from Retire)", id="a node that is lost as the run ends"),
    pytest.param("old pod evicted", "running at Confirm old (from Drain old)", id="and a pod that goes then"),
    pytest.param("old out of memory", "running at Restore old (from Drain old)", id="old pods that crash once raised"),
    pytest.param("old out of memory", "paused at Restore old (from Retire)", id="and while the way back rested"),
]
"""Cells whose ends were wrong, or were called so, each with one beside it that was not."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "place"), WRONG_ONCE)
def test_a_cell_that_was_wrong_once_is_right(walks: dict[bool, Walks], name: str, place: str) -> None:
    event = next(each for each in EVENTS if each.name == name)
    mine = walks[event.by_prometheus]
    there = [moment for moment in mine.moments() if str(moment) == place]

    assert len(there) == 1
    assert wrongs(mine, event, there) == []


@pytest.mark.matrix
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_breaks_no_rule_and_leads_where_it_may_at_every_moment(walks: dict[bool, Walks], event: Event) -> None:
    mine = walks[event.by_prometheus]

    assert wrongs(mine, event, mine.moments()) == []


def test_the_table_names_every_event() -> None:
    assert {event.name for event in EVENTS} == set(FORWARD)
    assert set(FORWARD) >= HALTING
