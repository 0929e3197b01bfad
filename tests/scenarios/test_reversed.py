"""There and back again under load: a completed migration is taken back to the Deployment that its run kept."""

import pytest

from tests.scenarios.ground import Ground, Json
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(400)]

NAME = "istio-ingressgateway"
DEPLOYMENT, SERVICE = f"apps/v1/deployments/{NAME}", f"v1/services/{NAME}"


def scalers(stage: Ground) -> str:
    return f"/apis/autoscaling/v2/namespaces/{stage.namespace}/horizontalpodautoscalers"


def specs(stage: Ground) -> tuple[Json, Json, Json]:
    """Give the specs of the Deployment, its Service and its HPA."""
    scales = stage.cluster.get(f"{scalers(stage)}/{NAME}")
    return stage.get(DEPLOYMENT)["spec"], stage.get(SERVICE)["spec"], scales["spec"]


def scaler(namespace: str) -> Json:
    """What would shrink the old side, and comes back with it."""
    spec = {
        "minReplicas": 1,
        "maxReplicas": 9,
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": NAME},
    }
    meta = {"name": NAME, "namespace": namespace}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": meta, "spec": spec}


def test_a_completed_migration_is_taken_back_under_load_and_loses_no_request(stage: Ground, operator: Operator) -> None:
    stage.cluster.http.post(scalers(stage), json=scaler(stage.namespace)).raise_for_status()
    before = specs(stage)
    operator.plan(**SHORT)
    with stage.clients() as load:
        there = operator.ends(operator.run())
        assert (there, operator.found().state) == (0, "completed"), operator.said()[-3000:]
        planned = operator.call("plan", "--reverse", str(operator.found().id), "--output", "json")
        assert planned.returncode == 0, planned.stdout[-4000:] + planned.stderr[-2000:]
        back = operator.ends(operator.run())
        summary = load.end()
    report, totals = operator.report(), summary["totals"]

    assert (back, report["state"], report["turned_back"]) == (0, "completed", None), operator.said()[-3000:]
    assert (totals["lost"], totals["bad"]) == (0, 0), summary["marks"]
    assert summary["balanced"]
    assert totals["sent"] == totals["answered"] > 6000
    assert {10, 50, 90, 100} <= {share["requested"] for share in report["shares"]}
    assert report["journal_whole"]
    assert_all_is_as_it_was(stage, before)


def assert_all_is_as_it_was(stage: Ground, before: tuple[Json, Json, Json]) -> None:
    assert not stage.exists(f"apps/v1/daemonsets/{NAME}-ds")
    assert not stage.exists(f"v1/services/{NAME}-ds")
    assert not stage.exists(f"v1/services/{NAME}-back")
    pods = {pod["status"]["podIP"] for pod in stage.ready_pods({"app": NAME})}
    assert set(stage.weights()) == {f"{address}:8080" for address in pods}
    assert len(pods) == len(stage.old)
    assert stage.share() == 0
    deployment, service, scales = specs(stage)
    assert deployment == before[0]  # its own label tells its pods from the leaving ones: none is added
    assert service["selector"] == before[1]["selector"]
    assert service["ports"] == before[1]["ports"]
    assert scales == before[2]
