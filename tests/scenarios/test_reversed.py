"""There and back again under load: a completed migration is taken back to the Deployment that its run kept."""

import pytest

from tests.scenarios.ground import Ground, Json
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(400)]

NAME = "istio-ingressgateway"


def test_a_completed_migration_is_taken_back_under_load_and_loses_no_request(stage: Ground, operator: Operator) -> None:
    before = {path: stage.get(path)["spec"] for path in (f"apps/v1/deployments/{NAME}", f"v1/services/{NAME}")}
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


def assert_all_is_as_it_was(stage: Ground, before: dict[str, Json]) -> None:
    assert not stage.exists(f"apps/v1/daemonsets/{NAME}-ds")
    assert not stage.exists(f"v1/services/{NAME}-ds")
    assert not stage.exists(f"v1/services/{NAME}-back")
    pods = {pod["status"]["podIP"] for pod in stage.ready_pods({"app": NAME})}
    assert set(stage.weights()) == {f"{address}:8080" for address in pods}
    assert len(pods) == len(stage.old)
    assert stage.share() == 0
    now = {path: stage.get(path)["spec"] for path in before}
    service = f"v1/services/{NAME}"
    assert now[service]["selector"] == before[service]["selector"]
    assert [row["targetPort"] for row in now[service]["ports"]] == [15021, 8080]
    deployment = f"apps/v1/deployments/{NAME}"
    labels = now[deployment]["template"]["metadata"]["labels"]
    assert labels == {**before[deployment]["template"]["metadata"]["labels"], "version": "not-v2"}
    assert now[deployment]["replicas"] == before[deployment]["replicas"]
