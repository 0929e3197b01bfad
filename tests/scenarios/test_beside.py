"""A container of ours beside the new gateways by the plan's own key: made with its printed rights, moved to under load, and its
pods then ended by others."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from migrator.lab.ground.layout import SECRETS
from tests.scenarios.ground import Ground, Json, eventually
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(900)]

NAME = "istio-ingressgateway-ds"
MERGE = {"Content-Type": "application/merge-patch+json"}


def grant(stage: Ground, operator: Operator) -> None:
    """Make what `plan` says that the container needs: the printed role, its binding, and the Secret."""
    printed = operator.call("rbac", str(stage.folder / "plan.yaml"), "--farewell", "--output", "json")
    for made in operator._json(printed)["roles"]:
        stage.cluster.create(made)
    meta = {"name": "migrator-farewell", "namespace": stage.namespace}
    data = {name: base64.b64encode(value.encode()).decode() for name, value in SECRETS.items()}
    stage.cluster.create({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": data})


def restart(stage: Ground) -> None:
    """What `kubectl rollout restart` does, waited for."""
    path = f"/apis/apps/v1/namespaces/{stage.namespace}/daemonsets/{NAME}"
    notes = {"spec": {"template": {"metadata": {"annotations": {"restarted": str(time.time())}}}}}
    stage.cluster.http.patch(path, json=notes, headers=MERGE).raise_for_status()

    def settled() -> bool:
        found = stage.cluster.get(path)
        status, wanted = found["status"], found["status"].get("desiredNumberScheduled")
        done = (status.get("updatedNumberScheduled"), status.get("numberAvailable"))
        return status.get("observedGeneration") == found["metadata"]["generation"] and done == (wanted, wanted)

    eventually("the end of the rolling restart", settled, 400.0)


def test_the_plans_own_key_puts_a_container_beside_each_new_gateway_and_nothing_is_lost(
    stage: Ground, operator: Operator, record_property: Callable[[str, object], None]
) -> None:
    found: Json = operator.plan(
        **SHORT, strategy="blue-green", target_harden={"image": "lab/migrator", "by": "balancer"}
    )
    codes = {row["code"] for row in found["plan"]["findings"]}
    grant(stage, operator)

    with stage.clients() as load:
        assert operator.ends(operator.run()) == 0, operator.said()[-3000:]
        moved = load.end()["totals"]
    before = stage.weights()
    with stage.clients() as load:
        time.sleep(3.0)
        restart(stage)
        time.sleep(3.0)
        restarted = load.end()["totals"]
    stage.mend_api()

    assert "termination.companion" in codes
    for name, totals in (("moved", moved), ("restarted", restarted)):
        record_property(name, f"sent {totals['sent']}, lost {totals['lost']}, bad {totals['bad']}")
        print(f"{name}: sent {totals['sent']}, lost {totals['lost']}, bad {totals['bad']}, cut {totals.get('cut', 0)}")
        assert totals["sent"] > 500
        assert (totals["lost"], totals["bad"]) == (0, 0), name
    assert stage.weights() == before
