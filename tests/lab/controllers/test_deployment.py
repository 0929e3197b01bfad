"""Deployments and their ReplicaSets, against the behaviours measured on a real control plane."""

from __future__ import annotations

import pytest

from migrator.lab.controllers.api.objects import condition_of, controller_of, is_deleting, name_of
from migrator.lab.controllers.api.resources import DAEMON_SETS, DEPLOYMENTS, NODES, PODS, REPLICA_SETS
from tests.lab.controllers.cluster import Cluster, daemon_set_of, deployment_of, template

PROGRESSING = "Progressing"


def rolled_out(replicas: int = 3, **spec: object) -> Cluster:
    cluster = Cluster(nodes=5)
    cluster.add(DEPLOYMENTS, deployment_of(replicas, **spec))
    cluster.settle()
    return cluster


def sizes(cluster: Cluster) -> list[int]:
    return sorted(item["spec"]["replicas"] for item in cluster.all(REPLICA_SETS))


def test_a_new_deployment_gets_one_replicaset_and_its_pods_on_different_nodes():
    cluster = rolled_out()

    [owned] = cluster.all(REPLICA_SETS)
    pods = cluster.pods(app="gw")
    digest = owned["metadata"]["labels"]["pod-template-hash"]
    assert name_of(owned) == f"gw-{digest}"
    assert controller_of(owned)["uid"] == cluster.get(DEPLOYMENTS, "gw")["metadata"]["uid"]
    assert {pod["metadata"]["labels"]["pod-template-hash"] for pod in pods} == {digest}
    assert len({pod["spec"]["nodeName"] for pod in pods}) == 3
    assert [event.message for event in cluster.events if event.reason == "ScalingReplicaSet"] == [
        f"Scaled up replica set gw-{digest} from 0 to 3"
    ]


def test_the_status_of_a_finished_rollout_has_exactly_the_fields_of_the_real_one():
    cluster = rolled_out()

    status = dict(cluster.get(DEPLOYMENTS, "gw")["status"])
    conditions = status.pop("conditions")
    counts = {"replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 3}
    assert status == counts | {"observedGeneration": 1}
    assert [(one["type"], one["status"], one["reason"]) for one in conditions] == [
        ("Available", "True", "MinimumReplicasAvailable"),
        ("Progressing", "True", "NewReplicaSetAvailable"),
    ]


def test_the_revision_is_numbered_without_a_new_generation():
    cluster = rolled_out()

    found = cluster.get(DEPLOYMENTS, "gw")
    assert found["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
    assert found["metadata"]["generation"] == 1


def test_a_new_template_rolls_over_without_falling_below_its_bound():
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
    cluster = rolled_out(strategy=rolling)
    cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template("lab/httpd:2")}})

    seen = []
    for _ in range(60):
        cluster.step("deployment", "replicaset", "scheduler")
        ready = [pod for pod in cluster.pods(app="gw") if pod.get("status")]
        seen.append((len(ready), len(cluster.pods(app="gw"))))
        cluster.kubelets()

    assert min(ready for ready, _ in seen) >= 3
    assert max(everyone for _, everyone in seen) <= 4
    assert sizes(cluster) == [0, 3]
    assert {pod["spec"]["containers"][0]["image"] for pod in cluster.pods(app="gw")} == {"lab/httpd:2"}


def test_returning_to_an_old_template_reuses_its_replicaset_under_a_new_revision():
    cluster = rolled_out()
    first = name_of(cluster.all(REPLICA_SETS)[0])
    cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template("lab/httpd:2")}})
    cluster.settle()

    cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template()}})
    cluster.settle()

    annotations = cluster.get(REPLICA_SETS, first)["metadata"]["annotations"]
    assert len(cluster.all(REPLICA_SETS)) == 2
    assert cluster.get(REPLICA_SETS, first)["spec"]["replicas"] == 3
    assert annotations["deployment.kubernetes.io/revision"] == "3"


def test_recreate_waits_until_the_last_old_pod_has_stopped():
    cluster = rolled_out(strategy={"type": "Recreate"})
    cluster.change(DEPLOYMENTS, "gw", {"spec": {"template": template("lab/httpd:2")}})

    for _ in range(5):
        cluster.step("deployment", "replicaset", "scheduler")
    assert sizes(cluster) == [0]
    assert all(is_deleting(pod) for pod in cluster.all(PODS))

    cluster.settle()
    assert sizes(cluster) == [0, 3]


def test_terminating_pods_are_not_counted():
    cluster = rolled_out()
    cluster.change(DEPLOYMENTS, "gw", {"spec": {"replicas": 0}})

    cluster.settle(kubelets=False)

    assert len(cluster.all(PODS)) == 3
    assert "replicas" not in cluster.get(DEPLOYMENTS, "gw")["status"]


def test_a_relabelled_pod_is_let_go_and_replaced_at_once():
    cluster = rolled_out()
    orphan = name_of(cluster.pods(app="gw")[0])
    cluster.change(PODS, orphan, {"metadata": {"labels": {"app": "other"}}})

    cluster.settle()

    assert controller_of(cluster.get(PODS, orphan)) is None
    assert len(cluster.pods(app="gw")) == 3


def test_a_restored_label_is_adopted_again_and_the_other_pod_of_that_node_goes():
    cluster = rolled_out()
    first = cluster.pods(app="gw")[0]
    for other in ("n4", "n5"):
        cluster.change(NODES, other, {"spec": {"unschedulable": True}})
    cluster.change(PODS, name_of(first), {"metadata": {"labels": {"app": "other"}}})
    cluster.pass_time(2)
    cluster.settle()
    with_replacement = {name_of(pod): pod["spec"]["nodeName"] for pod in cluster.pods(app="gw")}

    cluster.change(PODS, name_of(first), {"metadata": {"labels": {"app": "gw"}}})
    cluster.settle()

    left = {name_of(pod) for pod in cluster.pods(app="gw")}
    [gone] = set(with_replacement) - left
    assert len(left) == 3
    assert name_of(first) in left
    assert with_replacement[gone] == first["spec"]["nodeName"]


def test_a_rollout_that_does_not_move_passes_its_deadline_and_scaling_to_zero_clears_it():
    cluster = Cluster(nodes=0)
    cluster.add(DEPLOYMENTS, deployment_of(2, progressDeadlineSeconds=5))
    cluster.settle()
    cluster.pass_time(6)
    cluster.settle()

    late = condition_of(cluster.get(DEPLOYMENTS, "gw"), PROGRESSING)
    name = name_of(cluster.all(REPLICA_SETS)[0])
    assert (late["status"], late["reason"]) == ("False", "ProgressDeadlineExceeded")
    assert late["message"] == f'ReplicaSet "{name}" has timed out progressing.'

    cluster.change(DEPLOYMENTS, "gw", {"spec": {"replicas": 0}})
    cluster.settle()
    assert condition_of(cluster.get(DEPLOYMENTS, "gw"), PROGRESSING)["status"] == "True"


def test_a_refused_pod_is_said_on_both_objects_while_progress_stays_true():
    cluster = Cluster(nodes=5)
    cluster.refuse = "exceeded quota: q"
    cluster.add(DEPLOYMENTS, deployment_of(2))
    cluster.settle()

    found = cluster.get(DEPLOYMENTS, "gw")
    failure = condition_of(found, "ReplicaFailure")
    assert (failure["status"], failure["reason"], failure["message"]) == ("True", "FailedCreate", "exceeded quota: q")
    assert condition_of(found, PROGRESSING)["status"] == "True"

    cluster.refuse = None
    cluster.settle()
    assert condition_of(cluster.get(DEPLOYMENTS, "gw"), "ReplicaFailure") is None


def test_a_recreated_deployment_adopts_the_orphaned_replicaset_and_touches_no_pod():
    cluster = rolled_out()
    before = {name_of(pod) for pod in cluster.pods(app="gw")}
    cluster.remove(DEPLOYMENTS, "gw", orphan=True)
    cluster.settle()
    assert controller_of(cluster.all(REPLICA_SETS)[0]) is None

    cluster.add(DEPLOYMENTS, deployment_of(3))
    cluster.settle()

    [owned] = cluster.all(REPLICA_SETS)
    assert controller_of(owned)["uid"] == cluster.get(DEPLOYMENTS, "gw")["metadata"]["uid"]
    assert {name_of(pod) for pod in cluster.pods(app="gw")} == before


@pytest.mark.parametrize("foreground", [pytest.param(True, id="foreground"), pytest.param(False, id="background")])
def test_a_deleted_deployment_takes_its_pods_along(foreground):
    cluster = rolled_out()

    cluster.remove(DEPLOYMENTS, "gw", foreground=foreground)
    cluster.step("garbage", "garbage")
    assert bool(cluster.all(DEPLOYMENTS)) is foreground

    cluster.settle()
    assert not cluster.all(DEPLOYMENTS) + cluster.all(REPLICA_SETS) + cluster.all(PODS)


def test_a_daemonset_that_adopts_orphans_with_its_selector_loses_them_all():
    """Why selectors must differ: adopted, counted as surplus beside or rolled away, none of the old pods survives."""
    cluster = rolled_out()
    old = {name_of(pod) for pod in cluster.pods(app="gw")}
    wanted = daemon_set_of("gw", template("lab/httpd:new"))
    cluster.add(DAEMON_SETS, wanted)
    cluster.settle()
    assert old <= {name_of(pod) for pod in cluster.pods(app="gw")}

    cluster.remove(DEPLOYMENTS, "gw", orphan=True)
    cluster.settle()
    cluster.remove(REPLICA_SETS, name_of(cluster.all(REPLICA_SETS)[0]), orphan=True)
    cluster.settle()

    assert not old & {name_of(pod) for pod in cluster.pods(app="gw")}
    assert len(cluster.pods(app="gw")) == 5


def test_pods_that_are_never_long_enough_ready_end_nobody_until_that_is_taken_back():
    cluster = rolled_out()
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "100%", "maxUnavailable": 0}}
    held = {"strategy": rolling, "minReadySeconds": 9999, "progressDeadlineSeconds": 99999}

    cluster.change(DEPLOYMENTS, "gw", {"spec": {**held, "template": template("lab/other")}})
    cluster.settle()
    assert sizes(cluster) == [3, 3]

    cluster.change(DEPLOYMENTS, "gw", {"spec": {"minReadySeconds": 0}})
    cluster.settle()
    assert sizes(cluster) == [0, 3]
