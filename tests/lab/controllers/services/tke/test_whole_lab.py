"""A whole migration where TKE's own controller owns the weights, under load: `migrator lab demo --balancer tke`."""

from pathlib import Path

import pytest

from migrator.lab.demo import demonstration
from migrator.lab.ground.layout import TKE, Scenario

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]


def test_a_migration_loses_no_request(tmp_path: Path) -> None:
    account = demonstration.demonstrate(
        Scenario(net="auto", balancer=TKE, parts=demonstration.PARTS), tmp_path, None, lambda _: None
    )

    assert account.problems() == []
    assert account.exit_code == 0
    totals = account.summary["totals"]
    assert (totals["lost"], totals["bad"]) == (0, 0)
    assert totals["sent"] == totals["answered"] > 3000
    assert account.achieved[-1].asked == 100
