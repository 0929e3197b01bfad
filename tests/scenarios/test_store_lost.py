"""The store is lost at half of the traffic, and its process killed: the run is taken over from its record in the cluster."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.scenarios.ground import Ground, in_order
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(420)]

SOURCE = "istio-ingressgateway"


@pytest.mark.matrix
def test_a_run_whose_store_is_lost_is_adopted_and_completes(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    with stage.clients() as load:
        newcomer = lost_at_half(stage, operator)
        adopted(newcomer)
        code = newcomer.ends(newcomer.begin("resume"))
        summary = load.end()
    shares = [share for _, share in stage.effective_shares()]

    assert (code, newcomer.report()["state"]) == (0, "completed"), newcomer.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert in_order(shares, slack=1.0), shares
    assert kept(stage) == []


def test_a_run_whose_store_is_lost_is_adopted_and_goes_back(stage: Ground, operator: Operator) -> None:
    operator.plan(**SHORT)
    before, services = stage.weights(), selectors(stage)
    with stage.clients() as load:
        newcomer = lost_at_half(stage, operator)
        found = newcomer.call("plan", str(operator.ground.folder / "plan.yaml"), "--output", "json")
        adopted(newcomer)
        code = newcomer.ends(newcomer.begin("rollback"))
        summary = load.end()

    codes = {row["code"] for row in json.loads(found.stdout)["plan"]["findings"] if row["severity"] == "block"}
    assert codes & {"run.lost", "target.run-active"}, codes  # the latter while the dead process's Lease lasts
    assert (code, newcomer.report()["state"]) == (4, "rolled-back"), newcomer.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert stage.weights() == before
    assert selectors(stage) == services
    assert not stage.exists("apps/v1/daemonsets/istio-ingressgateway-ds")
    assert kept(stage) == []


def lost_at_half(stage: Ground, operator: Operator) -> Operator:
    """Run to half, delete the store, kill the process; give somebody with an empty store of their own."""
    running = operator.run()
    operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
    for file in operator.store.parent.glob(f"{operator.store.name}*"):
        file.unlink()
    operator.kill(running)
    folder: Path = stage.folder / "newcomer"
    folder.mkdir()
    return Operator(stage, folder / "other.db", operator.started)


def adopted(newcomer: Operator) -> None:
    """Adopt, as soon as the dead process's Lease has run out; sooner it is refused, with who has it."""
    gateway = f"{newcomer.ground.namespace}/{SOURCE}"
    words = ("adopt", gateway, "--kubeconfig", newcomer.ground.record.kubeconfig, "--context", "lab")
    done: subprocess.CompletedProcess[str] = newcomer.call(*words)
    for _ in range(30):
        if done.returncode == 0:
            break
        assert (done.returncode, "is held by" in done.stderr) == (2, True), done.stderr
        time.sleep(2.0)
        done = newcomer.call(*words)
    assert done.returncode == 0, done.stderr
    assert "halted" in done.stdout
    assert newcomer.runs()[0]["state"] == "halted"


def kept(stage: Ground) -> list[str]:
    """Give what is kept of runs in the namespace."""
    rows = stage.cluster.get(f"/api/v1/namespaces/{stage.namespace}/configmaps")["items"]
    return [row["metadata"]["name"] for row in rows if row["metadata"]["name"].startswith("migrator-")]


def selectors(stage: Ground) -> dict[str, object]:
    """Give what each Service selects, and its annotations."""
    rows = stage.cluster.get(f"/api/v1/namespaces/{stage.namespace}/services")["items"]
    return {
        row["metadata"]["name"]: (row["spec"].get("selector"), row["metadata"].get("annotations") or {}) for row in rows
    }
