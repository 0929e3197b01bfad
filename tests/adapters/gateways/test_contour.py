"""Contour's Envoy as Contour makes it: its admin interface is a socket, and port 9001 passes on reads of some paths alone."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.gateways import gateways
from migrator.domain.messages.errors import Refused
from migrator.domain.model.actions import PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.ports.outside import GatewayReader, GatewayWriter
from tests.adapters.gateways.patient import readings
from tests.fakes.world import quick

POD = PodRef("edge", "envoy-1", "uid-1", "127.0.0.1", "node-1")
PATHS = ("/config_dump", "/ready", "/runtime", "/server_info", "/stats", "/stats/prometheus")
"""Of projectcontour/contour internal/envoy/v3/stats.go: those that are asked here."""

HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"


def listener(name: str, routes: list[Json], port: int) -> Json:
    """Give an HTTP listener on a free port of loopback, whose statistics have the name that `port` gives them."""
    manager: Json = {
        "@type": HCM,
        "stat_prefix": name,
        "route_config": {"virtual_hosts": [{"name": "backend", "domains": ["*"], "routes": routes}]},
        "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
    }
    filters: list[Json] = [{"name": "http", "typed_config": manager}]
    address: Json = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
    chains: list[Json] = [{"filters": filters}]
    return {"name": name, "stat_prefix": f"127.0.0.1_{port}", "address": address, "filter_chains": chains}


def read(path: str) -> Json:
    method: Json = {"name": ":method", "string_match": {"exact": "GET", "ignore_case": True}}
    return {"match": {"path": path, "headers": [method]}, "route": {"cluster": "envoy-admin"}}


def bootstrap(admin: Path) -> Json:
    pipe: Json = {"pipe": {"path": str(admin)}}
    endpoints: list[Json] = [{"lb_endpoints": [{"endpoint": {"address": pipe}}]}]
    cluster: Json = {
        "name": "envoy-admin",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "envoy-admin", "endpoints": endpoints},
    }
    answered: Json = {"match": {"prefix": "/"}, "direct_response": {"status": 200}}
    listeners = [
        listener("envoy-admin", [read(path) for path in PATHS], 9001),
        listener("ingress_http", [answered], 8080),
    ]
    return {
        "node": {"id": "envoy-1", "cluster": "contour"},
        "admin": {"address": pipe},
        "static_resources": {"listeners": list(listeners), "clusters": [cluster]},
    }


class Line(Stream):
    """A plain connection."""

    def __init__(self, port: int, seconds: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), seconds)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        return self._socket.recv(65536)

    def close(self) -> None:
        self._socket.close()


@dataclass
class Running:
    """A running Envoy: its ports, and the connections that were opened to it instead of to a pod."""

    admin: int
    clients: int
    lines: list[Line] = field(default_factory=list)

    def open(self, _pod: PodRef, port: int, seconds: float) -> Stream:
        self.lines.append(Line(port, seconds))
        return self.lines[-1]


def listening(admin: Path) -> dict[str, int]:
    """Give the ports on which it listens, by listener, once it does."""
    until = time.monotonic() + 20
    while not answers(admin):
        assert time.monotonic() < until, "the Envoy has no admin interface"
        time.sleep(0.02)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(admin)), base_url="http://envoy") as client:
        while True:
            found = client.get("/listeners?format=json").json().get("listener_statuses", [])
            ports = {row["name"]: row["local_address"]["socket_address"]["port_value"] for row in found}
            if len(ports) == 2 and all(ports.values()):
                return ports
            assert time.monotonic() < until, "the Envoy does not listen"
            time.sleep(0.02)


def answers(admin: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        return tried.connect_ex(str(admin)) == 0


@pytest.fixture(scope="module")
def envoy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    program = pytest.importorskip("migrator.lab.envoy.program")
    folder = tmp_path_factory.mktemp("contour")
    process = program.Envoy(folder)
    process.start(bootstrap(folder / "a.sock"), "--concurrency", "1")
    try:
        ports = listening(folder / "a.sock")
        running = Running(ports["envoy-admin"], ports["ingress_http"])
        yield running
        for line in running.lines:
            line.close()
    finally:
        process.kill()


def ports(envoy: Running) -> tuple[GatewayReader, GatewayWriter]:
    spec = quick()
    spec = replace(spec, gateway=GatewaySpec("contour", admin_port=envoy.admin))
    return gateways(spec, envoy)


def test_only_clients_are_counted_and_never_our_own_questions(envoy: Running) -> None:
    reader, _ = ports(envoy)
    for _ in range(3):
        httpx.get(f"http://127.0.0.1:{envoy.clients}/", trust_env=False)
    for _ in range(4):
        (found,), silent = readings(reader, Side.NEW, [POD])
        assert silent == []

    assert found.requests == 3
    assert found.accepted == 3


def test_its_configuration_can_be_read(envoy: Running) -> None:
    reader, _ = ports(envoy)

    assert {name.split("/")[0] for name, _ in reader.parity(POD, Side.NEW).units} >= {"cluster", "listener"}


def test_it_takes_no_order_on_that_port(envoy: Running) -> None:
    _, writer = ports(envoy)

    with pytest.raises(Refused):
        writer.tell(Tell(Side.OLD, Word.GO, (POD,)))


def test_it_is_not_taken_to_have_been_told_anything_or_it_would_be_told_again_in_vain(envoy: Running) -> None:
    reader, _ = ports(envoy)

    assert reader.told(Side.OLD, [POD]) == []
