"""A whole migration behind an HTTP listener with forwarding rules, under load: `migrator lab demo --balancer tencent-l7`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.ground.layout import LAYER_7, Scenario

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]


def test_a_migration_by_rules_loses_no_request(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", balancer=LAYER_7, parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, None, lambda _: None)

    assert account.problems() == []
    assert account.exit_code == 0
    totals = account.summary["totals"]
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"] > 3000
    assert [round(each.asked) for each in account.achieved if each.asked > 9] == [10, 50, 90, 100]
