"""The newest lines of a pod's log, bounded in time, lines and bytes. It follows nothing and keeps nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from math import ceil

from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.cluster.connection import Connection
from migrator.domain.model.actions import PodRef
from migrator.domain.model.kubernetes import container_named
from migrator.domain.model.manifests import mapping, text

LINES = 5000
LARGEST = 1 << 20
SECONDS = 5.0
"""The most of a pod: lines, bytes, and the time in which they are read."""


class PodLogs:
    """Reads logs by one connection. `containers` are the names of the one that answers requests, in their order."""

    def __init__(self, connection: Connection, containers: Sequence[str]) -> None:
        self._connection, self._containers = connection, tuple(containers)

    def last(self, pod: PodRef, seconds: float) -> str:
        """Give the lines of the last seconds, the newest where there are too many. Unreachable, Refused: nobody gave them."""
        path = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}"
        with Deadline(SECONDS) as deadline:
            spec = mapping(self._connection.ask("GET", path), "spec")
            query = {
                "container": text(container_named(spec, self._containers), "name"),
                "sinceSeconds": str(max(1, ceil(seconds))),
                "tailLines": str(LINES),
                "timestamps": "true",
            }
            kept = _newest(islice(self._connection.lines(f"{path}/log", query, deadline), 1, None))
        return kept.decode("utf-8", "replace")


def _newest(lines: Iterable[bytes]) -> bytes:
    """Give the last lines, as many as there is room for. A kubelet that is told a limit would cut these, not the oldest."""
    kept, size = deque[bytes](), 0
    for line in lines:
        kept.append(line)
        size += len(line) + 1
        while size > LARGEST:
            size -= len(kept.popleft()) + 1
    return b"\n".join(kept)
