"""A whole migration behind AWS target groups, under load: `migrator lab demo --balancer aws`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.ground.layout import Scenario

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(300)]


def test_a_migration_loses_no_request(tmp_path: Path) -> None:
    scenario = Scenario(net="127.152", balancer="aws", parts=demonstration.PARTS)
    account = demonstration.demonstrate(scenario, tmp_path, None, lambda _: None)

    assert account.problems() == []
    assert account.exit_code == 0
    totals = account.summary["totals"]
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"] > 3000
