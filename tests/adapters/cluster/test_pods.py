"""What a pod's manifest and events say of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from migrator.adapters.cluster.pods import pod_of
from migrator.domain.model.manifests import Json, Manifest
from tests.words import text

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
EARLIER, JUST_NOW = "2026-01-01T11:59:00Z", "2026-01-01T11:59:55Z"


def pod(status: Manifest, spec: Manifest | None = None, **meta: Json) -> Manifest:
    return {"metadata": {"name": "gw-1", "namespace": "ns", "uid": "u", **meta}, "spec": spec or {}, "status": status}


def waiting(reason: str, restarts: int = 0, last: Manifest | None = None) -> Manifest:
    state: Manifest = {"name": "proxy", "restartCount": restarts, "state": {"waiting": {"reason": reason}}}
    return {"containerStatuses": [{**state, "lastState": {"terminated": last} if last else {}}]}


def unscheduled(since: str) -> Manifest:
    words = "0/5 nodes are available: 1 node(s) didn't have free ports"
    row: Manifest = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": words}
    return {"phase": "Pending", "conditions": [{**row, "lastTransitionTime": since}]}


def warning(reason: str, message: str, uid: str = "u", at: str = EARLIER) -> Manifest:
    return {"type": "Warning", "reason": reason, "message": message, "involvedObject": {"uid": uid}, "eventTime": at}


HOST_PORTS: Manifest = {"containers": [{"ports": [{"containerPort": 80, "hostPort": 80}]}]}


@pytest.mark.parametrize(
    ("status", "spec", "events", "words", "hopeless"),
    [
        pytest.param(unscheduled(EARLIER), HOST_PORTS, [], "host ports 80", True, id="a lasting port conflict"),
        pytest.param(unscheduled(JUST_NOW), HOST_PORTS, [], "Unschedulable", False, id="a port conflict that may pass"),
        pytest.param(unscheduled(EARLIER), {}, [], "free ports", False, id="no node, but no host port either"),
        pytest.param(waiting("CrashLoopBackOff", 3), {}, [], "3 restarts", True, id="a crash loop of three restarts"),
        pytest.param(waiting("CrashLoopBackOff", 2), {}, [], "CrashLoopBackOff", False, id="a crash loop of two"),
        pytest.param(
            waiting("CrashLoopBackOff", 4, {"exitCode": 1, "reason": "Error", "message": "bind: permission denied"}),
            {},
            [],
            "ended with code 1 (Error): bind: permission denied",
            True,
            id="a crash loop says how it ended",
        ),
        pytest.param(waiting("ErrImagePull"), {}, [], "ErrImagePull", False, id="a pull that failed once"),
        pytest.param(waiting("ImagePullBackOff"), {}, [], "ImagePullBackOff", True, id="a pull that keeps failing"),
        pytest.param(waiting("ContainerCreating"), {}, [], "not ready", False, id="still being created"),
        pytest.param(
            {"phase": "Failed", "reason": "SysctlForbidden", "message": "forbidden sysctl"},
            {},
            [],
            "SysctlForbidden: forbidden sysctl",
            True,
            id="a sysctl that hostNetwork forbids",
        ),
        pytest.param({}, {}, [warning("SysctlForbidden", "no")], "SysctlForbidden", True, id="the same, by its event"),
        pytest.param(
            {"conditions": [{"type": "Ready", "status": "False", "message": "unready: [proxy]"}]},
            {},
            [warning("Unhealthy", "old", at=EARLIER), warning("Unhealthy", "Readiness probe failed: 503", at=JUST_NOW)],
            "unready: [proxy]; Unhealthy: Readiness probe failed: 503",
            False,
            id="a failing probe, by its newest event",
        ),
        pytest.param({}, {}, [warning("Other", "not mine", uid="x")], "not ready", False, id="another pod's event"),
    ],
)
def test_a_pod_that_is_not_ready_says_why(
    status: Manifest, spec: Manifest, events: list[Manifest], words: str, hopeless: bool
) -> None:
    found = pod_of(pod(status, spec), events, NOW)

    assert words in text(found.trouble)
    assert found.hopeless is hopeless
    assert not found.ready
    assert "not mine" not in text(found.trouble)


def test_a_ready_pod_has_no_trouble_whatever_happened_before() -> None:
    ready: Manifest = {"type": "Ready", "status": "True", "lastTransitionTime": EARLIER}
    status: Manifest = {
        "podIP": "10.0.0.1",
        "conditions": [ready],
        "containerStatuses": [
            {"restartCount": 2, "state": {"running": {"startedAt": JUST_NOW}}, "lastState": {"terminated": {}}}
        ],
    }
    found = pod_of(pod(status, {"nodeName": "n1"}), [warning("BackOff", "was down")], NOW)

    assert (found.ready, found.trouble, found.hopeless, found.restarts) == (True, None, False, 2)
    assert found.last_restart == datetime(2026, 1, 1, 11, 59, 55, tzinfo=UTC)
    assert found.ready_since == datetime(2026, 1, 1, 11, 59, 0, tzinfo=UTC)
    assert (found.ref.ip, found.ref.node) == ("10.0.0.1", "n1")


def test_a_pod_on_its_way_out_is_neither_ready_nor_in_trouble() -> None:
    status: Manifest = {"conditions": [{"type": "Ready", "status": "True"}]}
    found = pod_of(pod(status, deletionTimestamp=JUST_NOW), [], NOW)

    assert (found.ready, found.terminating, found.trouble) == (False, True, None)


@pytest.mark.parametrize(
    ("written", "cost"),
    [
        *(("7", 7), ("-5", -5), ("-05", -5), ("0", 0)),
        *(("-2147483648", -(2**31)), ("2147483647", 2**31 - 1)),
        *(
            (odd, 0)
            for odd in ("2147483648", "-2147483649", "9" * 5000, "+7", "007", " 7 ", "1_000", "\uff17", "1.5", "-", "")
        ),
    ],
)
def test_a_deletion_cost_is_read_as_the_controller_reads_it(written: str, cost: int) -> None:
    noted: Manifest = {
        "metadata": {"name": "gw-1", "annotations": {"controller.kubernetes.io/pod-deletion-cost": written}}
    }

    assert pod_of(noted, [], NOW).deletion_cost == cost


def test_a_pod_without_a_deletion_cost_has_none() -> None:
    assert pod_of({"metadata": {"name": "gw-1"}}, [], NOW).deletion_cost == 0
