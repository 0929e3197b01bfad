"""After a run into another cluster: the gateway stands in one, and a plan file of that cluster alone is all it needs."""

from pathlib import Path

import pytest
import yaml

from migrator.lab.demo.loading import Load
from tests.scenarios.clusters.ground import AWAY, HOME, TwoClusters
from tests.scenarios.operator import SHORT, Json, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

NAME = "istio-ingressgateway-ds"


def gone_over(stage: TwoClusters, operator: Operator) -> None:
    """Move the gateway into the other cluster."""
    operator.plan(**SHORT)
    assert operator.ends(operator.run(), within=300.0) == 0, operator.said()[-3000:]


def copied(stage: TwoClusters, name: str, **changes: Json) -> Path:
    """Copy the plan file with other values of `spec`."""
    content = yaml.safe_load((stage.folder / "plan.yaml").read_text(encoding="utf-8"))
    content["metadata"]["name"] = name
    content["spec"] |= changes
    file = stage.folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def alone(stage: TwoClusters, operator: Operator) -> Path:
    """Do as the refusal of a file with two clusters says."""
    refused = operator.call("restart", str(stage.folder / "plan.yaml"), "--yes")
    line = refused.stderr.replace("\n", " ").partition("write `")[2].partition("` in")[0]
    target = yaml.safe_load((stage.folder / "plan.yaml").read_text(encoding="utf-8"))["spec"]["target"]
    del target["cluster"]
    assert refused.returncode == 2, refused.stderr
    return copied(stage, "alone", target=target, after="migrator", waive=[], **yaml.safe_load(" ".join(line.split())))


def assert_nothing_was_lost(load: Load) -> None:
    summary = load.end()
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]


def test_with_a_plan_file_of_its_cluster_alone_the_new_side_is_restarted_set_apart_and_followed(
    stage: TwoClusters, operator: Operator
) -> None:
    with stage.clients() as load:
        gone_over(stage, operator)
        file = str(alone(stage, operator))
        restarted = operator.ends(operator.begin("restart", file, "--soak", "2s", "--yes"), within=400.0)
        said = operator.said()
        pod = stage.there.ready_pods({"app": NAME})[0]["metadata"]["name"]
        apart = operator.ends(operator.begin("isolate", pod, "--plan", file, "--yes"), within=300.0)
        back = operator.ends(operator.begin("release", pod, "--plan", file, "--delete", "--yes"), within=300.0)
        following = operator.begin("follow", file)
        operator.await_("a follower at work", lambda eye: eye.title.startswith("Follow"))
        operator.kill(following)
        assert_nothing_was_lost(load)

    assert restarted == 0, said[-3000:]
    assert (apart, back) == (0, 0), operator.said(-3)[-2000:] + operator.said(-2)[-2000:]
    assert stage.share() == 100


def test_the_next_run_leads_on_to_another_cluster(stage: TwoClusters, operator: Operator) -> None:
    with stage.clients() as load:
        gone_over(stage, operator)
        spec = yaml.safe_load((stage.folder / "plan.yaml").read_text(encoding="utf-8"))["spec"]
        target = {**spec["target"], "name": "istio-ingressgateway-on", "ports": {str(stage.new_port): 28080}}
        target |= {"cluster": {"context": HOME}, "labels": {"app": "istio-ingressgateway-on"}}
        cluster = {**spec["cluster"], "context": AWAY}
        on = copied(stage, "on", cluster=cluster, source={"kind": "DaemonSet", "name": NAME}, target=target)
        planned = operator.call("plan", str(on), "--output", "json")
        assert planned.returncode == 0, planned.stdout[-6000:] + planned.stderr[-2000:]
        ended = operator.ends(operator.run(), within=300.0)
        assert_nothing_was_lost(load)

    assert ended == 0, operator.said()[-3000:]
    assert not stage.there.exists(f"apps/v1/daemonsets/{NAME}")
    assert stage.exists("apps/v1/daemonsets/istio-ingressgateway-on")
    assert {target.partition(":")[2] for target in stage.weights()} == {"28080"}
