"""After a run into another cluster the gateway stands in one: by the run's own plan, and without a look at the first."""

from pathlib import Path

import pytest
import yaml

from tests.scenarios.clusters.ground import API, AWAY, HOME, TwoClusters
from tests.scenarios.endings import assert_nothing_lost
from tests.scenarios.ground import eventually
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(900)]

NAME = "istio-ingressgateway-ds"


def gone_over(operator: Operator, **changes: str) -> None:
    """Move the gateway into the other cluster."""
    operator.plan(**SHORT, **changes)
    assert operator.ends(operator.run(), within=300.0) == 0, operator.said()[-3000:]


def copied(stage: TwoClusters, name: str, **changes: Json) -> Path:
    """Copy the plan file with other values of `spec`."""
    content = yaml.safe_load((stage.folder / "plan.yaml").read_text(encoding="utf-8"))
    content["metadata"]["name"] = name
    content["spec"] |= changes
    file = stage.folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def follows(operator: Operator, what: str) -> None:
    """Begin a follower, and kill it once it is at work."""
    following = operator.begin("follow", what)
    eventually("a follower at work", lambda: "nodes serve" in operator.said(), 90.0)
    operator.kill(following)


def test_the_new_side_is_restarted_set_apart_and_followed_while_the_first_cluster_cannot_be_seen(
    stage: TwoClusters, operator: Operator
) -> None:
    with stage.clients() as load:
        gone_over(operator, after="migrator")
        stage.shut(API, kind="half-open")
        restarted = operator.ends(operator.begin("restart", "1", "--soak", "2s", "--yes"), within=400.0)
        said = operator.said()
        pod = stage.there.ready_pods({"app": NAME})[0]["metadata"]["name"]
        apart = operator.ends(operator.begin("isolate", pod, "--plan", "1", "--yes"), within=300.0)
        file = str(stage.folder / "plan.yaml")
        back = operator.ends(operator.begin("release", pod, "--plan", file, "--delete", "--yes"), within=300.0)
        follows(operator, "1")
        follows(operator, file)
        summary = load.end()

    assert restarted == 0, said[-3000:]
    assert (apart, back) == (0, 0), operator.said(-4)[-2000:] + operator.said(-3)[-2000:]
    assert_nothing_lost(summary)
    assert stage.share() == 100


def test_the_next_run_leads_on_to_another_cluster(stage: TwoClusters, operator: Operator) -> None:
    with stage.clients() as load:
        gone_over(operator)
        spec = yaml.safe_load((stage.folder / "plan.yaml").read_text(encoding="utf-8"))["spec"]
        target = {**spec["target"], "name": "istio-ingressgateway-on", "ports": {str(stage.new_port): 28080}}
        target |= {"cluster": {"context": HOME}, "labels": {"app": "istio-ingressgateway-on"}}
        cluster = {**spec["cluster"], "context": AWAY}
        on = copied(stage, "on", cluster=cluster, source={"kind": "DaemonSet", "name": NAME}, target=target)
        planned = operator.call("plan", str(on), "--output", "json")
        assert planned.returncode == 0, planned.stdout[-6000:] + planned.stderr[-2000:]
        ended = operator.ends(operator.run(), within=300.0)
        summary = load.end()

    assert ended == 0, operator.said()[-3000:]
    assert_nothing_lost(summary)
    assert not stage.there.exists(f"apps/v1/daemonsets/{NAME}")
    assert stage.exists("apps/v1/daemonsets/istio-ingressgateway-on")
    assert {target.partition(":")[2] for target in stage.weights()} == {"28080"}
