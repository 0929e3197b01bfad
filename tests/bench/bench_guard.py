"""What the guard against drift costs a minute, at 3 and at 200 gateways a side. Run it: `python -m tests.bench.bench_guard`.

Gateways answer over loopback, the cluster is in memory; a minute is twenty looks one after another on a clock that is moved
by hand. Bytes are those that gateways sent, and those of the lists and objects that a cluster would have sent.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

from migrator.adapters.clock import SystemClock
from migrator.adapters.gateways import may_belong_to
from migrator.adapters.gateways.admin import Admin
from migrator.adapters.gateways.envoy import EnvoyReader, Reads
from migrator.adapters.gateways.fan_out import FanOut
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Manifest, items
from migrator.workflow.questions import Asked
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.guarding import Guarding, rested
from migrator.workflow.watching.overseeing import EVERY, Overseeing
from tests.bench.bench_parity import Plain, dump
from tests.fakes.clock import FakeClock
from tests.fakes.world import FakeWorld

LOOKS = int(60 / EVERY)
ROUTES, CLUSTERS = 20, 100
ROUTE_TABLES = 4
OBJECTS = 200
"""Objects that configure gateways, in a cluster of some size."""


def held() -> bytes:
    """Give the dump of a gateway of ordinary size."""
    whole = dump(ROUTES)
    for section in items(whole, "configs"):
        for rows in section.values():
            if isinstance(rows, list):
                del rows[CLUSTERS:]
    return json.dumps(whole).encode()


def serve() -> None:
    """Be every gateway. `/push` changes the versions of all."""
    body = held()
    info = json.dumps({"node": {"id": "g", "cluster": "g"}, "uptime_current_epoch": "9s", "version": "1.40"}).encode()
    pushes = [1]

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/push":
                pushes[0] += 1
            self._answer(self._said())

        def _said(self) -> bytes:
            if self.path.startswith("/stats"):
                return f"cluster_manager.cds.version: {pushes[0]}\nlistener_manager.lds.version: {pushes[0]}\n".encode()
            if self.path.startswith("/config_dump?resource="):
                rows = [{"@type": "x.DynamicRouteConfig", "version_info": f"{pushes[0]}"}] * ROUTE_TABLES
                return json.dumps({"configs": rows}, indent=1).encode()
            return body if self.path.startswith("/config_dump") else info

        def _answer(self, said: bytes) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    print(server.server_address[1], flush=True)
    server.serve_forever()


class Counted(Plain):
    """A stream that counts what it receives."""

    received = 0
    lock = threading.Lock()

    def receive(self, seconds: float) -> bytes:
        found = super().receive(seconds)
        with Counted.lock:
            Counted.received += len(found)
        return found


class Ports:
    """Opens streams to the one server that is every gateway."""

    def __init__(self, port: int) -> None:
        self._port = port

    def open(self, pod: PodRef, port: int, seconds: float) -> Plain:
        return Counted(self._port)


@contextmanager
def gateways() -> Iterator[int]:
    """Run the gateways in a process of their own; give its port."""
    command = [sys.executable, "-m", "tests.bench.bench_guard", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def cpu() -> float:
    """Give the CPU seconds of this process and of those that it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Weighed:
    """A cluster that counts how many bytes its answers would have."""

    def __init__(self, cluster: Any) -> None:
        self._cluster, self.received = cluster, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cluster, name)

    def get(self, ref: Any) -> Any:
        found = self._cluster.get(ref)
        self.received += len(json.dumps(found))
        return found

    def list_objects(self, *of: Any, **named: Any) -> Any:
        found = self._cluster.list_objects(*of, **named)
        self.received += len(json.dumps(found))
        return found


def objects(per_side: int) -> tuple[float, float]:
    """Give CPU seconds and bytes of a minute of looks at the cluster's objects."""
    world = FakeWorld(nodes=per_side, replicas=per_side)
    plan = world.plan()
    for number in range(OBJECTS):
        world.cluster.add(_rule(number))
    cluster = Weighed(world.cluster)
    look = Guarding(rested(plan), cluster, Board(), world.clock, Asked())
    before = cpu()
    for _ in range(LOOKS):
        look()
        world.clock.advance(EVERY)
    return cpu() - before, cluster.received


def _rule(number: int) -> Manifest:
    rule: Manifest = {"workloadSelector": {"labels": {"app": f"other-{number}"}}, "configPatches": [{"patch": {}}] * 5}
    meta: Manifest = {"name": f"rule-{number}", "namespace": "edge"}
    return {"apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter", "metadata": meta, "spec": rule}


def configurations(per_side: int, port: int, pushed: bool) -> tuple[float, float]:
    """Give CPU seconds and bytes of a minute of looks at the gateways' configurations, once all were compared."""
    clock, board, fan_out = FakeClock(), Board(), FanOut()
    reader = EnvoyReader(
        Admin(Ports(port), 15000, may_belong_to, SystemClock().now),
        Reads(15000, None, ((8080, 80),), False),
        SystemClock(),
        fan_out,
    )
    old, new = (
        tuple(PodRef("edge", f"{side}-{n}", f"uid-{side}-{n}", f"10.0.0.{n}") for n in range(per_side))
        for side in ("old", "new")
    )
    board.wish = WatchRequest(old, new, parity=True)
    look = Overseeing(reader, board, clock)

    def looks(times: int) -> None:
        for _ in range(times):
            look()
            clock.advance(EVERY)

    looks(max(LOOKS // 2, per_side // 2 + LOOKS))
    if pushed:
        with urlopen(f"http://127.0.0.1:{port}/push") as answer:
            answer.read()
    before, received = cpu(), Counted.received
    looks(LOOKS)
    return cpu() - before, Counted.received - received


def main() -> None:
    """Print the table."""
    size = len(held()) / 1e6
    print(f"a minute of the guard: {LOOKS} looks; dumps of {size:.1f} MB, {OBJECTS} objects that configure gateways")
    print(f"load before: {os.getloadavg()[0]:.1f}; CPU is this process's, whatever else the machine does")
    print(f"{'':46} {'3 a side':>20} {'200 a side':>20}")
    with gateways() as port:
        for name, row in (
            ("objects of the cluster", lambda n: objects(n)),
            ("configurations, nothing changes", lambda n: configurations(n, port, False)),
            ("configurations, one push to all", lambda n: configurations(n, port, True)),
        ):
            found = [row(n) for n in (3, 200)]
            shown = " ".join(f"{seconds:7.2f} s {received / 1e6:7.2f} MB" for seconds, received in found)
            print(f"{name:46} {shown}", flush=True)


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else main()
