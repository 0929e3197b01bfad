"""When a rollout is under way, whose pods are whose, and what a selector becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrator.adapters.cluster.workloads import is_short, owned, selector_of, workload_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest, ObjectRef

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEPLOYMENT = ObjectRef("apps/v1", "Deployment", "ns", "gw")
DAEMON_SET = ObjectRef("apps/v1", "DaemonSet", "ns", "gw")
STEADY: Manifest = {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3}


def deployment(**status: int) -> Manifest:
    return {"metadata": {"uid": "d", "generation": 2}, "spec": {"replicas": 3}, "status": {**STEADY, **status}}


def replica_set(replicas: int) -> Manifest:
    return {"metadata": {"uid": "rs"}, "spec": {"replicas": replicas}, "status": {"replicas": replicas}}


@pytest.mark.parametrize(
    ("found", "replica_sets", "rolling"),
    [
        pytest.param(deployment(), [replica_set(3), replica_set(0)], False, id="steady, with an old empty ReplicaSet"),
        pytest.param(deployment(observedGeneration=1), [replica_set(3)], True, id="the controller has not looked yet"),
        pytest.param(deployment(updatedReplicas=1), [replica_set(3)], True, id="only some are updated"),
        pytest.param(deployment(replicas=4), [replica_set(3)], True, id="one too many still lives"),
        pytest.param(deployment(), [replica_set(2), replica_set(1)], True, id="two live ReplicaSets"),
        pytest.param(
            deployment(readyReplicas=2, unavailableReplicas=1), [replica_set(3)], False, id="one is unavailable"
        ),
    ],
)
def test_a_deployment_is_rolling_while_pods_are_replaced(
    found: Manifest, replica_sets: list[Manifest], rolling: bool
) -> None:
    assert workload_of(DEPLOYMENT, found, replica_sets, [], [], NOW).rolling is rolling


@pytest.mark.parametrize(
    ("strategy", "updated", "observed", "rolling"),
    [
        pytest.param("RollingUpdate", 5, 2, False, id="all updated"),
        pytest.param("RollingUpdate", 4, 2, True, id="one is older"),
        pytest.param("OnDelete", 4, 2, False, id="one is older, and stays so"),
        pytest.param("OnDelete", 5, 1, True, id="the controller has not looked yet"),
    ],
)
def test_a_daemon_set_is_rolling_while_somebody_replaces_its_pods(
    strategy: str, updated: int, observed: int, rolling: bool
) -> None:
    status: Manifest = {"observedGeneration": observed, "desiredNumberScheduled": 5, "updatedNumberScheduled": updated}
    spec: Manifest = {"updateStrategy": {"type": strategy}}
    found: Manifest = {"metadata": {"uid": "d", "generation": 2}, "spec": spec, "status": status}

    assert workload_of(DAEMON_SET, found, [], [], [], NOW).rolling is rolling


def test_a_workload_is_ours_by_its_label_alone() -> None:
    meta: Manifest = {"uid": "d", "labels": {"app.kubernetes.io/managed-by": "migrator"}}

    assert workload_of(DAEMON_SET, {"metadata": meta}, [], [], [], NOW).ours
    assert not workload_of(DAEMON_SET, {"metadata": {"uid": "d", "name": "migrator"}}, [], [], [], NOW).ours


def test_a_pod_belongs_to_its_controller_and_not_to_a_label() -> None:
    mine: Manifest = {"metadata": {"ownerReferences": [{"uid": "x"}, {"uid": "a", "controller": True}]}}
    orphan: Manifest = {"metadata": {"labels": {"app": "gw"}, "ownerReferences": [{"uid": "a"}]}}

    assert owned([mine, orphan], {"a"}) == [mine]


def test_a_selector_becomes_a_label_query() -> None:
    expressions = [
        {"key": "tier", "operator": "In", "values": ["a", "b"]},
        {"key": "gone", "operator": "DoesNotExist"},
        {"key": "x", "operator": "NotIn", "values": ["y"]},
    ]
    selector: Manifest = {"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": list(expressions)}

    assert selector_of({"spec": {"selector": selector}}) == "a=1,b=2,tier in (a,b),!gone,x notin (y)"


def warning(uid: str, message: str, at: str) -> Manifest:
    about: Manifest = {"uid": uid}
    return {"type": "Warning", "reason": "FailedCreate", "message": message, "involvedObject": about, "eventTime": at}


@pytest.mark.parametrize(
    ("ref", "wanted", "pods", "trouble"),
    [
        pytest.param(
            DAEMON_SET,
            1,
            [],
            say("pod.event", reason="FailedCreate", words="exceeded quota"),
            id="its newest own warning",
        ),
        pytest.param(DAEMON_SET, 1, [{"metadata": {"uid": "p"}}], None, id="it has its pods, so that is over"),
        pytest.param(DEPLOYMENT, 1, [], None, id="a Deployment leaves that to its ReplicaSets"),
    ],
)
def test_a_daemon_set_short_of_pods_says_why(
    ref: ObjectRef, wanted: int, pods: list[Manifest], trouble: Message | None
) -> None:
    found: Manifest = {"metadata": {"uid": "d"}, "status": {"desiredNumberScheduled": wanted}}
    events = [
        warning("d", "exceeded  quota", "2026-01-01T00:00:09Z"),
        warning("d", "violates PodSecurity", "2026-01-01T00:00:01Z"),
        warning("somebody else", "no", "2026-01-01T00:00:10Z"),
    ]

    assert workload_of(ref, found, [], pods, events, NOW).trouble == trouble


def test_a_pod_that_is_leaving_does_not_count_as_there() -> None:
    found: Manifest = {"metadata": {"uid": "d"}, "status": {"desiredNumberScheduled": 1}}
    leaving: Manifest = {"metadata": {"uid": "p", "deletionTimestamp": "2026-01-01T00:00:00Z"}}

    assert is_short(DAEMON_SET, found, [leaving])
    assert not is_short(DAEMON_SET, found, [leaving, {"metadata": {"uid": "q"}}])
