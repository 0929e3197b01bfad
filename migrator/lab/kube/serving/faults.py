"""Faults on demand: requests that fail, hang, are dropped, or are obeyed without an answer. Off unless asked for.

These happen inside the server, for whoever asks it; those on the wire are the doors' (`migrator.lab.faults`).
"""

import asyncio
from dataclasses import dataclass
from random import Random

from migrator.lab.faults.matching import Asked, Match
from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.api.errors import ApiError, bad_request

PATH = "/lab/faults"
_WORDS = ("drop", "delay", "lost")


@dataclass(slots=True)
class Fault:
    """What happens to the requests of `match`."""

    match: Match
    status: int | str  # an HTTP code, or: drop (before), delay, lost (obeyed, then the connection is cut)
    seconds: float

    @property
    def shown(self) -> Doc:
        """The fault as the interface lists it."""
        which = self.match
        match: Doc = {"method": which.method, "path_prefix": which.prefix, "agents": list(which.agents)}
        return {"match": match, "status": self.status, "seconds": self.seconds, "count": which.left}


class Dropped(Exception):
    """The connection is to be cut without an answer."""


class Faults:
    """The faults in force, first match wins."""

    def __init__(self) -> None:
        self.streams: dict[asyncio.Transport, Asked] = {}  # tunnels and logs that are open
        self._faults: list[Fault] = []
        self._draw = Random(1)

    def change(self, method: str, body: Doc) -> Doc:
        """Obey the fault interface: POST adds one, DELETE removes all, GET only lists; raises ApiError 400."""
        if method == "POST":
            self._faults.append(_fault(body))
            if body.get("cut"):  # a server that is gone takes what is open with it
                self._cut(self._faults[-1].match)
        elif method == "DELETE":
            self._faults.clear()
        return {"faults": [fault.shown for fault in self._faults]}

    def _cut(self, which: Match) -> None:
        for transport, asked in list(self.streams.items()):
            if which.takes(asked, self._draw):
                transport.abort()

    def match(self, method: str, path: str, agent: str = "") -> Fault | None:
        """Return the fault for a request and count it down."""
        for fault in self._faults:
            if fault.match.takes(Asked(method, path, agent), self._draw):
                if fault.match.left == 0:
                    self._faults.remove(fault)
                return fault
        return None


async def suffer(fault: Fault) -> None:
    """Let a fault happen before its request is obeyed; raises ApiError or Dropped."""
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault.status == "drop":
        raise Dropped
    if isinstance(fault.status, int):
        raise ApiError(fault.status, "ServiceUnavailable" if fault.status == 503 else "", "injected by the lab")


def _fault(body: Doc) -> Fault:
    match, status = within(body, "match"), body.get("status", 503)
    if status not in _WORDS and not (isinstance(status, int) and 400 <= status < 600):
        raise bad_request(f"status must be 400..599 or one of {', '.join(_WORDS)}, not {status!r}")
    try:
        seconds, count = float(body.get("seconds", 0)), int(body.get("count", -1))
    except (TypeError, ValueError) as error:
        raise bad_request(f"seconds and count must be numbers: {error}") from error
    agents = match.get("agents", [])
    if not isinstance(agents, list):
        raise bad_request(f"agents must be a list, not {agents!r}")
    method, prefix = str(match.get("method", "")).upper(), str(match.get("path_prefix", "/"))
    return Fault(Match(method, prefix, tuple(map(str, agents)), left=count), status, seconds)
