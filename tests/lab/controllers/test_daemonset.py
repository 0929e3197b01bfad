"""DaemonSets: one pod per fit node, counted as the real controller counts, renewed as the strategy says."""

from __future__ import annotations

from migrator.lab.controllers.api.objects import controller_of, is_deleting, name_of
from migrator.lab.controllers.api.resources import DAEMON_SETS, NODES, PODS
from migrator.lab.controllers.workloads.daemonset import daemon_pod, template_hash
from tests.lab.controllers.cluster import Cluster, daemon_set_of, node, template

HOST = {"ports": (8080,), "hostNetwork": True}
FULL = {
    "currentNumberScheduled": 5,
    "desiredNumberScheduled": 5,
    "numberMisscheduled": 0,
    "numberReady": 5,
    "observedGeneration": 1,
    "updatedNumberScheduled": 5,
    "numberAvailable": 5,
}


def running(nodes: int = 5, pod: dict[str, object] | None = None, **spec: object) -> Cluster:
    cluster = Cluster(nodes)
    cluster.add(DAEMON_SETS, daemon_set_of(pod=pod or template(), **spec))
    cluster.settle()
    return cluster


def status(cluster: Cluster) -> dict[str, int]:
    return cluster.get(DAEMON_SETS, "ds")["status"]


def by_node(cluster: Cluster) -> dict[str, str]:
    return {pod["spec"]["nodeName"]: name_of(pod) for pod in cluster.pods(app="ds")}


def test_every_node_gets_one_pod_and_the_status_has_no_conditions():
    cluster = running()

    assert sorted(by_node(cluster)) == ["n1", "n2", "n3", "n4", "n5"]
    assert status(cluster) == FULL


def test_without_nodes_the_four_required_counts_are_there_and_the_others_absent():
    cluster = running(nodes=0)

    required = ("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady")
    assert status(cluster) == dict.fromkeys(required, 0) | {"observedGeneration": 1}


def test_a_daemon_pod_is_pinned_by_name_and_tolerates_what_daemons_tolerate():
    owner = Cluster().add(DAEMON_SETS, daemon_set_of(pod=template(**HOST)))

    pod = daemon_pod(owner, "n3", template_hash(owner))

    terms = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert terms == {
        "nodeSelectorTerms": [{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n3"]}]}]
    }
    assert [(one["key"].partition("/")[2], one["effect"]) for one in pod["spec"]["tolerations"]] == [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
        ("network-unavailable", "NoSchedule"),
    ]


def test_a_taken_host_port_leaves_the_pod_pending_and_yet_counts_it_as_scheduled_and_updated():
    cluster = Cluster(nodes=5)
    for number in (1, 2, 3):
        squatter = {
            "metadata": {"name": f"old-{number}"},
            "spec": template(**HOST)["spec"] | {"nodeName": f"n{number}"},
        }
        cluster.add(PODS, squatter)
    cluster.add(DAEMON_SETS, daemon_set_of(pod=template(**HOST)))

    cluster.settle()

    pending = FULL | {"numberReady": 2, "numberAvailable": 2, "numberUnavailable": 3}
    assert status(cluster) == pending
    message = next(one.message for one in cluster.events if one.reason == "FailedScheduling")
    assert message == (
        "0/5 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, "
        "4 node(s) didn't match Pod's node affinity."
    )


def test_desired_shrinks_with_a_taint_while_the_pod_stays_misscheduled():
    cluster = running()
    taint = {"key": "dedicated", "value": "db", "effect": "NoSchedule"}
    cluster.change(NODES, "n5", {"spec": {"taints": [taint]}})
    cluster.settle()

    four = {"currentNumberScheduled": 4, "desiredNumberScheduled": 4, "numberReady": 4, "updatedNumberScheduled": 4}
    assert status(cluster) == FULL | four | {"numberMisscheduled": 1, "numberAvailable": 4}
    assert len(cluster.pods(app="ds")) == 5


def test_a_noexecute_taint_and_a_lost_label_remove_the_pod_at_once():
    pod = template(nodeSelector={"role": "gw"})
    cluster = Cluster()
    for name in ("a", "b", "c"):
        cluster.add(NODES, node(name, role="gw"))
    cluster.add(DAEMON_SETS, daemon_set_of(pod=pod))
    cluster.settle()

    cluster.change(NODES, "a", {"metadata": {"labels": {"role": None}}})
    cluster.change(NODES, "b", {"spec": {"taints": [{"key": "out", "effect": "NoExecute"}]}})
    cluster.settle()

    assert list(by_node(cluster)) == ["c"]


def test_a_cordoned_node_keeps_and_even_gets_its_daemon_pod():
    cluster = Cluster(nodes=2)
    cluster.change(NODES, "n1", {"spec": {"unschedulable": True}})
    cluster.add(DAEMON_SETS, daemon_set_of())
    cluster.settle()

    assert sorted(by_node(cluster)) == ["n1", "n2"]


def test_a_relabelled_pod_is_replaced_on_the_same_node():
    cluster = running()
    lost = by_node(cluster)["n3"]

    cluster.change(PODS, lost, {"metadata": {"labels": {"app": "other"}}})
    cluster.settle()

    assert controller_of(cluster.get(PODS, lost)) is None
    assert by_node(cluster)["n3"] != lost
    assert len(by_node(cluster)) == 5


def test_a_deleted_pod_is_replaced_only_after_it_has_stopped():
    cluster = running()
    cluster.delete_pod(by_node(cluster)["n1"])

    cluster.settle(kubelets=False)
    assert len(cluster.pods(app="ds")) == 4

    cluster.settle()
    assert len(cluster.pods(app="ds")) == 5


def test_ondelete_renews_a_pod_only_when_somebody_deletes_it():
    cluster = running(updateStrategy={"type": "OnDelete"})
    before = by_node(cluster)
    cluster.change(DAEMON_SETS, "ds", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}})
    cluster.settle()
    assert by_node(cluster) == before
    assert "updatedNumberScheduled" not in status(cluster)

    cluster.delete_pod(before["n2"])
    cluster.settle()

    assert status(cluster)["updatedNumberScheduled"] == 1
    assert {name for name in before if by_node(cluster)[name] != before[name]} == {"n2"}


def test_a_rolling_update_has_at_most_the_allowed_number_of_pods_down():
    cluster = running(updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 2}})
    cluster.change(DAEMON_SETS, "ds", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}})

    up = []
    for _ in range(30):
        cluster.step("daemonset", "scheduler")
        up.append(sum(bool(pod.get("status")) for pod in cluster.pods(app="ds")))
        cluster.kubelets()

    assert min(up) == 3
    assert status(cluster)["updatedNumberScheduled"] == 5


def test_with_surge_the_new_pod_is_available_before_the_old_one_goes():
    rolling = {"maxSurge": 1, "maxUnavailable": 0}
    cluster = running(updateStrategy={"type": "RollingUpdate", "rollingUpdate": rolling})
    cluster.change(DAEMON_SETS, "ds", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}})

    up, everyone = [], []
    for _ in range(60):
        cluster.step("daemonset", "scheduler")
        living = [pod for pod in cluster.all(PODS) if not is_deleting(pod)]
        up.append(sum(bool(pod.get("status")) for pod in living))
        everyone.append(len(living))
        cluster.kubelets()

    assert min(up) == 5
    assert max(everyone) == 6
    assert status(cluster)["updatedNumberScheduled"] == 5


def test_right_after_a_change_the_status_is_still_the_old_one_under_an_old_generation():
    cluster = running()
    cluster.change(DAEMON_SETS, "ds", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}})

    assert cluster.get(DAEMON_SETS, "ds")["metadata"]["generation"] == 2
    assert status(cluster) == FULL


def test_a_pod_becomes_available_only_after_min_ready_seconds():
    cluster = running(minReadySeconds=10)
    assert "numberAvailable" not in status(cluster)

    cluster.pass_time(11)
    cluster.settle()

    assert status(cluster)["numberAvailable"] == 5
