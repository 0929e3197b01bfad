"""Grace, finalizers, preconditions, propagation, namespaces."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.lab.kube.world import config_map, owned_by, pod, until, workload


def test_a_plain_delete_answers_with_the_uid(space):
    made = space.make("configmaps", config_map("a"))
    code, status = space.send("DELETE", "configmaps/a")

    assert (code, status["status"]) == (200, "Success")
    assert status["details"] == {"name": "a", "kind": "configmaps", "uid": made["metadata"]["uid"]}
    assert space.gone("configmaps/a")


def test_a_bound_pod_stays_for_its_grace_until_the_kubelet_confirms(space):
    space.make("pods", pod("p", node="n"))
    before = datetime.now(UTC)
    _, answer = space.send("DELETE", "pods/p")
    meta = space.get("pods/p")["metadata"]
    space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 0})

    assert answer["kind"] == "Pod"
    assert meta["deletionGracePeriodSeconds"] == 30
    ahead = datetime.fromisoformat(meta["deletionTimestamp"]) - before
    assert timedelta(seconds=28) < ahead < timedelta(seconds=31)
    assert space.gone("pods/p")


@pytest.mark.parametrize(
    ("node", "phase"), [pytest.param("", "Pending", id="unscheduled"), pytest.param("n", "Failed", id="finished")]
)
def test_a_pod_that_runs_nowhere_is_gone_at_once(space, node, phase):
    space.make("pods", pod("p", node=node))
    space.send("PATCH", "pods/p/status", {"status": {"phase": phase}}, "merge")
    space.send("DELETE", "pods/p")

    assert space.gone("pods/p")


def test_grace_can_only_shrink(space):
    space.make("pods", pod("p", node="n"))
    space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 20})
    _, longer = space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 60})
    _, shorter = space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 5})

    assert longer["metadata"]["deletionGracePeriodSeconds"] == 20
    assert shorter["metadata"]["deletionGracePeriodSeconds"] == 5
    assert shorter["metadata"]["deletionTimestamp"] < longer["metadata"]["deletionTimestamp"]


def test_a_finalizer_holds_the_pod_after_the_kubelets_delete_and_time_moves_back(space):
    space.make("pods", pod("p", node="n", finalizers=["a.b/c"]))
    _, first = space.send("DELETE", "pods/p")
    _, second = space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 0})
    code, _ = space.send("PATCH", "pods/p", {"metadata": {"finalizers": None}}, "merge")

    assert second["metadata"]["deletionGracePeriodSeconds"] == 0
    assert second["metadata"]["deletionTimestamp"] < first["metadata"]["deletionTimestamp"]
    assert code == 200
    assert space.gone("pods/p")


def test_no_finalizer_can_be_added_to_what_is_being_deleted(space):
    space.make("configmaps", config_map("a", finalizers=["a.b/c"]))
    space.send("DELETE", "configmaps/a")
    code, status = space.send("PATCH", "configmaps/a", {"metadata": {"finalizers": ["a.b/c", "d.e/f"]}}, "merge")

    assert code == 422
    assert "no new finalizers can be added if the object is being deleted" in status["message"]


@pytest.mark.parametrize("name", ["uid", "resourceVersion"])
def test_a_precondition_that_does_not_hold_is_a_conflict(space, name):
    space.make("configmaps", config_map("a"))
    code, status = space.send("DELETE", "configmaps/a", {"preconditions": {name: "1"}})

    assert (code, status["reason"]) == (409, "Conflict")
    assert not space.gone("configmaps/a")


def family(space, blocking=True):
    """A Deployment that owns a ReplicaSet that owns a pod on a node."""
    parent = space.make("apps/deployments", workload("Deployment", "d"))
    more = {"controller": True, "blockOwnerDeletion": blocking}
    child = workload("ReplicaSet", "r")
    child["metadata"]["ownerReferences"] = owned_by(parent, **more)
    made = space.make("apps/replicasets", child)
    space.make("pods", pod("p", node="n", ownerReferences=owned_by(made, **more)))


def test_background_deletes_the_owner_first_and_the_rest_follows(space):
    family(space)
    space.send("DELETE", "apps/deployments/d")

    assert space.gone("apps/deployments/d")
    until(lambda: space.gone("apps/replicasets/r"), "the ReplicaSet goes")
    until(lambda: "deletionTimestamp" in space.get("pods/p")["metadata"], "the pod is told to stop")


def test_foreground_keeps_the_owner_until_its_pods_are_gone(space):
    family(space)
    code, answer = space.send("DELETE", "apps/deployments/d", {"propagationPolicy": "Foreground"})
    until(lambda: "deletionTimestamp" in space.get("pods/p")["metadata"], "the pod is told to stop")
    held = space.get("apps/deployments/d")["metadata"]
    space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 0})

    assert (code, answer["kind"], held["finalizers"]) == (200, "Deployment", ["foregroundDeletion"])
    assert held["generation"] == 2
    until(lambda: space.gone("apps/deployments/d"), "the Deployment goes")


def test_orphan_leaves_the_children_without_an_owner(space):
    family(space)
    space.send("DELETE", "apps/deployments/d", query={"propagationPolicy": "Orphan"})
    until(lambda: space.gone("apps/deployments/d"), "the Deployment goes")

    assert "ownerReferences" not in space.get("apps/replicasets/r")["metadata"]
    assert "deletionTimestamp" not in space.get("pods/p")["metadata"]


def test_a_child_of_nobody_is_collected(space):
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ghost", "uid": "0-0"}}
    space.make("configmaps", config_map("a", ownerReferences=owned_by(owner)))

    until(lambda: space.gone("configmaps/a"), "the orphan goes")


def test_a_child_of_two_survives_the_first_loss(space):
    one, two = space.make("configmaps", config_map("one")), space.make("configmaps", config_map("two"))
    space.make("configmaps", config_map("a", ownerReferences=owned_by(one) + owned_by(two)))
    space.send("DELETE", "configmaps/one")
    until(lambda: len(space.get("configmaps/a")["metadata"]["ownerReferences"]) == 1, "the reference goes")
    space.send("DELETE", "configmaps/two")

    until(lambda: space.gone("configmaps/a"), "the child goes")


def test_a_collection_is_deleted_by_its_labels(space):
    for name, group in (("a", "x"), ("b", "x"), ("c", "y")):
        space.make("configmaps", config_map(name, labels={"g": group}))
    code, _ = space.send("DELETE", "configmaps", query={"labelSelector": "g=x"})

    assert code == 200
    assert (space.gone("configmaps/a"), space.gone("configmaps/b"), space.gone("configmaps/c")) == (True, True, False)


def test_a_namespace_goes_after_its_last_pod(space, server):
    space.make("configmaps", config_map("a"))
    space.make("pods", pod("p", node="n"))
    path = f"/api/v1/namespaces/{space.name}"
    _, answer = server.send("DELETE", path)
    until(lambda: space.gone("configmaps/a"), "its content goes")
    code, status = space.send("POST", "configmaps", config_map("late"))
    space.send("DELETE", "pods/p", query={"gracePeriodSeconds": 0})

    assert answer["status"]["phase"] == "Terminating"
    assert (code, status["details"]["causes"][0]["reason"]) == (403, "NamespaceTerminating")
    until(lambda: server.send("GET", path)[0] == 404, "the namespace goes")
