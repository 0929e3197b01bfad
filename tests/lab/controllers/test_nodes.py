"""Node lifecycle: silence, taints, recovery, and pods that a NoExecute taint sends away."""

from __future__ import annotations

from migrator.lab.controllers.api.objects import condition_of, is_deleting, is_ready
from migrator.lab.controllers.api.resources import LEASES, NODES, PODS
from migrator.lab.controllers.nodes.nodes import NodeLifecycle
from tests.lab.controllers.cluster import Cluster, template

UNREACHABLE = {"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"}


class Watched:
    """A node `n1` with a lease and a pod, and its controller with a grace of 8 s."""

    def __init__(self) -> None:
        self.cluster = Cluster(nodes=1)
        lease = {"metadata": {"name": "n1", "namespace": "kube-node-lease"}, "spec": {"renewTime": "t0"}}
        self.cluster.add(LEASES, lease)
        self.cluster.add(PODS, {"metadata": {"name": "p"}, "spec": template()["spec"] | {"nodeName": "n1"}})
        self.cluster.kubelets()
        self.lifecycle = NodeLifecycle(grace=8)
        self.beats = 0
        self.look()

    def look(self) -> float | None:
        wish = self.lifecycle.sync(self.cluster.world())
        for write in wish.writes:
            self.apply(write)
        return wish.recheck

    def apply(self, write) -> None:
        self.cluster.perform(write)

    def beat(self) -> None:
        self.beats += 1
        self.cluster.change(LEASES, "n1", {"spec": {"renewTime": f"t{self.beats}"}}, "kube-node-lease")

    @property
    def taints(self) -> list[dict[str, str]]:
        return self.cluster.get(NODES, "n1")["spec"].get("taints") or []

    @property
    def ready(self) -> str:
        return condition_of(self.cluster.get(NODES, "n1"), "Ready")["status"]


def test_a_beating_node_is_left_alone_and_looked_at_again_when_its_grace_ends():
    watched = Watched()
    for _ in range(5):
        watched.cluster.pass_time(5)
        watched.beat()
        assert watched.look() == 8

    assert watched.taints == []
    assert watched.ready == "True"


def test_a_silent_node_becomes_unknown_and_tainted_and_its_pods_not_ready():
    watched = Watched()
    watched.cluster.pass_time(8)
    watched.look()

    condition = condition_of(watched.cluster.get(NODES, "n1"), "Ready")
    assert (condition["status"], condition["reason"]) == ("Unknown", "NodeStatusUnknown")
    assert condition["message"] == "Kubelet stopped posting node status."
    assert watched.taints == [UNREACHABLE]
    assert not is_ready(watched.cluster.get(PODS, "p"))


def test_a_node_that_speaks_again_loses_the_taint():
    watched = Watched()
    watched.cluster.pass_time(9)
    watched.look()
    watched.beat()
    ready = {"type": "Ready", "status": "True", "lastHeartbeatTime": "later"}
    watched.cluster.change(NODES, "n1", {"status": {"conditions": [ready]}})

    watched.look()

    assert watched.taints == []
    assert watched.ready == "True"


def test_a_lost_node_is_told_so_only_once():
    watched = Watched()
    watched.cluster.pass_time(9)
    watched.look()
    watched.look()

    assert [event.reason for event in watched.cluster.events] == ["NodeNotReady"]


def test_a_cordon_and_a_not_ready_kubelet_are_shown_as_taints_and_others_taints_stay():
    watched = Watched()
    mine = {"key": "dedicated", "value": "gw", "effect": "NoSchedule"}
    not_ready = {"type": "Ready", "status": "False"}
    watched.cluster.change(NODES, "n1", {"spec": {"unschedulable": True, "taints": [mine]}})
    watched.cluster.change(NODES, "n1", {"status": {"conditions": [not_ready]}})
    watched.look()
    watched.look()

    assert [taint["key"] for taint in watched.taints] == [
        "dedicated",
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unschedulable",
    ]


def test_a_noexecute_taint_sends_away_what_does_not_tolerate_it():
    watched = Watched()
    watched.cluster.change(NODES, "n1", {"spec": {"taints": [{"key": "out", "effect": "NoExecute"}]}})
    watched.look()

    assert is_deleting(watched.cluster.get(PODS, "p"))


def test_a_bounded_toleration_lets_the_pod_stay_that_long():
    watched = Watched()
    toleration = {"key": "out", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}
    taint = {"key": "out", "effect": "NoExecute", "timeAdded": "2030-01-01T00:00:00Z"}
    watched.cluster.change(PODS, "p", {"spec": {"tolerations": [toleration]}})
    watched.cluster.change(NODES, "n1", {"spec": {"taints": [taint]}})

    assert watched.look() == 5
    assert not is_deleting(watched.cluster.get(PODS, "p"))

    watched.cluster.pass_time(5)
    watched.look()
    assert is_deleting(watched.cluster.get(PODS, "p"))
