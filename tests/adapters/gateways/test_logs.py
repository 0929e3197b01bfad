"""The end of a pod's log: the container that answers requests, bounded lines and bytes, and what others wrote as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.gateways.logs import LARGEST, PodLogs
from migrator.domain.model.actions import PodRef

POD = PodRef("edge", "gw-1", "u-1", "10.0.0.1")
CONTAINERS = [{"name": "sidecar"}, {"name": "istio-proxy"}]


class Server:
    """An API server with one pod."""

    def __init__(self, *lines: bytes) -> None:
        self._lines = lines
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask(self, method: str, path: str) -> Any:
        assert (method, path) == ("GET", "/api/v1/namespaces/edge/pods/gw-1")
        return {"spec": {"containers": CONTAINERS}}

    def lines(self, path: str, query: Mapping[str, str], deadline: Deadline) -> Iterator[bytes]:
        self.asked.append((path, dict(query)))
        yield b""
        yield from self._lines


def test_the_container_that_answers_is_asked_for_its_last_seconds() -> None:
    server = Server(b"one", b"two \xff")
    logs = PodLogs(server, ("istio-proxy",))  # type: ignore[arg-type]  # two of its methods are enough

    assert logs.last(POD, 59.5) == "one\ntwo \ufffd"
    (path, query) = server.asked[0]
    assert path.endswith("/pods/gw-1/log")
    assert (query["container"], query["sinceSeconds"]) == ("istio-proxy", "60")
    assert "limitBytes" not in query, "a kubelet would cut the newest lines"


def test_of_more_than_there_is_room_for_the_newest_lines_are_kept() -> None:
    server = Server(*[str(number).encode() * (LARGEST // 3) for number in range(5)])

    kept = PodLogs(server, ()).last(POD, 1.0)  # type: ignore[arg-type]  # as above

    assert len(kept) <= LARGEST
    assert [line[0] for line in kept.splitlines()] == ["3", "4"]
