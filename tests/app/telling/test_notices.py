"""What is told follows from the journal alone: the same notices with the same ids, however it is cut and whoever reads it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from migrator.app.telling.notices import KINDS, Course, Notice, follow, unwatched
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import Moment
from migrator.domain.observation.snapshot import Snapshot
from migrator.store import Event, Kind, ProcessRecord
from migrator.store.codec.messages import dump
from tests.app.telling.world import eventful
from tests.app.world import stored
from tests.fakes.harness import Harness
from tests.store.world import START, make_plan

ALL = [
    Moment.BEGAN,
    Moment.SHARE,
    Moment.HELD,
    Moment.WAITS,
    Moment.HALTED,
    Moment.TURNED_BACK,
    Moment.ENDED,
]


def rows(folder: Path) -> list[Event]:
    with stored(folder) as (store, clock):
        run, _ = eventful(store, clock, make_plan("f1"))
        return store.events_of(run.id, KINDS)


def test_every_moment_of_a_run_is_told_once_and_in_order(tmp_path: Path) -> None:
    _, found = follow(Course(), rows(tmp_path), 1)

    assert [notice.moment for notice in found] == ALL
    assert [notice.command for notice in found if notice.moment is Moment.WAITS] == ["migrator approve 1"]


def test_wherever_a_journal_is_cut_the_notices_are_the_same(tmp_path: Path) -> None:
    journal = rows(tmp_path)
    _, whole = follow(Course(), journal, 1)

    for cut in range(len(journal) + 1):
        course, first = follow(Course(), journal[:cut], 1)
        _, second = follow(course, journal[cut:], 1)
        assert (*first, *second) == whole


def verdict(id: int, ruling: Ruling, seconds: float, step: int = 0) -> Event:
    data = {"ruling": ruling.value, "reason": dump(verbatim("bad"))}
    return Event(id, START + timedelta(seconds=seconds), Kind.VERDICT, Heading.FORWARD, step, data)


def test_a_hold_that_comes_and_goes_at_a_step_is_told_once_in_ten_minutes() -> None:
    flapping = [verdict(n, (Ruling.HOLD, Ruling.PASS)[n % 2], n) for n in range(0, 100)]
    later = [verdict(200, Ruling.HOLD, 700)]
    at_the_next = [verdict(201, Ruling.PASS, 701), verdict(202, Ruling.HOLD, 702, step=1)]

    _, found = follow(Course(), [*flapping, *later, *at_the_next], 1)

    assert [notice.row for notice in found] == [0, 200, 202]


def test_what_others_changed_and_so_holds_the_run_is_told() -> None:
    data = {"about": "nodes", "text": dump(say("drift.held", what=()))}
    other = {"about": "nodes", "text": dump(say("look.not-yet"))}
    noted = [
        Event(1, START, Kind.NOTED, Heading.FORWARD, 0, other),
        Event(2, START, Kind.NOTED, Heading.FORWARD, 0, data),
    ]

    _, found = follow(Course(), noted, 1)

    assert [(notice.moment, notice.row) for notice in found] == [(Moment.HELD, 2)]


def test_what_a_person_is_to_do_at_the_hand_over_is_told_once() -> None:
    waiting = say("hand-over.waiting", orders=(say("hand-over.delete", command="kubectl delete it"),))
    rows = (waiting, say("nodes.over", trouble=waiting), waiting)
    noted = [
        Event(n, START, Kind.NOTED, Heading.FORWARD, 7, {"about": "hand-over", "text": dump(row)})
        for n, row in enumerate(rows, 1)
    ]

    _, found = follow(Course(), noted, 1)

    assert [(notice.moment, notice.row, notice.command) for notice in found] == [(Moment.WAITS, 1, "migrator status 1")]
    assert found[0].what == say("notify.waits", question=waiting)


PROCESS = ProcessRecord(1, 1, "ann@ops pid 1", START, START, None, Snapshot())


def silence(
    seconds: float, state: State = State.RUNNING, *, left: bool = False, holder: str | None = None
) -> list[Notice]:
    gone = replace(PROCESS, left_at=START if left else None)
    return list(unwatched([gone], holder, ((START, state),), START + timedelta(seconds=seconds), 1))


@pytest.mark.parametrize("left", [pytest.param(False, id="killed"), pytest.param(True, id="told to leave")])
def test_that_nobody_watches_is_told_after_half_a_minute(left: bool) -> None:
    assert silence(29, left=left) == []
    assert [(found.moment, found.epoch) for found in silence(30, left=left)] == [(Moment.UNWATCHED, 1)]


def test_a_run_that_needs_nobody_is_not_told_as_unwatched() -> None:
    assert silence(900, State.COMPLETED) == []
    assert silence(900, State.HALTED, left=True) == []
    assert silence(900, holder="eve@ops pid 2") == []
    assert silence(900, State.HALTED) != []


def test_a_time_without_anybody_is_told_by_the_next_process_under_the_same_id() -> None:
    follower = replace(PROCESS, epoch=2, began_at=START + timedelta(seconds=90))
    (alone,) = silence(40)
    (after,) = unwatched(
        [PROCESS, follower], "eve@ops pid 2", ((START, State.RUNNING),), START + timedelta(seconds=100), 1
    )

    assert after.id("plan", 1) == alone.id("plan", 1)
    assert (alone.command, after.command) == ("migrator resume 1", "")


@pytest.mark.slow
def test_a_run_of_many_killed_processes_is_told_share_by_share_to_its_end(tmp_path: Path) -> None:
    harness = Harness(tmp_path)
    harness.many_lives(random.Random(7), 60)

    _, found = follow(Course(), harness.events(), 1)

    told = [(notice.moment, dict(notice.what.values).get("share")) for notice in found]
    shares = [(Moment.SHARE, share) for share in harness.spec.traffic.shares]
    assert told == [(Moment.BEGAN, None), *shares, (Moment.ENDED, None)]


def test_a_run_that_was_left_halted_and_is_taken_up_again_is_not_told_as_unwatched() -> None:
    gone = replace(PROCESS, left_at=START + timedelta(seconds=10))
    follower = replace(PROCESS, epoch=2, began_at=START + timedelta(seconds=90))
    states = ((START, State.RUNNING), (START + timedelta(seconds=5), State.HALTED), (follower.began_at, State.RUNNING))

    assert list(unwatched([gone, follower], "eve@ops pid 2", states, START + timedelta(seconds=100), 1)) == []
