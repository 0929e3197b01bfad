"""Where the weights are is what somebody saw at the balancer, with its age: `status` and the last line never guess."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.adapters.clock import SystemClock
from migrator.app.inspect.status import status, where
from migrator.cli.carrying import looked
from migrator.cli.views.json.values import when
from migrator.cli.views.live.watching import Blocks
from migrator.cli.views.words import ago, duration, new_side
from migrator.domain.messages.grammar import number_of
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Pools, Weighted
from migrator.domain.model.runs import Run, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import Clocks, Sighting, Stale
from migrator.domain.observation.snapshot import Protection, Snapshot
from migrator.store import Store
from tests.app.world import HOLDER, stored
from tests.cli.world import Terminal
from tests.domain.seen import at, pools
from tests.store.world import NEW, OLD, FakeClock, make_plan

VERDICT = Verdict(Ruling.PASS, verbatim("fine"), "gateway counters", Rate(1253, 0), Rate(145, 3))

BY = Protection((say("eye.witness"), say("eye.health")), (say("eye.judge", source=""),))


def begun(store: Store, clock: FakeClock, look: Snapshot | None, state: State) -> Run:
    """Give a run of a process that saw `look`, 12 s ago, and left."""
    run = store.create_run(make_plan("c1"))
    lease = store.acquire(run.id, HOLDER)
    journal = store.journal(run.id, lease)
    run = journal.move(run, state=State.RUNNING)
    if look:
        look = replace(look, at=clock.now(), ruled_at=clock.now())
    journal.looked(look or Snapshot())
    clock.sleep(12)
    if state is not State.RUNNING:
        run = journal.move(run, state=state, why=say("drift.appeared", weight=3))
    journal.looked(look or Snapshot(), leaves=True)
    lease.release()
    return run


MOST = Snapshot(None, 89.9, (Weighted(OLD, 11), Weighted(NEW, 98)), VERDICT)


def test_a_run_that_halted_is_left_with_the_weights_that_were_seen_and_not_those_it_meant(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        found = where(store, begun(store, clock, MOST, State.HALTED))
    said = terminal.call("status").output

    assert new_side(found.look, found.now) == "New side: 89.9 % of new connections (seen 12 s ago)"
    assert "New side: 89.9 % of new connections (seen" in said
    assert "judge: pass; errors: new 0 of 1253 (0.00 %), old 3 of 145 (2.07 %)" in said


def test_a_run_that_has_ended_says_what_was_seen_at_the_end(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        begun(store, clock, Snapshot(None, 0.0, (Weighted(OLD, 100),)), State.COMPLETED)

    assert "New side: 0.0 % of new connections (seen at 2026-" in terminal.call("status").output
    assert '"weights": {\n      "' in terminal.call("status", "--output", "json").output


def test_weights_that_nobody_has_seen_are_said_to_be_unseen(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        begun(store, clock, None, State.PAUSED)

    assert "New side: nobody has seen the balancer's weights in this run" in terminal.call("status").output
    assert '"share": null' in terminal.call("status", "--output", "json").output


def test_the_look_of_an_earlier_process_stands_while_the_newest_has_seen_nothing(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with stored(terminal.store.parent) as (store, clock):
        run = begun(store, clock, MOST, State.PAUSED)
        lease = store.acquire(run.id, "eve@ops pid 2")
        store.journal(run.id, lease).looked(Snapshot())
        found = where(store, run)
        lease.release()

    assert found.look is not None
    assert found.look.share == 89.9


@pytest.mark.parametrize("state", [State.PAUSED, State.WAITING, State.HALTED])
def test_a_resting_run_is_said_to_be_protected_while_somebody_watches_and_only_then(
    terminal: Terminal, state: State
) -> None:
    terminal.store.parent.mkdir()
    with Store.open(terminal.store, SystemClock()) as store:
        run = store.create_run(make_plan("c2"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.move(run, state=state)
        unseen = " ".join(terminal.call("status").output.split())
        journal.looked(Snapshot(protection=BY, looked_at=store.now()))
        held = " ".join(terminal.call("status").output.split())
        lease.release()

    assert f"carried out by {HOLDER}; that process has looked at nothing yet" in unseen
    assert "the balancer's health checks watch the new side; if it fails, the run turns back by itself (seen" in held
    assert "! the judge shows nothing now" in held
    assert "NOBODY WATCHES IT: nothing turns it back if the new side fails" in terminal.call("status").output


@pytest.mark.parametrize(
    ("protection", "age", "words"),
    [
        pytest.param(
            Protection(lost=(say("eye.health"), say("eye.judge", source=""))),
            0,
            "NOTHING TURNS THE RUN BACK BY ITSELF if the new side fails: the balancer's health checks and the judge show "
            "nothing (seen",
            id="every eye is shut",
        ),
        pytest.param(
            Protection(idle=say("protection.foreign-hand")),
            0,
            "nothing turns the run back by itself: somebody else has changed a weight",
            id="it only reports",
        ),
        pytest.param(
            BY, 60, "NOBODY HAS LOOKED FOR 60 s: nothing turns the run back by itself", id="its process hangs"
        ),
        pytest.param(
            Protection(idle=say("protection.no-weight")),
            60,
            "NOBODY HAS LOOKED FOR 60 s: nothing turns the run back by itself",
            id="its process hangs, and nothing had to be protected",
        ),
        pytest.param(
            replace(BY, bare=("l-2",)),
            0,
            "if it fails, the run turns back by itself; but NOT behind l-2: no old pod there could take the traffic (seen",
            id="one listener has no old pod",
        ),
        pytest.param(None, 0, "carried out by ann@ops pid 1 you can:", id="an older version looked"),
    ],
)
def test_status_promises_no_more_than_the_last_look_showed(
    terminal: Terminal, protection: Protection | None, age: int, words: str
) -> None:
    terminal.store.parent.mkdir()
    with Store.open(terminal.store, SystemClock()) as store:
        run = store.create_run(make_plan("c4"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.move(run, state=State.PAUSED)
        journal.looked(Snapshot(at(0), protection=protection, looked_at=store.now() - timedelta(seconds=age)))
        said = " ".join(terminal.call("status").output.split())
        lease.release()

    said = re.sub(r"LOOKED FOR (\d+ min )?\d+ (s|min)", "LOOKED FOR 60 s", said)  # machines are busy
    assert words in said


def test_a_process_that_is_dead_is_told_with_the_age_of_what_it_saw(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with Store.open(terminal.store, SystemClock()) as store:
        run = store.create_run(make_plan("c5"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.move(run, state=State.RUNNING)
        ago = store.now() - timedelta(minutes=25)
        journal.looked(Snapshot(at(0), protection=BY, looked_at=ago, way_back=WayBack(3, 2, 0.667)))
        lease.release()
    said = re.sub(r"25 min \d+ s", "25 min", " ".join(terminal.call("status").output.split()))  # machines are busy
    told = json.loads(terminal.call("status", "--output", "json").output)["run"]

    assert "way back: 2 of 3 old pods are ready (seen 25 min ago)" in said
    assert (
        "NOBODY WATCHES IT: nothing turns it back if the new side fails; the last look was 25 min ago, and what is"
        in said
    )
    assert "turns back by itself" not in said
    assert (told["holder"], told["protection"]) == (None, None)
    assert told["looked_at"] == told["way_back"]["at"] == when(ago)


def test_a_silent_system_is_named_while_a_process_looks(terminal: Terminal) -> None:
    terminal.store.parent.mkdir()
    with Store.open(terminal.store, SystemClock()) as store:
        run = store.create_run(make_plan("c3"))
        lease = store.acquire(run.id, HOLDER)
        journal = store.journal(run.id, lease)
        journal.move(run, state=State.RUNNING)
        journal.looked(Snapshot(at(0), troubles=(verbatim("the API server did not answer GET /x in time."),)))
        held = terminal.call("status").output
        lease.release()

    assert "  ! the API server did not answer GET /x in time." in held
    assert "did not answer" not in terminal.call("status").output


def test_the_last_words_of_a_stuck_process_are_what_it_saw_last() -> None:
    fresh = Sighting(pools(), Clocks(at(5), 5.0), Stale())
    silent = Sighting(pools(), Clocks(at(9), 9.0), Stale(((Pools, verbatim("no answer")),)))

    first = looked(fresh, None)
    assert first == Snapshot(at(5), 0.0)
    assert looked(silent, first) == first
    assert looked(Sighting(), None) is None


@pytest.mark.parametrize(
    ("look", "ended", "words"),
    [
        pytest.param(None, False, "nobody has seen", id="never"),
        pytest.param(Snapshot(), True, "nobody has seen", id="a process that saw nothing"),
        pytest.param(Snapshot(at(0)), False, "no backend had any weight (seen 90 s ago)", id="no weight"),
        pytest.param(Snapshot(at(0), 50.0), True, "seen at 2026-01-02 03:04:05 UTC, at the end", id="ended"),
    ],
)
def test_the_weights_last_seen_are_shown_with_their_age(look: Snapshot | None, ended: bool, words: str) -> None:
    assert words in new_side(look, at(90), ended)


def test_things_are_counted_in_good_grammar_and_long_times_in_two_units() -> None:
    assert (number_of(1, "write"), number_of(2, "write"), number_of(0, "entry", "entries")) == (
        "1 write",
        "2 writes",
        "0 entries",
    )
    lengths = (0, 0.348, 59.44, 61, 119.7, 120, 150, 3600, 3700, 90000)
    assert [duration(s) for s in lengths] == [
        *("0 s", "0.35 s", "59.4 s", "61 s", "119.7 s", "2 min", "2 min 30 s", "1 h", "1 h 1 min", "1 d 1 h")
    ]
    assert ago(at(0), at(3)) == "3 s ago"


def test_watching_into_a_file_prints_a_block_when_something_happens_and_now_and_then(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.store.parent.mkdir()
    times = iter((0.0, 1.0, 11.0, 12.0))
    with stored(terminal.store.parent) as (store, clock):
        found = status(store, begun(store, clock, MOST, State.PAUSED))
    show = Blocks(lambda: next(times))
    for second in (0, 1, 11):
        show(replace(found, now=found.now + timedelta(seconds=second)))
    show(replace(found, run=replace(found.run, state=State.HALTED)))

    assert capsys.readouterr().out.count("Run 1 (istio-ingress)") == 3
