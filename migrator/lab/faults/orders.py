"""What can be ordered at which door, read strictly from JSON, and the list of what is in force. Nothing here does harm."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from migrator.lab.faults.matching import ALWAYS, Asked, Match

Json = dict[str, Any]


class BadOrder(ValueError):
    """An order that says something else than what can be done; the text says what."""


class Kind(StrEnum):
    """What happens to a request."""

    LATENCY = "latency"  # it is passed on `seconds` later
    RESET = "reset"  # the connection is reset, and nothing is passed on
    LOST = "lost"  # it is obeyed, and the connection is reset instead of an answer
    HALF_OPEN = "half-open"  # it is taken, and nothing comes: the connection stays
    LATE = "late"  # as half-open, but it is delivered `seconds` later
    STATUS = "status"  # the door answers with `status`
    DRIBBLE = "dribble"  # the answer comes byte by byte, `seconds` apart
    CUT = "cut"  # the connection is reset in the middle of the answer
    PAGE = "page"  # a web page, as a portal or a proxy answers
    REDIRECT = "redirect"  # to a host that nobody may ask
    FLOOD = "flood"  # an answer without end


SECONDS = {Kind.LATENCY: 1.0, Kind.LATE: 40.0, Kind.DRIBBLE: 1.0}
"""How long, where an order does not say."""

SPEECH = frozenset({Kind.STATUS, Kind.PAGE, Kind.REDIRECT, Kind.FLOOD})
"""Kinds that answer in HTTP: a door before something that speaks otherwise has none of them."""

STATUS = 503
GATEWAYS = {"gateways": "api", "gateways-2": "api-2"}
"""Gateways as a target, and the door before the API server through whose tunnels they are reached."""
TUNNEL = "/portforward"
"""How migrator reaches a gateway's own interface: by the API server's tunnel to its pod."""


@dataclass(slots=True)
class Fault:
    """A fault in force at a door. `target` is what it was ordered for: a door, or the gateways behind the API server's."""

    target: str
    door: str
    kind: Kind
    match: Match
    seconds: float = 0.0
    status: int = STATUS

    @property
    def shown(self) -> Json:
        """The fault as the interface lists it."""
        match = self.match
        scope = {"method": match.method, "path": match.prefix, "writes": match.writes, "share": match.share}
        what: Json = {"target": self.target, "kind": str(self.kind), "seconds": self.seconds}
        return what | ({"status": self.status} if self.kind is Kind.STATUS else {}) | scope | {"count": match.left}


@dataclass(slots=True)
class Faults:
    """The faults in force, the first match wins. `doors` are the names of all doors and whether HTTP is spoken there."""

    doors: dict[str, bool]
    draw: Random = field(default_factory=lambda: Random(1))
    _faults: list[Fault] = field(default_factory=list)

    @property
    def targets(self) -> tuple[str, ...]:
        """What a fault can be ordered for."""
        return (*self.doors, *(name for name, door in GATEWAYS.items() if door in self.doors))

    def order(self, body: Json) -> None:
        """Bring a fault into force. Raise `BadOrder`."""
        self._faults.append(self._read(body))

    def clear(self, target: str = "") -> None:
        """Take back the faults of a target, or all."""
        self._faults = [fault for fault in self._faults if target not in ("", fault.target)]

    def strike(self, door: str, asked: Asked) -> Fault | None:
        """Return the fault for a request at a door and count it down."""
        for fault in self._faults:
            if fault.door == door and fault.match.takes(asked, self.draw):
                if fault.match.left == 0:
                    self._faults.remove(fault)
                return fault
        return None

    @property
    def shown(self) -> Json:
        """What is in force, as JSON."""
        return {"faults": [fault.shown for fault in self._faults], "targets": list(self.targets)}

    def _read(self, body: Json) -> Fault:
        if unknown := sorted(set(body) - _KEYS):
            raise BadOrder(f"{', '.join(unknown)}: not known; an order has {', '.join(sorted(_KEYS))}")
        target, kind = str(body.get("target", "")), _kind(body.get("kind"))
        if target not in self.targets:
            raise BadOrder(f"target: one of {', '.join(self.targets)} is needed, not {target!r}")
        door = GATEWAYS.get(target, target)
        if kind in SPEECH and not self.doors[door]:
            raise BadOrder(f"{target} speaks no HTTP: {kind} cannot be said there")
        within = TUNNEL if target in GATEWAYS else ""
        seconds = _number(body, "seconds", SECONDS.get(kind, 0.0), 0.0, 3600.0)
        match = Match(
            method=str(body.get("method", "")).upper(),
            prefix=str(body.get("path", "")),
            within=within,
            writes=body.get("writes") is True,
            share=_number(body, "share", ALWAYS, 0.0, ALWAYS),
            left=int(_number(body, "count", -1, -1, 1e9)),
        )
        return Fault(target, door, kind, match, seconds, int(_number(body, "status", STATUS, 400, 599)))


_KEYS = {"target", "kind", "seconds", "status", "method", "path", "writes", "share", "count"}


def _kind(value: object) -> Kind:
    try:
        return Kind(str(value))
    except ValueError:
        raise BadOrder(f"kind: one of {', '.join(Kind)} is needed, not {value!r}") from None


def _number(body: Json, name: str, usual: float, least: float, most: float) -> float:
    value = body.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadOrder(f"{name}: a number from {least:g} to {most:g} is needed, not {value!r}")
    return value
