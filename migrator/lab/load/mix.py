"""Which clients make the load, and how often. Values only: nothing here opens a connection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """The kinds of client. Each meets a leaving gateway differently, so each can lose what the others do not."""

    NEW_CONNECTION = "new-connection"
    KEEP_ALIVE = "keep-alive"
    SLOW_KEEP_ALIVE = "slow-keep-alive"
    HTTP2 = "http2"
    LONG_REQUEST = "long-request"
    WEBSOCKET = "websocket"
    IDLE = "idle"


SWITCHING = 101
OK = "ok\n"
"""How the lab's own application answers `/`."""

FAST = (Kind.NEW_CONNECTION, Kind.KEEP_ALIVE, Kind.HTTP2)


@dataclass(frozen=True, slots=True)
class Group:
    """Clients of one kind. `rate` is requests per second of *one* client; `takes` and `patience` are seconds.

    A request fails after `patience + takes`. `most` bounds the requests of one client that may be in flight where a
    client may have several (new-connection, http2). Idle clients make one request (every second client) or none.
    `body` is how the right answer begins ("": the client does not know it);
    A client that keeps its connection says goodbye and connects again after `lasts` seconds; 0 means that it never does.
    """

    kind: Kind
    clients: int
    rate: float = 1.0
    path: str = "/"
    takes: float = 0.0
    patience: float = 10.0
    most: int = 64
    lasts: float = 0.0
    body: str = ""

    def __post_init__(self) -> None:
        if self.clients < 1 or self.most < 1:
            raise ValueError(f"{self.kind}: clients and most must be at least 1")
        if self.rate <= 0 or self.patience <= 0 or self.takes < 0 or self.lasts < 0:
            raise ValueError(f"{self.kind}: rate and patience must be above 0, takes and lasts not below 0")
        if not self.path.startswith("/") or any(letter <= " " for letter in self.path):
            raise ValueError(f"{self.kind}: path {self.path!r} must start with / and hold no blanks")

    def is_right(self, status: int, body: bytes) -> bool:
        """Say whether a success is what the client asked for; a change of protocol has no body."""
        return status == SWITCHING or body.startswith(self.body.encode())

    @property
    def deadline(self) -> float:
        """Seconds after which a request counts as lost."""
        return self.patience + self.takes

    @property
    def offered(self) -> float:
        """Requests per second of the whole group, if every answer takes no longer than `takes`."""
        if self.kind is Kind.IDLE:
            return 0.0
        alone = self.kind not in (Kind.NEW_CONNECTION, Kind.HTTP2)
        rate = min(self.rate, 1 / self.takes) if alone and self.takes else self.rate
        return self.clients * rate


@dataclass(frozen=True, slots=True)
class Mix:
    """All groups of one load."""

    name: str
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        kinds = [group.kind for group in self.groups]
        if not kinds or len(set(kinds)) != len(kinds):
            raise ValueError(f"mix {self.name!r} needs groups, at most one of each kind")

    @property
    def clients(self) -> int:
        """The number of clients."""
        return sum(group.clients for group in self.groups)

    @property
    def offered(self) -> float:
        """Requests per second of all groups."""
        return sum(group.offered for group in self.groups)

    def at_rate(self, total: float) -> "Mix":
        """Return this mix with the fast kinds' rates scaled so that all together offer `total` requests per second.

        Raise `ValueError` where the kinds whose rate is their nature (slow, long, WebSocket) already offer more.
        """
        fast = sum(group.offered for group in self.groups if group.kind in FAST)
        wanted = total - (self.offered - fast)
        if not fast or wanted <= 0:
            raise ValueError(
                f"mix {self.name!r} cannot offer {total:g} requests/s: its slow kinds make {-wanted:g} more"
            )
        groups = (replace(g, rate=g.rate * wanted / fast) if g.kind in FAST else g for g in self.groups)
        return replace(self, groups=tuple(groups))

    def at_path(self, path: str) -> "Mix":
        """Return this mix with every group asking for `path`. Raise `ValueError` for what is none."""
        return replace(self, groups=tuple(replace(group, path=path) for group in self.groups))

    def only(self, *kinds: Kind) -> "Mix":
        """Return this mix with the groups of `kinds` alone."""
        return replace(self, groups=tuple(group for group in self.groups if group.kind in kinds))


def standard(clients: int = 20, keep_alive: float = 80.0) -> Mix:
    """Return the mix of a small world: about 190 requests/s, a fifth of one core.

    `clients` is the number of keep-alive clients, `keep_alive` the requests per second of all of them together.
    """
    groups = (
        Group(Kind.NEW_CONNECTION, clients=12, rate=5.0, body=OK),
        Group(Kind.KEEP_ALIVE, clients=clients, rate=keep_alive / clients, body=OK),
        Group(Kind.SLOW_KEEP_ALIVE, clients=10, rate=0.5, body=OK),
        Group(Kind.HTTP2, clients=4, rate=10.0, body=OK),
        Group(Kind.LONG_REQUEST, clients=6, rate=1 / 3, path="/slow?s=3", takes=3.0, body="slept 3 s\n"),
        Group(Kind.WEBSOCKET, clients=6, rate=1.0, path="/ws"),
        Group(Kind.IDLE, clients=6, body=OK),
    )
    return Mix("standard", groups)


def demo() -> Mix:
    """Return the standard mix with more new connections, and kept ones that are made again as browsers' and pools' are.

    Only new connections follow the balancer's weights, so they decide how soon a small share has been seen enough. Slow
    clients keep theirs for ever: they only ever leave a gateway that asks them to.
    """
    mix = _with(standard(), Kind.NEW_CONNECTION, rate=10.0)
    for kind, lasts in ((Kind.WEBSOCKET, 8.0), (Kind.KEEP_ALIVE, 12.0), (Kind.HTTP2, 15.0)):
        mix = _with(mix, kind, lasts=lasts)
    return replace(mix, name="demo")


def demo_http1() -> Mix:
    """Return the demo's mix without HTTP/2, its requests left to the keep-alive clients: for an HTTP listener without TLS."""
    mix = demo().only(*(kind for kind in Kind if kind is not Kind.HTTP2))
    return replace(_with(mix, Kind.KEEP_ALIVE, rate=6.0), name="demo-http1")


def soak() -> Mix:
    """Return the demo's mix at twice its rate, so that a hundred thousand requests take minutes."""
    return replace(demo().at_rate(500.0), name="soak")


def compare(clients: int = 200) -> Mix:
    """Return the mix for comparing tools: a crowd of keep-alive connections, and requests longer than Istio's 5 s drain.

    Those 8 s are nothing special (an export, a long poll); the default `terminationDrainDuration` does not wait for them.
    """
    crowd = _with(standard(clients=clients, keep_alive=100.0), Kind.WEBSOCKET, lasts=8.0)
    return replace(
        _with(crowd, Kind.LONG_REQUEST, clients=20, path="/slow?s=8", takes=8.0, rate=1 / 8, body="slept 8 s\n"),
        name="compare",
    )


def _with(mix: Mix, kind: Kind, **changes: Any) -> Mix:  # Any: fields of Group
    return replace(mix, groups=tuple(replace(g, **changes) if g.kind is kind else g for g in mix.groups))


def small() -> Mix:
    """Return a mix for short tests: every kind, few clients, about 40 requests/s."""
    few = (replace(group, clients=2) for group in standard(keep_alive=100.0).groups)
    return replace(Mix("small", tuple(few)), name="small")


def plain() -> Mix:
    """Return the mix for gateways that we know nothing of: plain questions, whose right answer nobody knows."""
    groups = (
        Group(Kind.NEW_CONNECTION, clients=4, rate=2.5),
        Group(Kind.KEEP_ALIVE, clients=4, rate=2.5, lasts=15.0),
    )
    return Mix("plain", groups)


NAMED = {
    "plain": plain,
    "standard": standard,
    "demo": demo,
    "demo-http1": demo_http1,
    "soak": soak,
    "compare": compare,
    "small": small,
}


def load(text: str) -> Mix:
    """Return the mix named `text`, or the one in the JSON file `text`. Raise `ValueError` for neither."""
    if text in NAMED:
        return NAMED[text]()
    path = Path(text)
    if not path.is_file():
        raise ValueError(f"{text!r} is neither a file nor one of the mixes {', '.join(NAMED)}")
    return parsed(json.loads(path.read_text(encoding="utf-8")))


def parsed(raw: Any) -> Mix:  # Any: it is what a person wrote
    """Return the mix of `{"name": str, "groups": [{"kind": str, "clients": int, ...as in Group}]}`."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("groups"), list):
        raise ValueError('a mix is {"name": ..., "groups": [...]}')
    return Mix(str(raw.get("name", "custom")), tuple(_group(row) for row in raw["groups"]))


def _group(row: Any) -> Group:  # Any: it is what a person wrote
    allowed = {field.name for field in fields(Group)}
    if not isinstance(row, Mapping) or "kind" not in row or not set(row) <= allowed:
        raise ValueError(f"a group needs kind and clients, and may have {', '.join(sorted(allowed))}; found {row!r}")
    try:
        return Group(**{**row, "kind": Kind(row["kind"])})
    except TypeError as error:
        raise ValueError(f"group {row!r}: {error}") from error
