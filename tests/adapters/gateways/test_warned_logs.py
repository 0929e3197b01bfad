"""Logs of gateways and controllers, read over the API server: bounded, and what cannot be read says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.gateways.warned_logs import CONTROLLERS, MOST, Heard, WarningLogs
from migrator.domain.gateways.profile import ControllerPods
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import Trouble

ISTIOD = ControllerPods("istio-system", (("app", "istiod"),))
NACK = b"2026-12-01T12:00:00Z ADS:LDS: ACK ERROR new-0.edge-1 Internal:x"


def pods(prefix: str, count: int = 1) -> list[PodRef]:
    return [PodRef("edge", f"{prefix}-{number}", f"u-{prefix}-{number}", "10.0.0.1") for number in range(count)]


class Server:
    """An API server with some logs by pod, and these pods of the controller."""

    def __init__(self, logs: Mapping[str, bytes], controllers: tuple[str, ...] = ("istiod-1",)) -> None:
        self._logs, self._controllers = logs, controllers
        self.asked: list[str] = []
        self.listed: dict[str, str] = {}

    def ask(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        if query is None:
            return {"spec": {"containers": [{"name": "discovery"}]}}
        self.listed = dict(query)
        return {"items": [{"metadata": {"name": name, "uid": name}} for name in self._controllers]}

    def lines(self, path: str, query: Mapping[str, str], deadline: Deadline) -> Iterator[bytes]:
        name = path.split("/")[-2]
        self.asked.append(name)
        if name not in self._logs:
            raise Refused(say("cluster.refused"))
        yield b""
        yield self._logs[name]


def logs(server: Server, controller: ControllerPods | None = ISTIOD) -> WarningLogs:
    heard = Heard(server, (), controller)  # type: ignore[arg-type]  # two of its methods are enough
    return WarningLogs({Side.OLD: heard, Side.NEW: heard}, 60.0)


def test_gateways_and_their_controller_are_read_and_one_controller_once() -> None:
    server = Server({"old-0": b"x", "new-0": b"cannot bind '0.0.0.0:80': x", "istiod-1": NACK})
    look = logs(server).heard(pods("old"), pods("new"))

    assert (look.read, look.unread, look.seconds) == (3, (), 60.0)
    assert [(row.trouble, row.by, row.about) for row in look.warned] == [
        (Trouble.PORT, "edge/new-0", "new-0"),
        (Trouble.REJECTED, "istio-system/istiod-1", "new-0"),
    ]
    assert server.listed["labelSelector"] == "app=istiod"


def test_what_is_refused_is_said_by_name_and_the_rest_is_read() -> None:
    server = Server({"istiod-1": NACK})
    look = logs(server).heard(pods("old"), pods("new"))

    assert (look.read, [name for name, _ in look.unread]) == (1, ["edge/old-0", "edge/new-0"])
    assert len(look.warned) == 1


def test_a_controller_that_is_not_there_or_cannot_be_listed_is_said() -> None:
    class Closed(Server):
        def ask(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Any:
            raise Refused(say("cluster.refused"))

    assert [(name, why.code) for name, why in logs(Server({}, ())).heard([], []).unread] == [
        ("istio-system", "logs.no-controller")
    ]
    assert [name for name, _ in logs(Closed({})).heard([], []).unread] == ["istio-system"]
    assert logs(Server({}), None).heard([], []).unread == ()


def test_no_more_pods_are_read_than_there_is_time_for() -> None:
    server = Server({}, tuple(f"istiod-{number}" for number in range(9)))
    logs(server).heard(pods("old", 30), pods("new", 30))

    assert len(server.asked) == 2 * MOST + CONTROLLERS
    assert server.listed["limit"] == str(CONTROLLERS)
