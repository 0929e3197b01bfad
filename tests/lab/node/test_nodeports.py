"""Node ports of the lab's nodes: which are open by Services and their endpoints, and that a connection goes both ways."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from migrator.lab.node.nodeports import SERVICES, SLICES, NodePorts, doors

NODES = {"n-1": "127.0.0.1", "n-2": "127.0.0.2"}


def service(policy: str = "Local", **port: Any) -> Any:
    ports = [{"name": "http", "port": 80, "nodePort": 30000, **port}, {"name": "inner", "port": 81}]
    return {"metadata": {"name": "gw", "namespace": "edge"}, "spec": {"externalTrafficPolicy": policy, "ports": ports}}


def endpoint(address: str, node: str, ready: bool = True, serving: bool = True) -> Any:
    return {"addresses": [address], "nodeName": node, "conditions": {"ready": ready, "serving": serving}}


def behind(*endpoints: Any, name: str = "gw", port: int = 8080) -> Any:
    meta = {"namespace": "edge", "labels": {"kubernetes.io/service-name": name}}
    return {"metadata": meta, "ports": [{"name": "http", "port": port}], "endpoints": list(endpoints)}


ONE, TWO = endpoint("10.0.0.1", "n-1"), endpoint("10.0.0.2", "n-2")
GOING = endpoint("10.0.0.3", "n-1", ready=False)
GONE = endpoint("10.0.0.4", "n-1", ready=False, serving=False)


@pytest.mark.parametrize(
    ("policy", "endpoints", "expected"),
    [
        pytest.param("Local", (ONE, TWO), {"127.0.0.1": ["10.0.0.1"], "127.0.0.2": ["10.0.0.2"]}, id="each its own"),
        pytest.param("Local", (ONE,), {"127.0.0.1": ["10.0.0.1"]}, id="a node without a pod is shut"),
        pytest.param("Cluster", (ONE,), {"127.0.0.1": ["10.0.0.1"], "127.0.0.2": ["10.0.0.1"]}, id="any node"),
        pytest.param("Local", (ONE, GOING), {"127.0.0.1": ["10.0.0.1"]}, id="one that ends gets nothing new"),
        pytest.param("Local", (GOING, GONE), {"127.0.0.1": ["10.0.0.3"]}, id="unless nobody else serves"),
        pytest.param("Local", (), {}, id="nobody"),
    ],
)
def test_a_node_port_leads_to_these_pods(policy: str, endpoints: Any, expected: dict[str, list[str]]) -> None:
    found = doors([service(policy)], [behind(*endpoints), behind(ONE, name="other")], NODES)

    assert {door.host: [address for address, _ in door.behind] for door in found} == expected
    assert {door.port for door in found} <= {30000}


class Listed:
    """An API server whose lists never change."""

    def __init__(self, **found: Any) -> None:
        self._found = {SERVICES: found["services"], SLICES: found["slices"]}

    async def call(self, _method: str, path: str) -> Any:
        return {"metadata": {"resourceVersion": "1"}, "items": self._found[path]}

    async def watch(self, _path: str, _query: Any) -> Any:
        await asyncio.sleep(60)
        yield {"type": "ERROR"}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def echoed(port: int) -> bytes:
    """Say something through the node port as soon as it is open, and give what comes back."""
    for _ in range(200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.write(b"hello")
        writer.write_eof()
        said = await reader.read()
        writer.close()
        return said
    return b""


async def forwarded() -> bytes:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read())
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    inner, port = server.sockets[0].getsockname()[1], free_port()
    services = [{**service(nodePort=port), "metadata": {"uid": "s", "name": "gw", "namespace": "edge"}}]
    slices = [behind(endpoint("127.0.0.1", "n-1"), port=inner)]
    slices[0]["metadata"]["uid"] = "e"
    proxy = asyncio.create_task(NodePorts(Listed(services=services, slices=slices), {"n-1": "127.0.0.1"}).run())  # type: ignore[arg-type]
    said = await asyncio.wait_for(echoed(port), 10)
    proxy.cancel()
    await asyncio.gather(proxy, return_exceptions=True)
    server.close()
    return said


def test_a_connection_goes_both_ways_and_its_end_is_passed_on() -> None:
    assert asyncio.run(forwarded()) == b"hello"
