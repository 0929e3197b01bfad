"""What cannot be seen: a token that ends, an API server that forbids, is gone or hangs, a balancer that lets nobody in.

Everywhere the run holds or turns back as the plan says, nothing is lost by it, and `status` says what still protects.
"""

import time

import pytest

from tests.scenarios.endings import ending, half_way, looked_on
from tests.scenarios.ground import Ground, eventually
from tests.scenarios.operator import SHORT, Json, Operator
from tests.scenarios.reaction import strike, trouble_of

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]

A_WHILE = 6.0
PROPAGATION = 0.6
HANGS = {"status": "delay", "seconds": 90.0}
LONG = {**SHORT, "traffic_soak": "60s", "traffic_maxSoak": "90s"}


@pytest.mark.parametrize("code", [401, 403])
def test_a_token_that_ends_at_a_share_holds_the_run_which_goes_on_when_somebody_has_logged_in(
    stage: Ground, operator: Operator, code: int
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut_api(code)
        held = looked_on(stage, operator, A_WHILE)
        stage.mend_api()
        ended = ending(operator, load, running)

    held.assert_at_half()
    assert any(str(code) in words for words in held.status["troubles"]), held.status["troubles"]
    assert len(held.status["protection"]["by"]) >= 2, held.status["protection"]
    ended.assert_completed()


@pytest.mark.parametrize("fault", ["401", "hangs", "gone"])
def test_new_gateways_that_die_while_the_api_server_is_lost_are_left_at_once(
    stage: Ground, operator: Operator, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The balancer alone is needed to go back. What was in flight at the crash is all that may be lost."""
    faults: dict[str, Json] = {"401": {"status": 401}, "hangs": HANGS, "gone": {"status": "drop"}}
    operator.plan(**LONG)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut_api(**faults[fault])
        time.sleep(4.0)
        struck = strike(trouble_of(stage, "crash"), operator)
        eventually("all traffic on old", lambda: stage.share() == 0, 30.0)
        back = time.time() - struck
        seen = operator.status()
        stage.mend_api()
        ended = ending(operator, load, running)
    with capsys.disabled():
        print(f"\n  {fault}: all on old {back:.2f} s after the crash; {ended.summary['totals']}", end="")

    assert seen["heading"] == "back"
    assert (ended.code, ended.state) == (4, "rolled-back"), ended.said
    assert stage.weights() == before


def test_a_way_back_with_an_api_server_that_hangs_is_over_within_seconds(
    stage: Ground, operator: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    operator.plan(**LONG)
    before = stage.weights()
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.shut_api(**HANGS)
        asked = time.time()
        assert operator.call("rollback", "--note", "now").returncode == 0
        eventually("all traffic on old", lambda: stage.share() == 0, 30.0)
        took = time.time() - asked
        stage.mend_api()
        ended = ending(operator, load, running)
    effective = next(at for at, share in reversed(stage.effective_shares()) if share == 0) - asked
    with capsys.disabled():
        print(f"\n  hangs: share 0 after {took:.2f} s", end="")

    assert effective > 0
    ended.assert_gone_back()
    assert stage.weights() == before


def test_a_balancer_that_lets_nobody_in_holds_the_run_and_it_goes_on_by_itself(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        running = operator.run()
        half_way(stage, operator)
        stage.break_balancer(denied=["DescribeTargets", "DescribeTargetHealth", "BatchModifyTargetWeight"])
        held = looked_on(stage, operator, A_WHILE)
        stage.break_balancer(denied=[])
        ended = ending(operator, load, running)

    held.assert_at_half()
    assert held.status["protection"]["lost"]
    ended.assert_completed()
