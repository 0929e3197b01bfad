"""The Envoy admin interface of single pods: whose process answers is proved on every new connection.

Two Envoys on one node share a port without an error (SO_REUSEPORT), the admin port included. So nothing is asked on
a connection before `/server_info` has named the pod we meant.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, cast

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.cluster.words import said_in
from migrator.domain.messages.durations import seconds_of
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Json, dig, text
from migrator.domain.model.outside.reading import parsed

if TYPE_CHECKING:
    from migrator.adapters.gateways.http_over_stream import Answer, HttpOverStream

SECONDS = 5.0
_TRIES = 4
_IDLE_PER_POD = 2
_IDLE_SECONDS = 60.0
_SAME_START_SECONDS = 3.0


class PodStreams(Protocol):
    """Opens a stream to a port of a pod (`cluster.PodPorts`)."""

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        """Open it; a Refused where the pod is gone or we may not, else Unreachable."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """The Envoy behind one connection. `epoch` tells it from an earlier process of the same pod."""

    node_id: str
    node_cluster: str
    version: str
    epoch: str
    drain: Json


@dataclass(slots=True)
class _Line:
    """A connection to one process, and since when nobody asks on it."""

    http: HttpOverStream
    process: Process
    idle_since: float = 0.0


class Admin:
    """Questions to pods' admin ports. Several threads may ask; each has a connection to itself while it does."""

    def __init__(
        self, streams: PodStreams, port: int, belongs: Callable[[str, PodRef], bool], now: Callable[[], datetime]
    ) -> None:
        self._streams, self._port, self._belongs, self._now = streams, port, belongs, now
        self._lock = threading.Lock()
        self._idle: dict[str, list[_Line]] = {}
        self._starts: dict[str, tuple[float, float]] = {}

    def get(self, pod: PodRef, target: str, seconds: float = SECONDS) -> tuple[Process, Answer]:
        """Ask; a connection that was kept and has died meanwhile is replaced once. Unreachable or Refused."""
        line = self._kept(pod)
        if line is not None:
            try:
                return self._asked(pod, line, "GET", target, seconds)
            except Unreachable as error:
                if isinstance(error.__cause__, TimeoutError):
                    raise
                # an idle connection may have been cut at any time; that says nothing of the gateway
        return self._asked(pod, self._opened(pod, seconds), "GET", target, seconds)

    def post(self, pod: PodRef, target: str, seconds: float = SECONDS) -> Answer:
        """Ask once, on a new connection whose process was proved to be the pod's. Unreachable: perhaps done."""
        return self._asked(pod, self._opened(pod, seconds), "POST", target, seconds)[1]

    def _asked(self, pod: PodRef, line: _Line, method: str, target: str, seconds: float) -> tuple[Process, Answer]:
        try:
            answer = line.http.ask(method, target, seconds)
        except OSError as error:
            line.http.close()
            asked = target.split("?")[0]
            raise Unreachable(say("gateway.no-answer", pod=pod.name, asked=asked, words=said_in(error))) from error
        self._keep(pod, line)
        return line.process, answer

    def _kept(self, pod: PodRef) -> _Line | None:
        oldest = time.monotonic() - _IDLE_SECONDS
        with self._lock:
            stale = [line for lines in self._idle.values() for line in lines if line.idle_since < oldest]
            if stale:
                self._idle = {
                    uid: kept for uid, rows in self._idle.items() if (kept := [row for row in rows if row not in stale])
                }
            rows = self._idle.get(pod.uid, [])
            line_kept = rows.pop() if rows else None
        for line in stale:
            line.http.close()
        return line_kept

    def _keep(self, pod: PodRef, line: _Line) -> None:
        line.idle_since = time.monotonic()
        with self._lock:
            rows = self._idle.setdefault(pod.uid, [])
            if line.http.usable and len(rows) < _IDLE_PER_POD:
                rows.append(line)
                return
        line.http.close()

    def _opened(self, pod: PodRef, seconds: float) -> _Line:
        """Open connections until the right process answers: a shared port gives a random one each time."""
        from migrator.adapters.gateways.http_over_stream import HttpOverStream

        strangers: list[str] = []
        for _ in range(_TRIES):
            http = HttpOverStream(self._streams.open(pod, self._port, seconds))
            try:
                process = self._introduced(pod, http, seconds)
            except OSError as error:
                http.close()
                raise Unreachable(say("gateway.not-introduced", pod=pod.name, words=said_in(error))) from error
            except BaseException:
                http.close()
                raise
            if self._belongs(process.node_id, pod):
                return _Line(http, process)
            http.close()
            strangers.append(process.node_id)
        node, other = pod.node or pod.ip, strangers[-1]
        raise Refused(say("gateway.stranger", port=self._port, pod=pod.name, node=node, other=other))

    def _introduced(self, pod: PodRef, http: HttpOverStream, seconds: float) -> Process:
        answer = http.ask("GET", "/server_info", seconds)
        if answer.status != 200:
            raise ConnectionError(say("gateway.status", asked="/server_info", status=answer.status))
        try:
            info = parsed(answer.body)
            uptime = seconds_of(text(info, "uptime_current_epoch") or "0s")
        except ValueError as error:
            raise ConnectionError(say("gateway.no-envoy", asked="/server_info")) from error
        options = {name: dig(info, "command_line_options", name) for name in ("drain_time", "drain_strategy")}
        return Process(
            node_id=text(info, "node", "id"),
            node_cluster=text(info, "node", "cluster"),
            version=text(info, "version"),
            epoch=self._epoch(pod, uptime),
            drain=cast(Json, options),
        )

    def _epoch(self, pod: PodRef, uptime: float) -> str:
        """Give the process's start as text. Uptimes are whole seconds, so starts within 3 s are the same one, unless the
        uptime has shrunk."""
        start = self._now().timestamp() - uptime
        with self._lock:
            known, highest = self._starts.get(pod.uid, (start, 0.0))
            if abs(known - start) > _SAME_START_SECONDS or uptime < highest - 1:
                known, highest = start, 0.0
            self._starts[pod.uid] = (known, max(uptime, highest))
        return f"{known:.0f}"
