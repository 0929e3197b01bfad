"""The status of a pod as a pure function of what its containers do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from migrator.lab.node.containers.states import Running, Seen, Terminated, Waiting
from migrator.lab.node.pods.admission import Refusal
from migrator.lab.node.pods.status import PodSeen, phase, pod_status

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CREATING = Seen("c", "lab/sleep", "", Waiting("ContainerCreating"))
RUNNING = Seen("c", "lab/sleep", "lab://1", Running(NOON), started=True)
READY = replace(RUNNING, ready=True)
FAILED = replace(RUNNING, state=Terminated(1, NOON, NOON, "lab://1"), started=False)
CRASHED = replace(FAILED, state=Waiting("CrashLoopBackOff"), last=Terminated(137, NOON, NOON, "lab://1"))
DONE = replace(RUNNING, state=Terminated(0, NOON, NOON, "lab://1"))


def seen(*containers, **changes):
    """A pod on node 1 with these containers."""
    return replace(PodSeen("127.77.11.2", "127.77.1.1", NOON, True, containers), **changes)


def pod(policy="Always", **spec):
    """A pod without a status."""
    return {"metadata": {}, "spec": {"restartPolicy": policy, **spec}}


def condition(status, kind):
    """The condition of that type."""
    return next(each for each in status["conditions"] if each["type"] == kind)


@pytest.mark.parametrize(
    ("policy", "containers", "expected"),
    [
        pytest.param("Always", [CREATING], "Pending", id="not yet started"),
        pytest.param("Always", [READY, CREATING], "Pending", id="one of two not yet started"),
        pytest.param("Always", [READY], "Running", id="running"),
        pytest.param("Always", [CRASHED], "Running", id="crash loop"),
        pytest.param("Always", [FAILED], "Running", id="about to restart"),
        pytest.param("Never", [FAILED, DONE], "Failed", id="one failed for good"),
        pytest.param("OnFailure", [DONE], "Succeeded", id="all done"),
        pytest.param("OnFailure", [FAILED], "Running", id="will be tried again"),
    ],
)
def test_the_phase_follows_the_containers(policy, containers, expected):
    assert phase(pod(policy), seen(*containers)) == expected


def test_a_running_container_is_not_ready_before_its_probe_says_so():
    status = pod_status(pod(), seen(RUNNING), NOON)

    assert condition(status, "Ready")["status"] == "False"
    assert condition(status, "ContainersReady")["message"] == "containers with unready status: [c]"


def test_a_transition_time_changes_only_with_the_condition():
    first = pod_status(pod(), seen(RUNNING), NOON)
    later = NOON + timedelta(seconds=5)
    second = pod_status({**pod(), "status": first}, seen(READY), later)

    assert condition(second, "Ready")["lastTransitionTime"] == "2026-01-01T12:00:05Z"
    assert condition(second, "Initialized")["lastTransitionTime"] == "2026-01-01T12:00:00Z"


def test_a_readiness_gate_holds_ready_back_but_not_the_containers():
    gated = pod(readinessGates=[{"conditionType": "lab/gate"}])

    closed = pod_status(gated, seen(READY), NOON)
    opened = pod_status(
        {**gated, "status": {"conditions": [{"type": "lab/gate", "status": "True"}]}}, seen(READY), NOON
    )

    assert condition(closed, "ContainersReady")["status"] == "True"
    assert (condition(closed, "Ready")["status"], condition(opened, "Ready")["status"]) == ("False", "True")


def test_a_refused_pod_is_failed_and_says_why():
    status = pod_status(pod(), seen(CREATING, refused=Refusal("SysctlForbidden", "no")), NOON)

    assert (status["phase"], status["reason"]) == ("Failed", "SysctlForbidden")


def test_a_crash_loop_shows_how_the_last_process_ended():
    entry = pod_status(pod(), seen(CRASHED), NOON)["containerStatuses"][0]

    assert entry["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert entry["lastState"]["terminated"]["exitCode"] == 137
