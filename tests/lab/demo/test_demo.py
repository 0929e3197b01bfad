"""The demonstration keeps its promises: nothing lost when all is well, and back in time when it is not."""

from pathlib import Path

import pytest

from migrator.lab.demo import demo
from migrator.lab.demo.account import Account
from migrator.lab.demo.demo import Progress, on_the_way, step_of
from migrator.lab.demo.demo_view import last_word
from migrator.lab.demo.production import Production
from migrator.lab.ground.layout import Scenario


def demonstrate(tmp_path: Path, fault: str | None) -> Account:
    return demo.demonstrate(Scenario(net="auto", parts=demo.PARTS), tmp_path, fault, lambda _: None)


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
@pytest.mark.parametrize("fault", ["errors", "latency", "crash", "stale-config"])
def test_a_new_side_that_turns_bad_at_half_the_traffic_is_left_again(tmp_path: Path, fault: str) -> None:
    account = demonstrate(tmp_path, fault)
    times = account.fault_times()

    assert account.problems() == []
    assert times["verdict"] is not None
    assert times["first_bad_answer"] < times["verdict"]
    assert account.achieved[-1].asked == 0


@pytest.mark.parametrize(
    ("line", "step"),
    [
        pytest.param("00:35:01 [5/16] running VerifyConfig: 10 to go", "5/16 VerifyConfig", id="a step"),
        pytest.param("00:35:04 [7/16] running Shift 10 %: Shift 10 %: 5 of 5", "7/16 Shift 10 %", id="two colons"),
        pytest.param("Run 1 (lab) ended: completed.", None, id="the last word"),
        pytest.param("", None, id="nothing yet"),
    ],
)
def test_the_step_is_read_from_what_the_run_prints(line: str, step: str | None) -> None:
    assert step_of(line) == step


def test_no_step_is_missed_however_fast_it_goes_by(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    production = Production(tmp_path / "store.db", log)
    log.write_text("1 [1/3] running Drain: a\n1 [2/3] running Gate: b\n1 [3/3] runn", encoding="utf-8")
    first, read = production.lines(0)
    log.write_text(log.read_text(encoding="utf-8") + "ing Detach: c\n", encoding="utf-8")
    second, read = production.lines(read)

    assert [step_of(line) for line in first] == ["1/3 Drain", "2/3 Gate"]
    assert [step_of(line) for line in second] == ["3/3 Detach"]
    assert production.lines(read) == ([], read)


@pytest.mark.parametrize(
    ("share", "step", "said"),
    [
        pytest.param(75.0, "11/18 Shift 90 %", " (on the way to 90 %)", id="one call of several"),
        pytest.param(89.9, "11/18 Shift 90 %", "", id="there"),
        pytest.param(0.0, "8/18 Rehearse back", "", id="a step without a share"),
        pytest.param(0.0, None, "", id="before the first step"),
    ],
)
def test_a_share_that_no_step_asks_for_is_said_to_be_on_the_way(share: float, step: str | None, said: str) -> None:
    assert on_the_way(share, Progress(0.0, step=step)) == said


def test_the_last_word_names_the_bad_answers_too() -> None:
    totals = {"sent": 13382, "answered": 13382, "lost": 0, "bad": 67, "cut": 0}

    assert "13382 answered, 67 of them bad (5xx), 0 lost" in last_word(totals)
