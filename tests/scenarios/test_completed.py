"""One migration from end to end under load: what `make test` proves of the whole."""

from pathlib import Path

import pytest

from migrator.lab.demo.shares import Achieved
from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]

NEAR = 3.0
ENOUGH = 100


def test_a_migration_under_load_loses_no_request_and_leaves_nothing_but_the_new_side(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**SHORT)
    with stage.counting() as counted, stage.clients() as load:
        running = operator.run()
        code = operator.ends(running)
        summary = load.end()
    report, totals = operator.report(), summary["totals"]

    assert (code, report["state"], report["turned_back"]) == (0, "completed", None), operator.said()[-3000:]
    assert (totals["lost"], totals["bad"]) == (0, 0), summary["marks"]
    assert summary["balanced"]
    assert totals["sent"] == totals["answered"] > 3000
    assert {10, 50, 90, 100} <= {share["requested"] for share in report["shares"]}
    assert all(came(counted(), share) for share in (10, 50, 90, 100)), counted()
    assert report["journal_whole"]
    assert not stage.exists("apps/v1/deployments/istio-ingressgateway")
    assert stage.get("apps/v1/daemonsets/istio-ingressgateway-ds")["status"]["numberReady"] == len(stage.nodes)
    assert all(stage.is_new(target) for target in stage.weights())
    assert stage.share() == 100
    assert stage.get("v1/services/istio-ingressgateway")["spec"]["selector"]["app"] == "istio-ingressgateway-ds"
    assert not_running(running.pid)


def came(counted: list[Achieved], share: float) -> bool:
    """Say whether the balancer's counters saw this share of new connections, by weights and by connections."""
    return any(
        abs(row.asked - share) < NEAR and row.got is not None and abs(row.got - share) < NEAR
        for row in counted
        if row.connections >= ENOUGH
    )


def not_running(session: int) -> bool:
    """Say that no process of this session is left; each command has a session of its own."""
    return all(_session(entry) != session for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _session(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:
        return None
