"""A pod's life on a node, as the API server's clients see it."""

import time

import pytest

from tests.lab.node.world import PODS, condition, container, until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SLEEP = {"image": "lab/sleep"}
TRAP = "trap 'date +%s.%N > $FILE; exit 0' TERM; touch $FILE.begun; while :; do sleep 0.02; done"
BEGUN = {"exec": {"command": ["/bin/sh", "-c", "test -e $FILE.begun"]}, "periodSeconds": 1}


def shell(script, **env):
    """A container that runs a script."""
    variables = [{"name": name, "value": str(value)} for name, value in env.items()]
    return {"image": "lab/shell", "command": ["/bin/sh", "-c", script], "env": variables}


def test_a_node_registers_with_its_address_and_labels(world):
    node = world.get("/api/v1/nodes/node-1")

    assert node["metadata"]["labels"]["node-role"] == "gateway"
    assert {"type": "InternalIP", "address": f"{world.net}.1.1"} in node["status"]["addresses"]
    assert node["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"] == 10250
    assert condition(node, "Ready") == "True"
    until(
        lambda: world.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1"), "there is a lease"
    )


def test_a_pod_gets_an_address_and_becomes_ready(world):
    world.run("plain", SLEEP)

    pod = world.until_ready("plain")

    assert pod["status"]["podIP"].startswith(f"{world.net}.11.")
    assert (pod["status"]["hostIP"], pod["status"]["phase"]) == (f"{world.net}.1.1", "Running")
    assert "running" in container(pod)["state"]
    until(lambda: "Started" in world.events("plain"), "its start is an event")


def test_a_pod_with_host_network_has_the_node_s_address(world):
    world.run("host", SLEEP, hostNetwork=True)

    assert world.until_ready("host")["status"]["podIP"] == f"{world.net}.1.1"


def test_a_forbidden_sysctl_fails_the_pod(world):
    """One that a kubelet does not call safe; of the node's own network the API server refuses them already."""
    world.run("sysctl", SLEEP, securityContext={"sysctls": [{"name": "net.core.somaxconn", "value": "1024"}]})

    until(lambda: world.pod("sysctl")["status"].get("phase") == "Failed", "it failed")

    assert world.pod("sysctl")["status"]["reason"] == "SysctlForbidden"
    world.delete("sysctl")
    until(lambda: not world.pod("sysctl"), "it can be deleted")


def test_the_hook_runs_before_sigterm_and_the_object_goes_last(world, tmp_path):
    hook = {"exec": {"command": ["/bin/sh", "-c", f"sleep 1; date +%s.%N > {tmp_path}/hook"]}}
    world.run("order", {**shell(TRAP, FILE=tmp_path / "term"), "readinessProbe": BEGUN, "lifecycle": {"preStop": hook}})
    world.until_ready("order")
    began = time.time()
    world.delete("order", grace=20)
    until(lambda: not world.pod("order"), "the object is gone")
    gone = time.time()

    hooked, terminated = (float((tmp_path / name).read_text()) for name in ("hook", "term"))
    assert began + 1 <= hooked <= terminated <= gone
    until(lambda: "Killing" in world.events("order"), "its end is an event")


def test_a_finalizer_does_not_delay_sigterm(world, tmp_path):
    held = {**shell(TRAP, FILE=tmp_path / "term"), "readinessProbe": BEGUN}
    world.run("held", held, metadata={"finalizers": ["lab/hold"]})
    world.until_ready("held")
    began = time.time()
    world.delete("held", grace=20)
    until((tmp_path / "term").exists, "SIGTERM came although the finalizer is there")

    assert time.time() - began < 2
    until(lambda: "terminated" in container(world.pod("held"))["state"], "the status says that it ended")
    assert world.pod("held")["metadata"]["finalizers"] == ["lab/hold"]
    until(lambda: condition(world.pod("held"), "Ready") == "False", "it is not ready")
    world.call("PATCH", f"{PODS}/held", {"metadata": {"finalizers": None}})
    until(lambda: not world.pod("held"), "the object is gone without its finalizer")


def test_a_shorter_grace_hastens_the_end(world, tmp_path):
    script = "trap '' TERM; touch $FILE.begun; while :; do sleep 0.05; done"
    deaf = {**shell(script, FILE=tmp_path / "deaf"), "readinessProbe": BEGUN}
    world.run("deaf", deaf, terminationGracePeriodSeconds=60)
    world.until_ready("deaf")
    world.delete("deaf")
    time.sleep(0.5)
    began = time.monotonic()
    world.delete("deaf", grace=1)
    until(lambda: not world.pod("deaf"), "the object is gone")

    assert time.monotonic() - began < 30, "nobody waited for the grace of 60 s"


def test_a_crash_loop_counts_restarts_and_says_why(world):
    world.run("crash", shell("exit 7"))

    until(lambda: container(world.pod("crash")).get("restartCount", 0) >= 2, "it was restarted twice")

    last = container(world.pod("crash"))["lastState"]["terminated"]
    assert last["exitCode"] == 7
    until(lambda: "BackOff" in world.events("crash"), "the back-off is an event")
    world.delete("crash")
    until(lambda: not world.pod("crash"), "it can be deleted while it waits", 5)


def test_a_pod_name_can_be_used_again_at_once(world):
    world.run("again", SLEEP)
    first = world.until_ready("again")
    world.delete("again", grace=0)
    until(lambda: not world.pod("again"), "it is gone at once")
    world.run("again", SLEEP)
    second = world.until_ready("again")

    assert first["metadata"]["uid"] != second["metadata"]["uid"]


def test_a_pod_whose_first_container_ended_well_goes_as_soon_as_its_others_have_stopped(world, tmp_path):
    long = {**shell(TRAP, FILE=tmp_path / "term"), "readinessProbe": BEGUN}
    first = {"name": "first", **shell("exit 0")}
    world.run("prepared", long, initContainers=[first], terminationGracePeriodSeconds=60)
    world.until_ready("prepared")

    world.delete("prepared", grace=60)

    until(lambda: not world.pod("prepared"), "the object is gone long before its grace is over", 20)
