"""A report says what the journal holds: shares asked for, given and seen, the witness's tally, steps with their times."""

from __future__ import annotations

from pathlib import Path

from migrator.app.inspect.course import ShareSeen
from migrator.app.inspect.report import report
from migrator.domain.messages.message import say
from migrator.domain.model.runs import State
from tests.app.world import HOLDER, stored, walked
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
