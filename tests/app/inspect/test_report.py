"""A report says what the journal holds: shares asked for, given and seen, the witness's tally, steps with their times."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from migrator.app.inspect.course import Became, Point, ShareSeen, shares
from migrator.app.inspect.report import report
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, State
from migrator.domain.steps import RehearseUp, Shift
from migrator.store import Event, Kind
from tests.app.world import HOLDER, stored, walked
from tests.store.world import START
from tests.words import text


def test_the_notes_that_the_driver_takes_are_what_the_report_shows(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        found = report(store, walked(store, clock))

    assert found.shares == (ShareSeen(10.0, 1100 / 111, 9900 / 997, 997, "gateway counters"),)
    assert found.witness == {"tries": 7, "old": 5, "new": 2, "failed": 0, "neither": 0, "last_error": ""}


def test_steps_have_their_times_and_what_they_achieved(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        found = report(store, run)

    assert [(text(step.title), step.seconds(run.updated_at), step.note) for step in found.steps] == [
        ("Gate", 2.0, say("shift.done-unseen", achieved=9.91, requests=0)),
        ("Gate", 1.0, say("confirm.new")),
    ]
    assert found.run.state is State.COMPLETED
    assert found.writes == {"intended": 1, "settled": 1, "failed": 0}
    assert found.whole


def test_what_became_of_the_questions_to_prometheus_is_added_up_over_the_processes(tmp_path: Path) -> None:
    tallies = [(1, 0, 0, ""), (5, 1, 2, "timed out"), (0, 1, 0, ""), (7, 1, 0, "")]
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        lease = store.acquire(run.id, HOLDER)
        for answered, empty, silent, why in tallies:
            counts = {"answered": answered, "empty": empty, "silent": silent, "why": why}
            store.journal(run.id, lease).tally("prometheus", counts)
        lease.release()
        found = report(store, run)

    assert found.prometheus == {"answered": 12, "empty": 2, "silent": 2, "why": "timed out"}


def test_a_run_without_a_second_opinion_reports_none(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        assert report(store, walked(store, clock)).prometheus is None


def moved(id: int, cursor: int, heading: Heading = Heading.FORWARD) -> Event:
    return Event(
        id, START + timedelta(seconds=id), Kind.MOVED, heading, cursor, {"heading": heading.value, "cursor": cursor}
    )


def test_a_share_that_was_left_before_its_end_has_a_row_and_the_rehearsals_is_named() -> None:
    """Nobody has counted it: what the weights gave is all that is known."""
    steps = (
        RehearseUp(Side.NEW, 0.01, 0.0, 0.0, 0),
        Shift(Side.NEW, 10.0, 5.0, 10.0, 1),
        Shift(Side.NEW, 50.0, 5.0, 10.0, 1),
    )
    noted = {"about": "share", "text": '{"requested":0.01,"achieved":0.3,"observed":null,"connections":0,"source":""}'}
    events = [
        moved(1, 0),
        Event(2, START, Kind.NOTED, Heading.FORWARD, 0, noted),
        moved(3, 1),
        moved(6, 0, Heading.BACK),
    ]
    points = (Point(START + timedelta(seconds=4), 9.9),)

    assert tuple(shares(steps, events, points, ended=True)) == (
        ShareSeen(0.01, 0.3, None, 0, "", Became.REHEARSED),
        ShareSeen(10.0, 9.9, None, 0, "", Became.INTERRUPTED),
    )
    assert [row.became for row in shares(steps, events[:3], (), ended=False)] == [Became.REHEARSED, Became.UNDER_WAY]
    assert next(iter(shares(steps, events[2:3], (), ended=True))).achieved is None
