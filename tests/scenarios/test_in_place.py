"""Nodes that change hands one after another, under load: kill -9 at the moments that matter, both ways, an old pod that
somebody deletes elsewhere, and one node alone, whose loss lies within the window that the plan has told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import yaml

from migrator.domain.model.runs import Heading
from migrator.lab.demo.command_line import plan_for
from migrator.lab.demo.demonstration import OTHER_PLANS, Stage, staged
from migrator.lab.demo.hands import addresses_of
from migrator.lab.ground.layout import BALANCER_ID, GATEWAY_NAMESPACE, IN_PLACE, Scenario
from migrator.store import Kind
from tests.scenarios.ground import Ground, eventually
from tests.scenarios.operator import Eye, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

Json = dict[str, Any]
DEPLOYMENT = f"/apis/apps/v1/namespaces/{GATEWAY_NAMESPACE}/deployments/istio-ingressgateway"
PODS = f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods"
ENDS_WITHIN = 300.0


@dataclass(frozen=True, slots=True)
class Folder:
    """What an operator needs of a ground: where its files are."""

    folder: Path


@contextmanager
def somebody(tmp_path: Path, nodes: int = 3, **changes: Any) -> Iterator[tuple[Stage, Operator, Json]]:
    """Give a lab under load, somebody with a plan for it, and the plan; `changes` are values of its `spec`."""
    scenario = Scenario(net="auto", way=IN_PLACE, nodes=nodes, replicas=nodes)
    with staged(scenario, tmp_path, lambda _words: None) as stage:
        operator = Operator(cast("Ground", Folder(tmp_path)), tmp_path / "migrator.db")
        file = plan_for(stage.record.net, Path(stage.record.kubeconfig), OTHER_PLANS[IN_PLACE], tmp_path / "plan.yaml")
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["spec"].update(changes)
        file = tmp_path / "mine.yaml"
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        done = operator.call("plan", str(file), "--output", "json")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        try:
            yield stage, operator, operator._json(done)["plan"]
        finally:
            operator.close()


def weights(stage: Stage) -> dict[str, int]:
    """Give the weight of each node's row."""
    url = f"http://{stage.layout.balancer_admin}/balancers/{BALANCER_ID}"
    found = httpx.get(url, timeout=5, trust_env=False).raise_for_status().json()
    return {row["address"]: row["weight"] for row in found["listeners"][0]["targets"]}


def told(eye: Eye) -> list[tuple[Kind, str]]:
    """Give the writes of the journal as its rows tell them, each with the code of its reason."""
    return [(row.kind, str(row.data)) for row in eye.rows if row.kind in (Kind.INTENDED, Kind.SETTLED, Kind.FAILED)]


def settled(words: str, nth: int = 1) -> Callable[[Eye], bool]:
    """Say whether the `nth` write with these words has been intended, and the next row of a write is its settling."""

    def happened(eye: Eye) -> bool:
        rows = told(eye)
        at = [i for i, (kind, data) in enumerate(rows) if kind is Kind.INTENDED and words in data]
        return len(at) >= nth and any(kind is Kind.SETTLED for kind, _ in rows[at[nth - 1] + 1 :])

    return happened


def intended(words: str, nth: int = 1) -> Callable[[Eye], bool]:
    """Say whether the `nth` write with these words has been intended."""
    return lambda eye: sum(kind is Kind.INTENDED and words in data for kind, data in told(eye)) >= nth


def starting(stage: Stage, node: int) -> Callable[[Eye], bool]:
    """Say whether the new pod of a node has its ports, and is not Ready."""

    def happened(_eye: Eye) -> bool:
        pods = stage.cluster.get(PODS)["items"]
        mine = [pod for pod in pods if pod["metadata"].get("ownerReferences", [{}])[0].get("kind") == "DaemonSet"]
        here = [pod for pod in mine if pod["spec"].get("nodeName") == f"node-{node}"]
        return any(
            not any(row["type"] == "Ready" and row["status"] == "True" for row in pod["status"].get("conditions", []))
            for pod in here
        )

    return happened


def moments(stage: Stage) -> tuple[tuple[str, Callable[[Eye], bool]], ...]:
    return (
        ("its pod costs least", settled("swap.price", 1)),
        ("the Deployment has a replica less", settled("swap.shrink", 1)),
        ("the new pod starts", starting(stage, 1)),
        ("its weight is about to come back", intended("renew.weigh", 2)),
        ("the second node is let on", settled("swap.let-on", 2)),
        ("the second pod costs least", intended("swap.price", 2)),
        ("the Deployment is about to shrink", intended("swap.shrink", 2)),
        ("the last pod starts", starting(stage, 3)),
    )


def assert_moved(stage: Stage, nodes: int = 3) -> None:
    assert len(addresses_of(stage.cluster)) == nodes
    assert set(weights(stage).values()) == {100}
    labels = [node["metadata"]["labels"] for node in stage.cluster.get("/api/v1/nodes")["items"]]
    assert not [key for each in labels for key in each if key.startswith("migrator.dev/")]


def ended(stage: Stage, capsys: pytest.CaptureFixture[str], what: str) -> Json:
    """End the load, print its account and give it."""
    stage.load.finish()
    summary: Json = stage.load.end()
    with capsys.disabled():
        print(f"\n  {what}: {summary['totals']}", end="")
    return summary


def test_a_move_that_is_killed_at_every_moment_that_matters_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody(tmp_path) as (stage, operator, _):
        running = operator.run()
        for what, moment in moments(stage):
            operator.await_(what, moment, within=ENDS_WITHIN)
            operator.kill(running)
            running = operator.begin("resume")
        code = operator.ends(running, ENDS_WITHIN)
        summary = ended(stage, capsys, "killed eight times on its way")
        report = operator.report()

        assert (code, report["state"]) == (0, "completed"), operator.said()[-3000:]
        assert report["journal_whole"]
        assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
        assert_moved(stage)


def test_a_move_that_is_rolled_back_in_the_middle_and_killed_on_its_way_back_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody(tmp_path) as (stage, operator, _):
        before = weights(stage)
        running = operator.run()
        operator.await_("the second node's replica is taken", settled("swap.shrink", 2), within=ENDS_WITHIN)
        assert operator.call("rollback").returncode == 0
        for what, moment in (
            ("the DaemonSet is kept off a node", settled("swap.clear", 1)),
            ("the Deployment is about to grow", intended("swap.grow", 1)),
            ("an old pod has its weight back", lambda eye: eye.title.startswith("Swap node-1")),
        ):
            operator.await_(what, on_the_way_back(moment), within=ENDS_WITHIN)
            operator.kill(running)
            running = operator.begin("resume")
        code = operator.ends(running, ENDS_WITHIN)
        summary = ended(stage, capsys, "rolled back in the middle, and killed three times")

        assert (code, operator.report()["state"]) == (4, "rolled-back"), operator.said()[-3000:]
        assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
        assert weights(stage) == before
        assert stage.cluster.get(DEPLOYMENT)["spec"]["replicas"] == 3
        assert addresses_of(stage.cluster) == set()


def on_the_way_back(moment: Callable[[Eye], bool]) -> Callable[[Eye], bool]:
    return lambda eye: eye.run.heading is Heading.BACK and moment(eye)


def test_an_old_pod_that_somebody_deletes_elsewhere_brings_no_unproved_gateway(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody(tmp_path) as (stage, operator, _):
        running = operator.run()
        operator.await_("the first node is being swapped", settled("swap.shrink", 1), within=ENDS_WITHIN)
        deleted = old_pod_of(stage, 3)
        stage.cluster.delete(f"{PODS}/{deleted}")
        at = {pod["spec"]["nodeName"]: pod["status"]["hostIP"] for pod in bound(stage)}["node-3"]
        early: list[int] = []

        def old_again() -> bool:
            if at in addresses_of(stage.cluster):
                early.append(weights(stage)[at])
            return any(pod["metadata"]["name"] != deleted and is_ready(pod) for pod in bound(stage, "node-3"))

        eventually("an old pod on the third node again", old_again, 240.0)
        code = operator.ends(running, ENDS_WITHIN)
        summary = ended(stage, capsys, "an old pod deleted elsewhere by hand")

        assert early == []
        assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
        assert_moved(stage)
        harmed = [row for row in stage.load.rows() if row["outcome"] in ("lost", "bad", "wrong")]
        assert all(row["gateway"] in ("", at, None) or str(row["gateway"]).startswith(at) for row in harmed), harmed[:3]
        assert summary["totals"]["wrong"] == 0


def bound(stage: Stage, node: str = "") -> list[Json]:
    """Give the pods that have a node (this one)."""
    pods = stage.cluster.get(PODS)["items"]
    return [pod for pod in pods if pod["spec"].get("nodeName") and node in ("", pod["spec"]["nodeName"])]


def is_ready(pod: Json) -> bool:
    return any(row["type"] == "Ready" and row["status"] == "True" for row in pod["status"].get("conditions", []))


def old_pod_of(stage: Stage, node: int) -> str:
    """Give the name of the old pod on a node."""
    return next(str(pod["metadata"]["name"]) for pod in bound(stage, f"node-{node}"))


def test_one_node_alone_loses_requests_within_the_window_that_the_plan_has_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with somebody(tmp_path, nodes=1, acknowledge="loses-requests") as (stage, operator, plan):
        running = operator.run()
        code = operator.ends(running, ENDS_WITHIN)
        time.sleep(3.0)  # clients come again
        summary = ended(stage, capsys, f"one node alone; told: {plan['loss']}")
        harmed = [row for row in stage.load.rows() if row["outcome"] in ("lost", "bad")]
        window = max(row["t_end"] for row in harmed) - min(row["t_start"] for row in harmed)
        with capsys.disabled():
            print(f"; measured {window:.1f} s, {len(harmed)} requests", end="")

        assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
        assert window <= plan["loss"]["expected_seconds"] <= plan["loss"]["most_seconds"]
        assert summary["totals"]["sent"] > len(harmed)
        assert_moved(stage, nodes=1)
