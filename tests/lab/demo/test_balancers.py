"""A whole migration behind each kind of balancer, under load: `migrator lab demo --balancer KIND`."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from migrator.lab.demo import demonstration
from migrator.lab.demo.account import Account
from migrator.lab.demo.gateway_faults import OLD_RESTART, STRANGER
from migrator.lab.ground.layout import BALANCERS, HAPROXY, LAYER_7, TKE, Scenario
from migrator.lab.haproxy import program
from migrator.lab.soak.harm import apart, not_right
from migrator.lab.soak.record import Struck

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]
OWN_SHARES = (TKE, "aliyun-clb", "aliyun-nlb", "aws")
"""Kinds whose weights are too coarse, or changed by a controller one by one, for the shares of the plan to be seen."""
NEEDS_HAPROXY = pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")


def kinds(*marks: pytest.MarkDecorator, haproxy: pytest.MarkDecorator | None = None) -> list[ParameterSet]:
    """Give every kind of balancer that there is, but the first, whose demonstrations are in `test_demonstration`."""
    first, *others = BALANCERS
    assert first == "tencent"
    own = [haproxy] if haproxy else [*marks]
    return [pytest.param(kind, marks=[*own, NEEDS_HAPROXY] if kind == HAPROXY else marks) for kind in others]


@pytest.mark.matrix
@pytest.mark.parametrize("fault", ["errors", "not-found"])
@pytest.mark.parametrize("balancer", kinds())
def test_a_new_side_that_turns_bad_is_left_again_behind_every_balancer(
    tmp_path: Path, balancer: str, fault: str
) -> None:
    scenario = Scenario(net="auto", balancer=balancer, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, fault, lambda _: None)

    assert account.problems() == []
    assert account.totals["lost"] == 0
    assert account.fault_times()["verdict"] is not None
    assert account.totals["wrong" if fault == "not-found" else "bad"] > 0


@pytest.mark.parametrize("balancer", kinds(pytest.mark.matrix, haproxy=pytest.mark.slow))
def test_a_migration_loses_no_request(tmp_path: Path, balancer: str) -> None:
    scenario = Scenario(net="auto", balancer=balancer, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, None, lambda _: None)

    assert account.problems() == []
    assert account.exit_code == 0
    totals = account.summary["totals"]
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"] > 3000
    assert account.achieved[-1].asked == 100
    if balancer not in OWN_SHARES:
        assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]


def cut_by_their_gateway(account: Account) -> int:
    """Count the messages that were under way on a WebSocket when a restart ended its gateway: no rule keeps those.

    A soak counts them apart by the same rule.
    """
    restarted = Struck("restart the Deployment", "the old gateways", 50.0, 0.0, at=account.struck or 0.0)
    return apart(not_right(account.rows), [restarted])


@pytest.mark.matrix
@pytest.mark.parametrize("balancer", [LAYER_7, TKE, "aliyun-clb", "aliyun-nlb", "aws"])
def test_old_gateways_that_are_restarted_on_the_way_are_taken_up_again_behind_every_balancer(
    tmp_path: Path, balancer: str
) -> None:
    scenario = Scenario(net="auto", balancer=balancer, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, OLD_RESTART, lambda _: None)

    totals = account.summary["totals"]
    assert account.exit_code == 0, account.problems()
    assert totals["lost"] + totals["bad"] == cut_by_their_gateway(account)
    assert account.achieved[-1].asked == 100


@pytest.mark.matrix
def test_what_only_the_clouds_monitoring_can_see_turns_a_run_back(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", balancer=LAYER_7, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, STRANGER, lambda _: None)

    assert account.problems() == []
    assert account.totals["bad"] > 0
    assert "judge balancer" in str(account.run["turned_back"]["why"]), "no gateway counts what a stranger answers"
