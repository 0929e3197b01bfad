"""Evictions, disruption budgets and bindings."""

import pytest

from tests.lab.kube.world import owned_by, pod, workload

READY = {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}


def ready_pod(space, name, **meta):
    space.make("pods", pod(name, node="n", labels={"app": "g"}, **meta))
    assert space.send("PATCH", f"pods/{name}/status", READY, "merge")[0] == 200


def budget(space, **spec):
    body = {"metadata": {"name": "b"}, "spec": {"selector": {"matchLabels": {"app": "g"}}, **spec}}
    space.make("policy/poddisruptionbudgets", body)


def evict(space, name):
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}
    return space.send("POST", f"pods/{name}/eviction", body)


def test_an_eviction_without_a_budget_deletes_gracefully(space):
    ready_pod(space, "p")
    code, status = evict(space, "p")

    assert (code, status["status"]) == (201, "Success")
    assert space.get("pods/p")["metadata"]["deletionGracePeriodSeconds"] == 30


def test_a_budget_lets_go_what_it_can_spare_and_no_more(space):
    for name in "ab":
        ready_pod(space, name)
    budget(space, minAvailable=1)
    first, _ = evict(space, "a")
    second, status = evict(space, "b")

    assert (first, second) == (201, 429)
    assert status["reason"] == "TooManyRequests"
    assert status["message"] == "Cannot evict pod as it would violate the pod's disruption budget."
    [cause] = status["details"]["causes"]
    assert cause["reason"] == "DisruptionBudget"
    assert cause["message"] == "The disruption budget b needs 1 healthy pods and has 1 currently"


@pytest.mark.parametrize("spec", [{"maxUnavailable": 1}, {"minAvailable": "50%"}])
@pytest.mark.parametrize(("kind", "code"), [("ReplicaSet", 201), ("DaemonSet", 429)])
def test_a_relative_budget_works_only_for_owners_with_a_scale(space, spec, kind, code):
    owner = space.make(
        f"apps/{kind.lower()}s", workload(kind, "o", **({"replicas": 2} if kind == "ReplicaSet" else {}))
    )
    for name in "ab":
        ready_pod(space, name, ownerReferences=owned_by(owner, controller=True))
    budget(space, **spec)

    assert evict(space, "a")[0] == code


def test_a_pod_that_is_not_ready_may_go_while_enough_others_are(space):
    ready_pod(space, "a")
    space.make("pods", pod("sick", node="n", labels={"app": "g"}))
    space.send("PATCH", "pods/sick/status", {"status": {"phase": "Running"}}, "merge")
    budget(space, minAvailable=1)

    assert evict(space, "sick")[0] == 201
    assert evict(space, "a")[0] == 429


def test_a_pod_is_bound_once(space):
    space.make("pods", pod("p"))
    binding = {"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n1"}}
    first, _ = space.send("POST", "pods/p/binding", binding)
    second, status = space.send("POST", "pods/p/binding", binding)
    found = space.get("pods/p")

    assert (first, second, found["spec"]["nodeName"]) == (201, 409, "n1")
    assert 'already assigned to node "n1"' in status["message"]
    assert [row["type"] for row in found["status"]["conditions"]] == ["PodScheduled"]
