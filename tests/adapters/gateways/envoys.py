"""Envoys in memory, behind the doors of pods: they speak HTTP/1.1 on a stream, as the admin port does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.cluster.words import Missing
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Json

LISTENER = "listener.0.0.0.0_8080"
GATEWAY = "http.outbound_0.0.0.0_8080"


def pod(name: str, uid: str = "") -> PodRef:
    return PodRef("ns", name, uid or f"uid-{name}", "10.0.0.1", "n1")


@dataclass(slots=True)
class Envoy:
    """One process. `stats` are its counters; `asked` the requests it got; `closing` ends each connection politely."""

    node_id: str
    stats: dict[str, int] = field(default_factory=lambda: {f"{GATEWAY}.downstream_rq_2xx": 0})
    state: str = "LIVE"
    uptime: int = 100
    dump: Json = None
    metrics: str = ""
    closing: bool = False
    chunked: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, method: str, target: str) -> tuple[int, bytes]:
        """Answer one request."""
        self.asked.append((method, target))
        path = urlsplit(target).path
        answers: dict[str, Callable[[], tuple[int, bytes]]] = {
            "/server_info": lambda: (200, json.dumps(self._info()).encode()),
            "/ready": lambda: (200 if self.state == "LIVE" else 503, f"{self.state}\n".encode()),
            "/stats": lambda: (200, json.dumps(self._stats("usedonly" in target)).encode()),
            "/stats/prometheus": lambda: (200, self.metrics.encode()),
            "/config_dump": lambda: (200, json.dumps(self.dump or {"configs": []}).encode()),
            "/runtime": lambda: (200, b'{"entries": {}}'),
            "/healthcheck/fail": lambda: self._told(method, "DRAINING"),
            "/healthcheck/ok": lambda: self._told(method, "LIVE"),
        }
        return answers.get(path, lambda: (404, b"no such path"))()

    def _told(self, method: str, state: str) -> tuple[int, bytes]:
        if method != "POST":
            return 405, b"POST only"
        self.state = state
        return 200, b"OK\n"

    def _info(self) -> Json:
        node: Json = {"id": self.node_id, "cluster": "gw.ns"}
        return {"version": "abc/1.40.0", "state": self.state, "uptime_current_epoch": f"{self.uptime}s", "node": node}

    def _stats(self, used_only: bool) -> Json:
        return {"stats": [{"name": n, "value": v} for n, v in self.stats.items() if v or not used_only]}


@dataclass(slots=True)
class Line(Stream):
    """A connection to one process. `broken` makes the next use fail, as a cut connection does."""

    envoy: Envoy
    broken: OSError | None = None
    closed: bool = False
    _out: bytes = b""

    def send(self, data: bytes) -> None:
        if self.broken:
            raise self.broken
        head = data.decode().split("\r\n")[0].split(" ")
        status, body = self.envoy.answer(head[0], head[1])
        how = f"content-length: {len(body)}"
        if self.envoy.chunked:
            half = len(body) // 2
            how, pieces = "transfer-encoding: chunked", [body[:half], body[half:]]
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\n\r\n"
        introduced = head[1] == "/server_info"  # who says goodbye to that cannot be asked anything
        end = "connection: close\r\n" if self.envoy.closing and not introduced else ""
        self._out += f"HTTP/1.1 {status} X\r\n{how}\r\n{end}\r\n".encode() + body

    def receive(self, seconds: float) -> bytes:
        if self.broken:
            raise self.broken
        found, self._out = self._out[:7], self._out[7:]  # small pieces: nothing may depend on where they are cut
        return found

    def close(self) -> None:
        self.closed = True


class Doors:
    """Opens lines to the Envoys of pods, by pod name. Several Envoys for one pod share its port, taken in turn."""

    def __init__(self, **envoys: Envoy | list[Envoy]) -> None:
        self.envoys = {name: found if isinstance(found, list) else [found] for name, found in envoys.items()}
        self.deaf: set[str] = set()
        self.lines: list[Line] = []
        self.opened = 0

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        if pod.name not in self.envoys:
            raise Missing(verbatim(f"pods {pod.name} not found"))
        if pod.name in self.deaf:
            raise Unreachable(verbatim(f"no way to pod {pod.name}"))
        behind = self.envoys[pod.name]
        line = Line(behind[self.opened % len(behind)])
        self.opened += 1
        self.lines.append(line)
        return line

    def cut(self, name: str) -> None:
        """Break every connection to this pod."""
        for line in self.lines:
            if f"~{name}.ns~" in line.envoy.node_id:
                line.broken = ConnectionResetError("cut")


def istio(name: str) -> Envoy:
    """Give an Istio gateway's Envoy for the pod of this name."""
    return Envoy(f"router~10.0.0.1~{name}.ns~ns.svc.cluster.local")
