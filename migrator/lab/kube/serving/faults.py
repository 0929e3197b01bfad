"""Faults on demand: requests that fail, hang, are dropped, or are obeyed without an answer. Off unless asked for."""

import asyncio
from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.api.errors import ApiError, bad_request

PATH = "/lab/faults"
_WORDS = ("drop", "delay", "lost")


@dataclass(slots=True)
class Fault:
    """What happens to the next `left` requests (-1: all) of this method (empty: any) below this path."""

    method: str
    prefix: str
    status: int | str  # an HTTP code, or: drop (before), delay, lost (obeyed, then the connection is cut)
    seconds: float
    left: int

    @property
    def shown(self) -> Doc:
        """The fault as the interface lists it."""
        match = {"method": self.method, "path_prefix": self.prefix}
        return {"match": match, "status": self.status, "seconds": self.seconds, "count": self.left}


class Dropped(Exception):
    """The connection is to be cut without an answer."""


class Faults:
    """The faults in force, first match wins."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def change(self, method: str, body: Doc) -> Doc:
        """Obey the fault interface: POST adds one, DELETE removes all, GET only lists; raises ApiError 400."""
        if method == "POST":
            self._faults.append(_fault(body))
        elif method == "DELETE":
            self._faults.clear()
        return {"faults": [fault.shown for fault in self._faults]}

    def match(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request and count it down."""
        for fault in self._faults:
            if fault.method in ("", method) and path.startswith(fault.prefix) and fault.left != 0:
                fault.left -= fault.left > 0
                if fault.left == 0:
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
    return Fault(str(match.get("method", "")).upper(), str(match.get("path_prefix", "/")), status, seconds, count)
