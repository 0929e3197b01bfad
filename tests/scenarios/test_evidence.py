"""The end of the old gateways' logs is kept before they are removed, and the report names it."""

from __future__ import annotations

import pytest

from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(240)]


def test_the_end_of_each_old_gateways_log_is_beside_the_store_after_a_run(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT, strategy="blue-green", evidence={"logs": "1m"})
    with stage.clients():
        code = operator.ends(operator.run())
    report = operator.report()

    assert code == 0, operator.said()[-3000:]
    assert len(report["evidence"]) == len(stage.old)
    assert all(row["bytes"] for row in report["evidence"])
