"""Reading a container's spec: environment, probes, ports, rights."""

import pytest

from migrator.lab.node.containers.images import NoSuchImage, program
from migrator.lab.node.containers.spec import Exec, HttpGet, TcpSocket, expand, read_container
from migrator.lab.node.host import NoAddress, PodAddresses
from migrator.lab.node.pods.admission import refusal

POD = {
    "metadata": {"name": "gw-1", "namespace": "edge", "labels": {"app": "gw"}, "annotations": {}},
    "spec": {"nodeName": "node-1"},
}


def read(raw, pod=POD):
    """Read a container named c of `pod`."""
    return read_container({"name": "c", "image": "lab/sleep", **raw}, pod, "127.77.11.2", "127.77.1.1", {"POD": "p"})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.name", "gw-1"),
        ("metadata.namespace", "edge"),
        ("metadata.labels['app']", "gw"),
        ("metadata.labels['none']", ""),
        ("status.podIP", "127.77.11.2"),
        ("status.hostIP", "127.77.1.1"),
        ("spec.nodeName", "node-1"),
    ],
)
def test_environment_comes_from_the_pod_s_fields(path, value):
    found = read({"env": [{"name": "X", "valueFrom": {"fieldRef": {"fieldPath": path}}}]})

    assert found.env == {"POD": "p", "X": value}


def test_variables_are_expanded_in_values_command_and_args():
    raw = {"env": [{"name": "A", "value": "$(POD)!"}], "command": ["$(A)"], "args": ["$(NONE)", "$$(A)"]}

    found = read(raw)

    assert (found.command, found.args) == (("p!",), ("$(NONE)", "$(A)"))
    assert expand("a$$b", {}) == "a$b"


def test_probes_name_the_pod_s_address_unless_told_another():
    raw = {
        "ports": [{"name": "status", "containerPort": 15021}],
        "startupProbe": {"httpGet": {"port": "status", "path": "/x"}, "periodSeconds": 1, "failureThreshold": 60},
        "readinessProbe": {"tcpSocket": {"port": 80, "host": "127.0.0.1"}},
        "livenessProbe": {"exec": {"command": ["true"]}, "terminationGracePeriodSeconds": 3},
    }

    found = read(raw)

    assert found.startup.action == HttpGet("127.77.11.2", 15021, "/x", False, ())
    assert (found.startup.period, found.startup.failures, found.startup.timeout) == (1, 60, 1)
    assert found.readiness.action == TcpSocket("127.0.0.1", 80)
    assert (found.readiness.period, found.readiness.failures) == (10, 3)
    assert (found.liveness.action, found.liveness.grace) == (Exec(("true",)), 3)


def test_a_port_that_nobody_named_is_an_error():
    with pytest.raises(ValueError, match="no port named 'status'"):
        read({"readinessProbe": {"httpGet": {"port": "status"}}})


@pytest.mark.parametrize(
    ("spec", "context", "allowed"),
    [
        pytest.param({}, {}, True, id="the runtime's default set has it"),
        pytest.param({}, {"capabilities": {"drop": ["ALL"]}}, False, id="dropped"),
        pytest.param(
            {"securityContext": {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]}},
            {"capabilities": {"drop": ["ALL"]}},
            True,
            id="dropped, but the sysctl makes them free",
        ),
        pytest.param({"hostNetwork": True}, {}, False, id="the host's ports are not free"),
        pytest.param(
            {"hostNetwork": True},
            {"capabilities": {"add": ["NET_BIND_SERVICE"]}},
            True,
            id="added on the host's network",
        ),
    ],
)
def test_low_ports_need_the_right_to_bind_them(spec, context, allowed):
    pod = {**POD, "spec": {**POD["spec"], **spec}}

    assert read({"securityContext": context}, pod).low_ports is allowed


@pytest.mark.parametrize(
    ("host", "sysctl", "refused"),
    [
        pytest.param(True, "net.ipv4.ip_unprivileged_port_start", True, id="net sysctl on the host's network"),
        pytest.param(False, "net.ipv4.ip_unprivileged_port_start", False, id="safe sysctl of the pod's own network"),
        pytest.param(False, "net.core.somaxconn", True, id="unsafe sysctl"),
    ],
)
def test_sysctls_are_refused_as_a_kubelet_refuses_them(host, sysctl, refused):
    context = {"sysctls": [{"name": sysctl, "value": "0"}]}

    found = refusal({"spec": {"hostNetwork": host, "securityContext": context}})

    assert (found is not None and found.reason == "SysctlForbidden") is refused


def test_an_image_that_was_not_injected_cannot_be_pulled():
    for image in ("auto", "nginx:1.27"):
        with pytest.raises(NoSuchImage, match=image):
            program(image, (), ())


def test_gateways_are_known_by_several_names():
    for image in ("lab/gateway", "lab/gateway:2", "docker.io/istio/proxyv2:1.27.0", "lab/gateway@sha256:0"):
        assert program(image, (), ("proxy", "router"))[1:] == ["-P", "-m", "migrator.lab.gateway"]


def test_an_address_is_not_reused_at_once():
    addresses = PodAddresses("127.77.11")
    first = addresses.take()
    addresses.release(first)

    assert (first, addresses.take()) == ("127.77.11.2", "127.77.11.3")


def test_a_pod_keeps_the_address_it_had():
    addresses = PodAddresses("127.77.11")

    assert addresses.take("127.77.11.9") == "127.77.11.9"
    assert addresses.take("127.77.11.9") == "127.77.11.2"


def test_a_network_without_a_free_address_says_so():
    addresses = PodAddresses("127.77.11")
    for _ in range(253):
        addresses.take()

    with pytest.raises(NoAddress):
        addresses.take()
    addresses.release("127.77.11.100")
    assert addresses.take() == "127.77.11.100"
