"""How both sides answered stands where a person looks: on the running process, in `status`, in `report`, whoever asked them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.inspect.status import last_answers
from migrator.cli.views.human import report as human_report
from migrator.cli.views.human import route
from migrator.cli.views.json import report as json_report
from migrator.cli.views.json import status as json_status
from migrator.cli.views.live import numbers
from migrator.domain.answers.parity import KEPT, AnswerParity
from migrator.domain.messages.message import say
from migrator.domain.model.decisions import Wait
from migrator.domain.model.runs import State
from migrator.domain.observation.sighting import Sighting
from migrator.domain.observation.snapshot import Snapshot
from migrator.store.codec.codec import from_data, to_data
from migrator.workflow.progress import Progress
from tests.cli.samples import ANSWERS, World, world

ROWS = (
    "status is 404 on the new side (only gw-new-1), 200 on the old side",
    "http://api.example.com: no answer proves that anything works",
    "the new side was asked only through the API server",
    "body has 2 values",
    "http://old.example.com",
)


@pytest.fixture(name="seen", scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


def test_a_status_shows_the_whole_table(seen: World) -> None:
    told = "\n".join(row.words.plain for row in route.facts(seen.status))

    assert all(row in told for row in ROWS)
    assert (
        "5 questions compared with 42 requests; 1 difference; 1 part not stable on the old side; 1 site unproved"
        in told
    )


def test_a_status_shows_the_first_rows_of_a_long_table_and_counts_the_others(seen: World) -> None:
    long = replace(ANSWERS, unproved=tuple(f"http://{number}.x" for number in range(30)))
    told = "\n".join(row.words.plain for row in route.facts(replace(seen.status, answers=long)))

    assert "and 24 more" in told


def test_a_report_shows_the_whole_table(seen: World) -> None:
    told = "\n".join(human_report.answered(seen.report))

    assert all(row in told for row in ROWS)
    assert human_report.answered(replace(seen.report, answers=None)) == []


def test_status_and_report_hold_the_table_as_values(seen: World) -> None:
    for found in (json_status.status(seen.status), json_report.report(seen.report)):
        answers = json.loads(json.dumps(found["answers"]))

        assert [len(answers[kind]) for kind in ("differences", "unstable", "unproved", "asked_from_inside")] == [1] * 4
        assert (answers["differences"][0]["sure"], answers["differences"][0]["old_fails"]) == (True, False)
    assert json_status.status(replace(seen.status, answers=None))["answers"] is None


@pytest.mark.parametrize(("answers", "rows"), [(ANSWERS, 5), (AnswerParity(1.0, 2.0, 6, 1), 0)])
def test_a_process_that_waits_shows_the_table_where_something_is_in_doubt(
    seen: World, answers: AnswerParity, rows: int
) -> None:
    words = say("answers.asking", asked=1)
    running = replace(seen.run, state=State.RUNNING)
    progress = Progress(running, (say("step.compare-answers"),) * 9, Wait(words), Sighting(answers), words)

    assert len(numbers.differing(progress)) == rows


def test_the_newest_comparison_is_told_whichever_process_made_it() -> None:
    assert last_answers([Snapshot(answers=ANSWERS), Snapshot()]) == ANSWERS
    assert last_answers([Snapshot()]) is None


def test_a_comparison_is_kept_as_it_is(tmp_path: Path) -> None:
    look = Snapshot(asked=42, answers=ANSWERS)

    assert from_data(to_data(look), Snapshot) == look


def test_of_a_long_comparison_so_many_rows_are_kept() -> None:
    long = replace(ANSWERS, left=ANSWERS.left * 300, unproved=tuple(f"http://{number}.x" for number in range(300)))

    assert (len(long.shortened.left), len(long.shortened.unproved)) == (KEPT, KEPT)
    assert long.shortened.differences == long.differences
