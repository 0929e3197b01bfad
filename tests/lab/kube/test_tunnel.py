"""Exec, logs and proxies: the server tunnels to the address that the node or the pod gives."""

import asyncio
import threading
from contextlib import suppress

import pytest
from aiohttp import WSMsgType, web
from kubernetes import client
from kubernetes.stream import stream
from websocket import WebSocketConnectionClosedException

from migrator.lab.certificates import self_signed, serving
from tests.lab.kube.world import TOKEN, pod
from tests.loops import close


class Agent:
    """A node agent on a free port, over TLS, and a pod on another: it echoes exec's input and answers logs.

    Records the paths that it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.port, self.pod_port = 0, 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self._ready.wait(5)

    def _run(self) -> None:
        self._runner = self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        close(self._loop)

    async def _start(self) -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(self._answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=serving(*self_signed("node", "127.0.0.1"))).start()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port, self.pod_port = (address[1] for address in runner.addresses)
        return runner

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if "Upgrade" not in request.headers.get("Connection", ""):
            return web.Response(text=f"{request.method} {request.path_qs}\n")
        socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
        await socket.prepare(request)
        async for message in socket:
            if message.type in (WSMsgType.BINARY, WSMsgType.TEXT):
                data = message.data if isinstance(message.data, bytes) else message.data.encode()
                await socket.send_bytes(b"\x01" + b"x" * 100_000 + data[1:])
                await socket.send_bytes(b'\x03{"status":"Success"}')
                await socket.close()
        return socket

    def close(self) -> None:
        """Stop; twice is once."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@pytest.fixture
def agent(space, server):
    """An agent, registered as the node of pod `p`."""
    found = Agent()
    node = f"node-{space.name}"
    server.send("POST", "/api/v1/nodes", {"metadata": {"name": node}})
    status = {
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": found.port}},
    }
    server.send("PATCH", f"/api/v1/nodes/{node}/status", {"status": status}, "merge")
    space.make("pods", pod("p", node=node))
    yield found
    found.close()
    server.send("DELETE", f"/api/v1/nodes/{node}")


def cat(server, space):
    """Begin `cat -` in pod `p` by the official client; give the client and the stream."""
    settings = client.Configuration(host=server.url)
    settings.api_key = {"BearerToken": TOKEN}
    settings.api_key_prefix = {"BearerToken": "Bearer"}
    core = client.CoreV1Api(client.ApiClient(settings))
    options = {"command": ["cat", "-"], "stdin": True, "stdout": True, "stderr": False, "tty": False}
    found = stream(core.connect_get_namespaced_pod_exec, "p", space.name, _preload_content=False, **options)
    return core, found


def test_exec_of_the_official_client_reaches_the_agent_and_comes_back_whole(space, server, agent):
    core, found = cat(server, space)
    found.write_stdin("hello")
    found.run_forever(timeout=5)
    said = found.read_stdout()
    found.sock.shutdown()  # the client leaves the socket open when the server ended first
    core.api_client.rest_client.pool_manager.clear()

    assert said == "x" * 100_000 + "hello"
    [asked] = agent.asked
    assert asked.startswith(f"/exec/{space.name}/p/c?")
    assert "command=cat&command=-" in asked
    assert "input=true" in asked


def test_a_stream_that_is_open_ends_with_a_fault_that_cuts_and_with_no_other(space, server, agent):
    core, found = cat(server, space)
    fault = {"match": {"path_prefix": f"/api/v1/namespaces/{space.name}/pods/"}, "status": "drop"}
    server.send("POST", "/lab/faults", fault)
    found.update(timeout=0.3)
    stayed = found.is_open()
    server.send("POST", "/lab/faults", {**fault, "cut": True})
    with suppress(ConnectionError, WebSocketConnectionClosedException):
        found.run_forever(timeout=10)
    server.send("DELETE", "/lab/faults")
    ended = not found.is_open() or found.sock.sock is None
    found.sock.shutdown()
    core.api_client.rest_client.pool_manager.clear()

    assert (stayed, ended) == (True, True)


def test_a_port_forward_is_asked_for_in_the_kubelets_words(space, agent):
    for query in ({"ports": "80"}, {"ports": "80,81"}):
        space.send("POST", "pods/p/portforward", query=query)

    assert agent.asked == [f"/portForward/{space.name}/p?port=80", f"/portForward/{space.name}/p?port=80,81"]


def test_an_agent_that_speaks_no_tls_is_an_internal_error(space, server, agent):
    endpoint = {"daemonEndpoints": {"kubeletEndpoint": {"Port": agent.pod_port}}}
    server.send("PATCH", f"/api/v1/nodes/node-{space.name}/status", {"status": endpoint}, "merge")
    code, status = space.send("GET", "pods/p/log")

    assert (code, status["reason"], agent.asked) == (500, "InternalError", [])


def test_logs_are_streamed_from_the_agent(space, agent):
    code, text = space.send("GET", "pods/p/log", query={"tailLines": 5})

    assert (code, text) == (200, f"GET /containerLogs/{space.name}/p/c?tailLines=5\n")


def test_a_pod_is_reached_through_its_proxy(space, agent):
    space.send("PATCH", "pods/p/status", {"status": {"podIP": "127.0.0.1"}}, "merge")
    code, text = space.send("GET", f"pods/p:{agent.pod_port}/proxy/stats/prometheus", query={"a": "b"})

    assert (code, text) == (200, "GET /stats/prometheus?a=b\n")


def test_a_missing_agent_is_an_internal_error(space, server, agent):
    agent.close()
    code, status = space.send("GET", "pods/p/log")

    assert (code, status["reason"]) == (500, "InternalError")


@pytest.mark.parametrize(
    ("container", "message"),
    [
        pytest.param("", "a container name must be specified for pod q, choose one of: [a b]", id="none of two"),
        pytest.param("z", "container z is not valid for pod q", id="an unknown one"),
    ],
)
def test_a_container_must_be_named_and_exist(space, container, message):
    body = pod("q")
    body["spec"] = {"nodeName": f"node-{space.name}", "containers": [{"name": n, "image": "i"} for n in "ab"]}
    space.make("pods", body)
    status = {"addresses": [{"type": "InternalIP", "address": "127.0.0.1"}]}
    status["daemonEndpoints"] = {"kubeletEndpoint": {"Port": 9}}
    node = {"metadata": {"name": f"node-{space.name}"}, "status": status}
    space.server.send("POST", "/api/v1/nodes", node)
    code, found = space.send("GET", "pods/q/log", query={"container": container} if container else None)

    assert (code, found["message"]) == (400, message)


def test_a_pod_without_a_node_has_no_log(space):
    space.make("pods", pod("p"))
    code, status = space.send("GET", "pods/p/log")

    assert (code, status["message"]) == (400, "pod p does not have a host assigned")
