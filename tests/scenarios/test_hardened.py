"""Pods that others end, before and after hardening: a rolling restart, an eviction and a node's end, under load.

The balancer asks every 5 s and needs two failures, as the founding document has it. Nobody sets a weight and nothing of
migrator runs meanwhile: what ends well here ends well by the workload's own settings.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from migrator.lab.ground.layout import Address
from migrator.lab.world.record import Record
from tests.scenarios.conftest import _NUMBERS
from tests.scenarios.ground import Ground, balancer, eventually, ground
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(600)]

INTERVAL = 5.0
NODES = 2
HERE = "story"
NAME = "istio-ingressgateway-ds"
MERGE = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
def stage(lab: Record, tmp_path: Path) -> Iterator[Ground]:
    """A gateway behind a balancer that asks as seldom as a cloud's does."""
    with ground(lab, tmp_path, next(_NUMBERS), INTERVAL) as found:
        yield found


@dataclasses.dataclass
class Side:
    """A derived DaemonSet alone behind a balancer of its own."""

    stage: Ground
    path: str

    def pods(self) -> list[Any]:
        return self.stage.ready_pods({"app": NAME})

    def restart(self) -> None:
        """What `kubectl rollout restart` does, waited for."""
        notes = {"spec": {"template": {"metadata": {"annotations": {"restarted": str(time.time())}}}}}
        self.stage.cluster.http.patch(self.path, json=notes, headers=MERGE).raise_for_status()
        eventually("the end of the rolling restart", self._settled, 300.0)

    def evict(self) -> None:
        """What a drain that does not spare DaemonSets asks for."""
        pod = self.pods()[0]["metadata"]
        where = f"/api/v1/namespaces/{self.stage.namespace}/pods/{pod['name']}"
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod["name"]}}
        self.stage.cluster.http.post(f"{where}/eviction", json=body).raise_for_status()
        self._replaced(pod["uid"])

    def end_node(self) -> None:
        """What a node's own end does to its pod: the node is cordoned, the pod is deleted."""
        pod = self.pods()[0]
        node = f"/api/v1/nodes/{pod['spec']['nodeName']}"
        self.stage.cluster.http.patch(node, json={"spec": {"unschedulable": True}}, headers=MERGE).raise_for_status()
        self.stage.cluster.delete(f"/api/v1/namespaces/{self.stage.namespace}/pods/{pod['metadata']['name']}")
        self._replaced(pod["metadata"]["uid"])
        self.stage.cluster.http.patch(node, json={"spec": {"unschedulable": None}}, headers=MERGE).raise_for_status()

    def _replaced(self, uid: str) -> None:
        def done() -> bool:
            pods = self.pods()
            return len(pods) == NODES and all(pod["metadata"]["uid"] != uid for pod in pods)

        eventually("another pod in its place", done, 120.0)

    def _settled(self) -> bool:
        found = self.stage.cluster.get(self.path)
        status, generation = found["status"], found["metadata"]["generation"]
        done = status.get("updatedNumberScheduled"), status.get("numberAvailable")
        return status.get("observedGeneration") == generation and done == (NODES, NODES)


EVENTS: dict[str, Callable[[Side], None]] = {
    "rolling restart": Side.restart,
    "eviction": Side.evict,
    "node's end": Side.end_node,
}


def alone(stage: Ground, manifests: list[Any]) -> Side:
    """Put the derived DaemonSet, and what comes with it, on two nodes, and those behind a balancer of their own."""
    (manifest,) = [row for row in manifests if row["kind"] == "DaemonSet"]
    nodes = [node["metadata"]["name"] for node in stage.cluster.nodes()][:NODES]
    for node in nodes:
        stage.cluster.label_node(node, {HERE: stage.namespace})
    pod = manifest["spec"]["template"]["spec"]
    pod["nodeSelector"] = {HERE: stage.namespace}
    manifest["spec"]["updateStrategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}
    for thing in manifests:
        stage.cluster.create(thing)
    side = Side(stage, f"/apis/apps/v1/namespaces/{stage.namespace}/daemonsets/{NAME}")
    eventually("the new gateways", lambda: len(side.pods()) == NODES, 60.0)
    number = int(stage.namespace.rpartition("-")[2])
    vip = Address(f"{stage.record.net}.0.{109 + number}", stage.vip.port)
    targets = tuple(Address(pod["status"]["podIP"], stage.new_port) for pod in side.pods())
    made = balancer(f"lb-{number}-nodes", vip, targets, INTERVAL)
    stage.admin.post("/balancers", json=made).raise_for_status()
    side.stage = dataclasses.replace(stage, vip=vip, balancer=f"lb-{number}-nodes")
    time.sleep(2 * INTERVAL)
    return side


def lost(side: Side, event: str) -> tuple[int, int, int]:
    """Let it happen under load; give requests sent, lost or bad, and connections cut."""
    with side.stage.clients() as load:
        time.sleep(3.0)
        EVENTS[event](side)
        time.sleep(3.0)
        totals = load.end()["totals"]
    return totals["sent"], totals["lost"] + totals["bad"], totals.get("cut", 0)


@pytest.mark.parametrize("hardened", [False, True], ids=["as derived", "hardened"])
def test_a_pod_that_others_end_loses_requests_as_it_was_derived_and_none_once_hardened(
    stage: Ground, operator: Operator, hardened: bool, record_property: Callable[[str, object], None]
) -> None:
    plan = operator.plan(**SHORT, target_harden=hardened)["plan"]
    side = alone(stage, plan["manifests"])

    table = {event: lost(side, event) for event in EVENTS}
    stage.admin.delete(f"/balancers/{side.stage.balancer}")

    for event, (sent, gone, cut) in table.items():
        record_property(event, f"sent {sent}, lost {gone}, cut {cut}")
        print(f"{'hardened' if hardened else 'as derived'}: {event}: sent {sent}, lost {gone}, cut {cut}")
    assert all(sent > 500 for sent, _, _ in table.values())
    assert all((gone == 0) is hardened for _, gone, _ in table.values()), table
