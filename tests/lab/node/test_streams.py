"""Port-forward, exec and logs through the official client, the API server and the node agent."""

import time

import pytest
from kubernetes import client, config
from kubernetes.stream import portforward, stream

from tests.lab.node.world import until

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def pod(world):
    """A pod that serves HTTP."""
    world.run("web", {"image": "lab/httpd"})
    found = world.until_ready("web")
    until(lambda: fetched(world, 8080)[0], "it serves")
    return found


def core(world):
    """A client of its own: a stream call changes the one it is made with."""
    settings = client.Configuration()
    config.load_kube_config(str(world.kubeconfig), client_configuration=settings)
    return client.CoreV1Api(client.ApiClient(settings))


def close(api):
    """Close the connections of a client."""
    api.api_client.rest_client.pool_manager.clear()


def fetched(world, port):
    """What GET / answers through a port-forward, and the error of the forward."""
    api = core(world)
    forward = portforward(api.connect_get_namespaced_pod_portforward, "web", "default", ports=str(port))
    socket = forward.socket(port)
    socket.settimeout(5)
    found = b""
    try:
        socket.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while more := socket.recv(65536):
            found += more
    except OSError:
        pass
    until(lambda: not forward.connected, "the forward ends with the connection")
    error = forward.error(port)
    forward.close()
    forward.websocket.shutdown()  # the client leaves the socket open when the server ended first
    close(api)
    return found, error


def test_port_forward_reaches_the_pod(world, pod):
    found, error = fetched(world, 8080)

    assert found.startswith(b"HTTP/1.1 200")
    assert error is None


def test_port_forward_to_a_closed_port_says_so(world, pod):
    found, error = fetched(world, 8081)

    assert found == b""
    assert "8081" in error


def test_exec_returns_output_and_exit_code(world, pod):
    api = core(world)
    command = ["/bin/sh", "-c", "echo out $POD_NAME; echo err >&2; exit 3"]
    call = stream(
        api.connect_get_namespaced_pod_exec,
        "web",
        "default",
        command=command,
        stdout=True,
        stderr=True,
        _preload_content=False,
        binary=True,
    )
    call.run_forever(timeout=10)
    call.sock.shutdown()

    assert (call.read_channel(1), call.read_channel(2)) == (b"out web\n", b"err\n")
    assert call.returncode == 3
    close(api)


def test_exec_carries_large_output_whole(world, pod):
    api = core(world)
    command = ["/bin/sh", "-c", "head -c 3000000 /dev/zero"]
    call = stream(
        api.connect_get_namespaced_pod_exec,
        "web",
        "default",
        command=command,
        stdout=True,
        _preload_content=False,
        binary=True,
    )
    call.run_forever(timeout=10)
    call.sock.shutdown()

    assert len(call.read_channel(1)) == 3_000_000
    assert call.returncode == 0
    close(api)


def test_exec_takes_input(world, pod):
    api = core(world)
    call = stream(
        api.connect_get_namespaced_pod_exec,
        "web",
        "default",
        command=["/bin/sh", "-c", "read line; echo got $line"],
        stdin=True,
        stdout=True,
        _preload_content=False,
    )
    call.write_stdin("hello\n")
    call.run_forever(timeout=10)
    call.sock.shutdown()

    assert call.read_channel(1) == "got hello\n"
    close(api)


def test_logs_are_read(world):
    world.run("talk", {"image": "lab/shell", "command": ["/bin/sh", "-c", "echo one; echo two; sleep 60"]})
    world.until_ready("talk")
    api = core(world)

    until(lambda: "two" in api.read_namespaced_pod_log("talk", "default"), "both lines are there")

    assert api.read_namespaced_pod_log("talk", "default", tail_lines=1) == "two\n"
    close(api)


def test_eight_forwards_in_a_row_wait_for_nothing(world, pod):
    began = time.monotonic()
    for _ in range(8):
        assert fetched(world, 8080)[0]

    assert time.monotonic() - began < 10.0, "a stream that waits for its end takes seconds each"
