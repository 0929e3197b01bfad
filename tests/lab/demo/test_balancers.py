"""A whole migration behind each kind of balancer, under load: `migrator lab demo --balancer KIND`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.ground.layout import HAPROXY, LAYER_7, TKE, Scenario
from migrator.lab.haproxy import program

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]
OWN_SHARES = (TKE, "aliyun-clb", "aliyun-nlb", "aws")
"""Kinds whose weights are too coarse, or changed by a controller one by one, for the shares of the plan to be seen."""
NEEDS_HAPROXY = pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")


@pytest.mark.parametrize(
    "balancer",
    [
        pytest.param(LAYER_7, marks=pytest.mark.matrix),
        pytest.param(TKE, marks=pytest.mark.matrix),
        pytest.param("aliyun-clb", marks=pytest.mark.matrix),
        pytest.param("aliyun-nlb", marks=pytest.mark.matrix),
        pytest.param("aws", marks=pytest.mark.matrix),
        pytest.param(HAPROXY, marks=[pytest.mark.slow, NEEDS_HAPROXY]),
    ],
)
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
