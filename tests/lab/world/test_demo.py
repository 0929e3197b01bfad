"""The demonstration keeps its promises: nothing lost when all is well, and back in time when it is not."""

from pathlib import Path

import pytest

from migrator.lab.world import demo
from migrator.lab.world.account import Account
from migrator.lab.world.demo import step_of
from migrator.lab.world.layout import Scenario


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
