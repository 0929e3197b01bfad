"""The demonstration keeps its promises: nothing lost when all is well, and back in time when it is not."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.demo.account import Account
from migrator.lab.demo.command_line import Production
from migrator.lab.demo.gateway_faults import DRIFT, FAULTS
from migrator.lab.demo.progress import Progress
from migrator.lab.demo.view import last_word
from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.manifests import Json


def demonstrate(tmp_path: Path, fault: str | None) -> Account:
    return demonstration.demonstrate(Scenario(net="auto", parts=demonstration.PARTS), tmp_path, fault, lambda _: None)


@pytest.mark.lab
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_migration_under_load_loses_nothing(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, None)

    assert account.problems() == []
    assert account.totals["sent"] == account.totals["answered"]
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_new_side_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path, fault: str) -> None:
    account = demonstrate(tmp_path, fault)
    times = account.fault_times()

    assert account.problems() == []
    assert times["verdict"] is not None
    assert times["first_bad_answer"] < times["verdict"]
    assert account.achieved[-1].asked == 0


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(300)
def test_a_configuration_that_changes_on_one_side_holds_the_run_and_is_asked_about(tmp_path: Path) -> None:
    account = demonstrate(tmp_path, DRIFT)

    assert account.problems() == []
    assert (account.state, account.exit_code) == ("held", 3)
    assert "no-store" in account.question
    assert max(row.asked for row in account.achieved) < 60


def row(step: int, kind: str = "moved", heading: str = "forward", state: str = "running") -> Json:
    return {"at": "1970-01-01T00:00:07.000Z", "kind": kind, "heading": heading, "step": step, "data": {"state": state}}


@pytest.mark.parametrize(
    ("event", "steps"),
    [
        pytest.param(row(1), ["2/3 Gate"], id="the next step"),
        pytest.param(row(0, heading="back"), ["back: 1/2 Shift 0 %"], id="the first step back"),
        pytest.param(row(1, kind="noted"), [], id="something else"),
        pytest.param(row(2, state="completed"), [], id="the end"),
        pytest.param(row(0, state="planned"), [], id="before the beginning"),
    ],
)
def test_the_steps_are_read_from_the_runs_journal(event: Json, steps: list[str]) -> None:
    progress = Progress(0.0, titles={"forward": ["Drain", "Gate", "Detach"]})

    assert list(progress.steps([event], lambda _: ["Shift 0 %", "Undo"])) == [(7.0, step) for step in steps]


def test_no_row_of_the_journal_is_missed_or_read_before_it_is_whole(tmp_path: Path) -> None:
    production = Production(tmp_path / "store.db", tmp_path / "run.log")
    assert production.rows(0) == ([], 0)
    production.journal.write_text('{"id": 1}\n{"id": 2}\n{"i', encoding="utf-8")
    first, read = production.rows(0)
    with production.journal.open("a", encoding="utf-8") as journal:
        journal.write('d": 3}\n')
    second, read = production.rows(read)

    assert [first, second] == [[{"id": 1}, {"id": 2}], [{"id": 3}]]
    assert production.rows(read) == ([], read)


@pytest.mark.parametrize(
    ("share", "heading", "text"),
    [
        pytest.param(75.0, "forward", " (on the way to 90 %)", id="one call of several"),
        pytest.param(89.5, "forward", "", id="there"),
        pytest.param(0.0, "forward", "", id="no share yet"),
        pytest.param(25.0, "back", " (on the way to 0 %)", id="one call of several on the way back"),
        pytest.param(0.0, "back", "", id="back"),
    ],
)
def test_a_share_that_no_step_asks_for_is_on_the_way_to_one_that_is(share: float, heading: str, text: str) -> None:
    assert Progress(0.0, [9.9, 50.0, 89.9, 100.0], heading=heading).on_the_way(share) == text


def test_errors_in_the_runs_log_are_found(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    assert demonstration.errors_in(log) == ()
    log.write_text("12:00 WARNING m watch.failed\n12:01 ERROR m judge.failed\n", encoding="utf-8")

    assert demonstration.errors_in(log) == ("12:01 ERROR m judge.failed",)


def test_the_last_word_names_the_bad_answers_too() -> None:
    totals = {"sent": 13382, "answered": 13382, "lost": 0, "bad": 67, "wrong": 4, "cut": 0}

    assert "13382 answered, 67 of them bad (5xx), 4 wrong, 0 lost" in last_word(totals)


def test_a_run_begins_without_the_journal_of_an_earlier_one(tmp_path: Path) -> None:
    production = Production(tmp_path / "store.db", tmp_path / "run.log")
    production.journal.write_text('{"id": 1}\n', encoding="utf-8")
    production.run().wait(30)

    assert production.rows(0) == ([], 0)


def test_a_run_names_the_plan_that_was_made_so_that_nothing_is_said_before_it_begins(tmp_path: Path) -> None:
    production = Production(tmp_path / "store.db", tmp_path / "run.log")
    production.made.write_text("plan-of-this-lab", encoding="utf-8")
    production.run().wait(30)

    assert "plan-of-this-lab" in production.log.read_text(encoding="utf-8")
