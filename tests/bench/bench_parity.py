"""What comparing many gateways costs. Run it: `python -m tests.bench.bench_parity`.

50 gateways with a dump of 4.5 MB answer over loopback; once all are alike, once each differs in one route. The goal is 20 s
on 2 cores. Memory: this process holds one dump for each process that reads, and each of these the one that it reads.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from migrator.adapters.clock import SystemClock
from migrator.adapters.gateways import may_belong_to
from migrator.adapters.gateways.admin import Admin
from migrator.adapters.gateways.comparison.crew import hands
from migrator.adapters.gateways.configurations import Configurations
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.observation.parity import Compared

PODS = 50
MEGABYTES = 4.5
GOAL = 20.0
HOSTS, CLUSTERS = 20, 500


def dump(routes_of_host: int, timeout: str = "15s") -> Manifest:
    """Give a dump: 20 hosts with so many routes each, 500 clusters with 3 endpoints each."""
    names = [f"outbound|80||service-{n}.shop.svc.cluster.local" for n in range(CLUSTERS)]
    hosts: list[Json] = [_host(n, routes_of_host, names, timeout if n == HOSTS - 1 else "15s") for n in range(HOSTS)]
    route: Manifest = {"name": "http.8080", "virtual_hosts": hosts}
    clusters: list[Json] = [{"version_info": "1", "last_updated": "x", "cluster": _cluster(name)} for name in names]
    tables: list[Json] = [{"version_info": "1", "endpoint_config": _table(name)} for name in names]
    return {
        "configs": [
            {"@type": "x.ClustersConfigDump", "dynamic_active_clusters": clusters},
            {"@type": "x.RoutesConfigDump", "dynamic_route_configs": [{"route_config": route}]},
            {"@type": "x.EndpointsConfigDump", "dynamic_endpoint_configs": tables},
        ]
    }


def _made(kind: str, name: str) -> Manifest:
    return {"filter_metadata": {"istio": {"config": f"/apis/networking.istio.io/v1/namespaces/shop/{kind}/{name}"}}}


def _host(number: int, routes: int, names: list[str], timeout: str) -> Json:
    name = f"host-{number}.example"
    rows: list[Json] = [
        {
            "name": "default",
            "match": {"prefix": f"/v1/{n}", "case_sensitive": True},
            "route": {
                "cluster": names[n % len(names)],
                "timeout": timeout if n == routes - 1 else "15s",
                "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2},
                "max_grpc_timeout": "0s",
            },
            "metadata": _made("virtual-service", name),
            "decorator": {"operation": f"{name}/v1/{n}*"},
            "request_headers_to_add": [{"header": {"key": "x-from", "value": "edge"}}],
        }
        for n in range(routes)
    ]
    return {"name": f"{name}:80", "domains": [name, f"{name}:*"], "routes": rows}


def _cluster(name: str) -> Manifest:
    return {
        "name": name,
        "type": "EDS",
        "eds_cluster_config": {"eds_config": {"ads": {}}, "service_name": name},
        "connect_timeout": "10s",
        "lb_policy": "LEAST_REQUEST",
        "circuit_breakers": {"thresholds": [{"max_connections": 4294967295, "max_retries": 4294967295}]},
        "metadata": _made("destination-rule", name),
        "filters": [
            {"name": "istio.metadata_exchange", "typed_config": {"@type": "x.MetadataExchange", "protocol": "x"}}
        ],
    }


def _table(name: str) -> Manifest:
    rows: list[Json] = [
        {
            "endpoint": {"address": {"socket_address": {"address": f"10.1.{n}.7", "port_value": 8080}}, "hostname": ""},
            "health_status": "HEALTHY",
            "metadata": {"filter_metadata": {"envoy.transport_socket_match": {"tlsMode": "istio"}}},
            "load_balancing_weight": 1,
        }
        for n in range(3)
    ]
    return {"cluster_name": name, "endpoints": [{"locality": {"region": "r"}, "lb_endpoints": rows}]}


def sized() -> int:
    """Give how many routes a host needs for a dump of the wanted size."""
    one, two = (len(json.dumps(dump(n))) for n in (10, 20))
    return int((MEGABYTES * 1e6 - one) / ((two - one) / 10)) + 10


def serve() -> None:
    """Be the gateways: `/config_dump` of a pod whose number is odd in the path's query has another timeout."""
    routes = sized()
    bodies = [json.dumps(dump(routes, timeout)).encode() for timeout in ("15s", "16s")]
    info = json.dumps(
        {"node": {"id": "gateway", "cluster": "gw"}, "uptime_current_epoch": "9s", "version": "1.40"}
    ).encode()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            different = self.server.server_address[1] == servers[1].server_address[1]
            body = bodies[different] if self.path.startswith("/config_dump") else info
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answers) for _ in range(2)]
    print(*(server.server_address[1] for server in servers), flush=True)
    import threading

    threading.Thread(target=servers[0].serve_forever, daemon=True).start()
    servers[1].serve_forever()


class Plain:
    """A stream over a TCP connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 5.0)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def receive(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        return self._socket.recv(1 << 16)

    def close(self) -> None:
        self._socket.close()


class Ports:
    """Opens streams to the gateways; those whose name begins with `odd` are behind the second server."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports

    def open(self, pod: PodRef, port: int, seconds: float) -> Plain:
        return Plain(self._ports[pod.name.startswith("odd")])


@contextmanager
def gateways() -> Iterator[Configurations]:
    """Run the gateways in a process of their own."""
    command = [sys.executable, "-m", "tests.bench.bench_parity", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ports = [int(port) for port in process.stdout.readline().split()]
        try:
            yield Configurations(Admin(Ports(ports), 15000, may_belong_to, SystemClock().now), {8080: 80})
        finally:
            process.kill()


def compared(of: Configurations, kind: str) -> tuple[float, float, int]:
    """Compare 50 gateways: seconds to the first answer and to the last, and how many differ."""
    model = of.reference(PodRef("ns", "model", "uid", "10.0.0.1", "n"), Side.OLD)
    pods = [(PodRef("ns", f"{kind}-{n}", f"uid-{kind}-{n}", f"10.0.1.{n}", "n"), Side.OLD) for n in range(PODS)]
    began, first, differ = time.monotonic(), 0.0, 0
    for _, answer in of.compare(model, pods):
        first = first or time.monotonic() - began
        assert isinstance(answer, Compared), answer
        differ += bool(answer.differences)
    return first, time.monotonic() - began, differ


def _cpu() -> float:
    """Give the CPU seconds of this process and of the processes that it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Print the table."""
    size = len(json.dumps(dump(sized()))) / 1e6
    print(f"{PODS} gateways, {size:.1f} MB each, {hands()} dumps at a time; goal {GOAL:.0f} s")
    print(
        f"load before: {os.getloadavg()[0]:.1f}; CPU is this process's and its readers', whatever else the machine does"
    )
    print(f"{'gateways':>10} {'first, s':>9} {'all, s':>7} {'CPU, s':>7} {'differ':>7}")
    with gateways() as of:
        for kind in ("even", "odd"):
            before = _cpu()
            first, took, differ = compared(of, kind)
            words = "alike" if kind == "even" else "different"
            print(f"{words:>10} {first:9.2f} {took:7.2f} {_cpu() - before:7.2f} {differ:7}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"memory at most: this process {own:.0f} MB, the largest process that it started {largest:.0f} MB")


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
