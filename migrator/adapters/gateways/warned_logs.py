"""The logs of gateways and of their controllers, read for warnings: few pods, the newest lines, many at once.

Only kinds and counts leave this module: a line may hold a secret. What cannot be read is a value with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.gateways.fan_out import FanOut
from migrator.adapters.gateways.logs import PodLogs
from migrator.domain.gateways.profile import ControllerPods
from migrator.domain.gateways.warnings_known import warnings_of
from migrator.domain.messages.errors import MigratorError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest, items, text
from migrator.domain.model.outside.warned import LogLook, Warned

MOST, CONTROLLERS = 10, 3
"""Pods of a side, and of a controller, whose logs are read."""

TOGETHER, THREADS = 15.0, 8
"""Seconds in which those of a side or a controller are read, and by how many threads."""

CONTAINERS = ("discovery", "envoy-gateway", "contour")
"""What the container of a controller is called: istiod's, Envoy Gateway's, Contour's."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How the logs of one side are reached: its cluster, the containers that answer requests, and its controller's pods."""

    connection: Connection
    containers: tuple[str, ...]
    controller: ControllerPods | None


@dataclass(frozen=True, slots=True)
class _Log:
    """The log of one pod, or why it was not read; `side` None: it is a controller's."""

    pod: PodRef
    side: Side | None
    answer: str | MigratorError


class WarningLogs:
    """Reads logs of the last `seconds`."""

    def __init__(self, sides: Mapping[Side, Heard], seconds: float) -> None:
        self._sides, self._seconds = dict(sides), seconds
        self._asking = FanOut(threads=THREADS)

    def heard(self, old: Sequence[PodRef], new: Sequence[PodRef]) -> LogLook:
        """Read them. It never raises."""
        ours = {pod.name: side for side, pods in ((Side.OLD, old), (Side.NEW, new)) for pod in pods}
        controllers, silent = self._controllers()
        logs = [*self._of_side(Side.OLD, old), *self._of_side(Side.NEW, new), *controllers]
        warned, unread = list[Warned](), list[tuple[str, Message]]()
        for log in logs:
            if isinstance(log.answer, MigratorError):
                unread.append((f"{log.pod.namespace}/{log.pod.name}", log.answer.message))
            else:
                warned += warnings_of(log.pod, log.answer.splitlines(), ours, log.side)
        return LogLook(self._seconds, len(logs) - len(unread), tuple(warned), (*unread, *silent))

    def _of_side(self, side: Side, pods: Sequence[PodRef]) -> list[_Log]:
        heard = self._sides[side]
        return self._read(heard.connection, heard.containers, pods[:MOST], side)

    def _read(
        self, connection: Connection, containers: tuple[str, ...], pods: Sequence[PodRef], side: Side | None
    ) -> list[_Log]:
        logs = PodLogs(connection, containers)
        answers = self._asking.ask(pods, lambda pod: logs.last(pod, self._seconds), TOGETHER)
        return [_Log(pod, side, answer) for pod, answer in answers]

    def _controllers(self) -> tuple[list[_Log], list[tuple[str, Message]]]:
        """Give the logs of each side's controller, and the controllers of which there is none to read."""
        logs, silent, known = list[_Log](), list[tuple[str, Message]](), set[tuple[int, ControllerPods]]()
        for heard in self._sides.values():
            where = heard.controller
            if where is None or (id(heard.connection), where) in known:
                continue
            known.add((id(heard.connection), where))
            try:
                pods = _pods(heard.connection, where)
            except MigratorError as error:
                silent.append((where.namespace, error.message))
                continue
            logs += self._read(heard.connection, CONTAINERS, pods, None)
            if not pods:
                labels = tuple(f"{key}={value}" for key, value in where.labels)
                silent.append((where.namespace, say("logs.no-controller", labels=labels)))
        return logs, silent


def _pods(connection: Connection, where: ControllerPods) -> list[PodRef]:
    """Give the running pods of a controller, as many as are read. Unreachable, Refused: nobody gave them."""
    query = {
        "labelSelector": ",".join(f"{key}={value}" for key, value in where.labels),
        "fieldSelector": "status.phase=Running",
        "limit": str(CONTROLLERS),
    }
    rows = items(connection.ask("GET", f"/api/v1/namespaces/{where.namespace}/pods", query), "items")
    return [_ref(row, where.namespace) for row in rows[:CONTROLLERS]]


def _ref(pod: Manifest, namespace: str) -> PodRef:
    return PodRef(namespace, text(pod, "metadata", "name"), text(pod, "metadata", "uid"), text(pod, "status", "podIP"))
