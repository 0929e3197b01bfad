"""Whatever an API server answers in place of its objects, the cluster's readers give values or raise one of our two errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from migrator.adapters.cluster import connect
from migrator.adapters.cluster.hosts import host_of
from migrator.adapters.cluster.pods import moment, pod_of
from migrator.adapters.cluster.words import refusal, said_by
from migrator.adapters.cluster.workloads import selector_of, workload_of
from migrator.domain.messages.errors import LeaseHeld, Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.spec import ClusterSpec
from migrator.wording import render
from tests.adapters.served import Asked, Reply, serving
from tests.wounds import ODD, PLACES, TEXTS, hurt, hurt_json, outcome

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
EARLIER = "2026-01-01T11:59:00Z"
META = {"name": "gw", "namespace": "ns", "uid": "u", "generation": 2, "resourceVersion": "7", "labels": {"app": "gw"}}
OWNED = {"ownerReferences": [{"kind": "ReplicaSet", "name": "gw-1", "uid": "rs", "controller": True}]}
SELECTOR = {"matchLabels": {"app": "gw"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
STATE = {"name": "c", "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "x"}}}
ENDED = {"lastState": {"terminated": {"exitCode": 1, "reason": "Error", "message": "m", "finishedAt": EARLIER}}}
POD = {
    "metadata": {**META, "name": "gw-1-a", "uid": "p", **OWNED},
    "spec": {"nodeName": "n", "containers": [{"name": "c", "ports": [{"containerPort": 80, "hostPort": 80}]}]},
    "status": {
        "phase": "Pending",
        "podIP": "10.0.0.1",
        "reason": "r",
        "conditions": [
            {"type": "Ready", "status": "False", "lastTransitionTime": EARLIER, "message": "m"},
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "lastTransitionTime": EARLIER},
        ],
        "containerStatuses": [{**STATE, **ENDED}],
        "initContainerStatuses": [{"name": "i", "restartCount": 1, "state": {"running": {"startedAt": EARLIER}}}],
    },
}
EVENT = {
    "metadata": {**META, "creationTimestamp": EARLIER},
    "type": "Warning",
    "reason": "FailedMount",
    "message": "m",
    "involvedObject": {"uid": "p"},
    "lastTimestamp": EARLIER,
    "series": {"lastObservedTime": EARLIER},
}
DEPLOYMENT = {
    "metadata": META,
    "spec": {"replicas": 2, "selector": SELECTOR},
    "status": {"replicas": 2, "readyReplicas": 1, "updatedReplicas": 2, "observedGeneration": 2},
}
REPLICA_SET = {
    "metadata": {**META, "name": "gw-1", "uid": "rs", "ownerReferences": [{"uid": "u", "controller": True}]},
    "spec": {"replicas": 2},
    "status": {"replicas": 2},
}
NODE = {
    "metadata": {**META, "name": "n"},
    "spec": {"unschedulable": True, "taints": [{"key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"}]},
    "status": {
        "addresses": [{"type": "InternalIP", "address": "10.0.0.9"}],
        "conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": EARLIER}],
        "images": [{}],
    },
}
LEASE = {
    "metadata": META,
    "spec": {"holderIdentity": "other", "leaseDurationSeconds": 15, "renewTime": EARLIER, "leaseTransitions": 1},
}
WOUND = st.one_of(PLACES, st.sampled_from(sorted(TEXTS)))
DEPLOYED = ObjectRef("apps/v1", "Deployment", "ns", "gw")


def listed(kind: str, *rows: Any) -> dict[str, Any]:
    return {"kind": f"{kind}List", "apiVersion": "v1", "metadata": {"continue": ""}, "items": list(rows)}


def resources(*kinds: str) -> dict[str, Any]:
    rows = [{"name": f"{kind.lower()}s", "kind": kind, "namespaced": kind != "Node"} for kind in kinds]
    return {"kind": "APIResourceList", "resources": rows}


ANSWERS: dict[str, Any] = {
    "/api/v1": resources("Pod", "Node", "Event", "Service"),
    "/apis/apps/v1": resources("Deployment", "ReplicaSet", "DaemonSet"),
    "/apis/apps": {"versions": [{"groupVersion": "apps/v1"}]},
    "/version": {"gitVersion": "v1.36.0"},
    "/apis/apps/v1/namespaces/ns/deployments/gw": DEPLOYMENT,
    "/apis/apps/v1/namespaces/ns/replicasets": listed("ReplicaSet", REPLICA_SET),
    "/api/v1/namespaces/ns/pods": listed("Pod", POD, POD),
    "/api/v1/namespaces/ns/events": listed("Event", EVENT),
    "/api/v1/nodes": listed("Node", NODE),
    "/apis/coordination.k8s.io/v1/namespaces/ns/leases/gw": LEASE,
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": {"status": {"allowed": True}},
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=8, phases=[Phase.generate], deadline=None, suppress_health_check=[*HealthCheck])
@given(wound=WOUND, status=st.sampled_from([200, 200, 200, 403, 404, 409, 422]), first=st.integers(0, 3))
def test_no_api_server_makes_a_reader_raise_anything_but_our_errors(
    spec_of: Callable[[str], ClusterSpec], wound: Any, status: int, first: int
) -> None:
    calls = [0]

    def reply(asked: Asked) -> Reply:
        sound = json.dumps(ANSWERS.get(asked.path.split("?")[0], {})).encode()
        calls[0] += 1
        if calls[0] <= first:
            return Reply(200, sound)
        return Reply(
            status, TEXTS[wound] if isinstance(wound, str) else hurt_json(sound, wound), {"Retry-After": "\xb2"}
        )

    with serving(reply) as served:
        cluster = connect(spec_of(served.url), "gw")
        for ask in (
            lambda: cluster.reader.workload(DEPLOYED),
            lambda: cluster.reader.get(DEPLOYED),
            lambda: cluster.reader.list_objects("v1", "Pod", "ns"),
            lambda: cluster.reader.nodes(()),
            lambda: cluster.reader.hosts(()),
            lambda: cluster.reader.kinds("apps"),
            lambda: cluster.reader.allowed("get", "v1", "Pod", "ns"),
            lambda: cluster.reader.dry_run({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "gw"}}),
            lambda: cluster.reader.version(),
            lambda: cluster.lease.acquire("me", 15),
            lambda: cluster.lease.release("me"),
        ):
            outcome(ask, (Unreachable, Refused, LeaseHeld))
        cluster.close()


@pytest.mark.parametrize("read", [host_of, lambda of: pod_of(of, [EVENT], NOW), selector_of])
@pytest.mark.parametrize("sound", [NODE, POD, DEPLOYMENT])
def test_sound_objects_are_read(read: Callable[[Any], object], sound: Any) -> None:
    assert read(sound) is not None


@settings(max_examples=100, deadline=None)
@given(wounds=PLACES, others=PLACES)
def test_objects_with_wounds_are_read(wounds: Any, others: Any) -> None:
    events = [event for event in [hurt(EVENT, others)] if isinstance(event, dict)]
    for sound, read in (
        (NODE, host_of),
        (POD, lambda of: pod_of(of, events, NOW)),
        (DEPLOYMENT, lambda of: workload_of(DEPLOYED, of, [REPLICA_SET], [POD], events, NOW)),
        (DEPLOYMENT, selector_of),
    ):
        found = hurt(sound, wounds)
        if isinstance(found, dict):
            read(found)


@settings(deadline=None, max_examples=50)
@given(st.one_of(st.text(), st.sampled_from([odd for odd in ODD if isinstance(odd, str)])))
def test_a_moment_that_is_odd_is_none_and_any_other_may_be_reckoned_with(words: str) -> None:
    found = moment(words)

    assert found is None or (found - NOW) + NOW == found


@settings(deadline=None, max_examples=50)
@given(st.binary() | st.sampled_from(sorted(TEXTS)), st.sampled_from([300, 401, 403, 404, 409, 429, 500]))
def test_what_a_server_says_of_an_error_is_always_words(found: bytes | str, status: int) -> None:
    body = TEXTS[found] if isinstance(found, str) else found
    said_by(body)
    for after in ("²", "9" * 400, "-1", "soon", "7"):
        assert render(refusal(verbatim("the server"), "GET /", status, body, {"Retry-After": after}).message)
