"""What the balancer really did with the clients: its counters, seen again and again, summed up per share.

It asks the lab's own API of the balancer, not its cloud API, so that watching never costs the operator a call.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from migrator.lab.ground.layout import BALANCER_ID, LISTENER_ID, Layout
from migrator.lab.ground.manifests import Json

FIRST_NODE_PORT = 30000


@dataclass(frozen=True, slots=True)
class Split:
    """One look: the share of new connections that the weights ask for, in percent, and connections made so far.

    `share` counts the weights in force in the data plane; None where nothing has weight. `at` is the wall clock.
    """

    at: float
    share: float | None
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Achieved:
    """A stretch of time at one share: what was asked for and what came, in percent of new connections."""

    since: float
    until: float
    asked: float
    got: float | None
    connections: int


class Hands(Protocol):
    """Who knows whose the targets are, where their addresses do not tell."""

    def told(self, listener: Json) -> Json:
        """Give the counters with the old side's targets under names that are no node's."""


class Watch:
    """Looks at one balancer and keeps what it saw."""

    def __init__(self, layout: Layout, arrives_at: tuple[str, ...] = (), hands: Hands | None = None) -> None:
        self._arrives_at = arrives_at or (layout.nodes,)
        self._hands = hands
        self._http = httpx.Client(base_url=f"http://{layout.balancer_admin}", timeout=2, trust_env=False)
        self.splits: list[Split] = []

    def look(self) -> Split | None:
        """Look once; None, and nothing kept, where the balancer does not answer."""
        try:
            stats = self._http.get("/stats", params={"balancer": BALANCER_ID}).raise_for_status().json()
        except httpx.HTTPError:
            return None
        listeners = stats["balancers"][BALANCER_ID]["listeners"]
        name = next(
            listener for listener in listeners if listener.partition("/")[0] == LISTENER_ID
        )  # the first rule of a layer-7 one
        listener = self._hands.told(listeners[name]) if self._hands else listeners[name]
        split = split_of(listener, self._arrives_at, time.time())
        self.splits.append(split)
        return split

    def close(self) -> None:
        self._http.close()


class Turns:
    """Whose each node is where nodes change hands one after another: the new side's while its pod is there."""

    def __init__(self, news: Callable[[], set[str]]) -> None:
        self._news = news

    def told(self, listener: Json) -> Json:
        """Give the counters with the old side's targets under names that are no node's."""
        news = self._news()
        named = {
            name if name.rpartition(":")[0] in news else f"old {name}": row for name, row in listener["targets"].items()
        }
        return {**listener, "targets": named}


class Ground:
    """Whose the nodes' own ports are where the new side takes those of the old: each time that the balancer dials none of them
    they change hands. Node ports are the old side's."""

    def __init__(self, nodes: str) -> None:
        self._nodes = nodes
        self._emptied, self._dialled = 0, False

    def told(self, listener: Json) -> Json:
        """Give the counters with the old side's targets under names that are no node's."""
        weighted = {name for name, row in listener["targets"].items() if row.get("effective_weight") is not None}
        dialled = any(name.startswith(self._nodes) and port_of(name) < FIRST_NODE_PORT for name in weighted)
        self._emptied += self._dialled and not dialled
        self._dialled = dialled
        olds = self._emptied % 2 == 0
        named = {
            (f"old {name}" if olds or port_of(name) >= FIRST_NODE_PORT else name): row
            for name, row in listener["targets"].items()
        }
        return {**listener, "targets": named}


def port_of(target: str) -> int:
    """Give the port of a target."""
    return int(target.rpartition(":")[2])


def split_of(listener: Json, arrives_at: str | tuple[str, ...], at: float) -> Split:
    """Read one listener's counters; targets whose address begins with `arrives_at` are the new side."""
    connections = [0, 0]
    weights: dict[tuple[int, str], int] = {}  # a pool's targets have its weight together
    for target, row in listener["targets"].items():
        side, pool = int(target.startswith(arrives_at)), row.get("pool")
        weights[side, target if pool is None else f"pool {pool}"] = row.get("effective_weight") or 0
        connections[side] += row.get("connections", 0)
    total, new = sum(weights.values()), sum(weight for (side, _), weight in weights.items() if side)
    return Split(at, 100 * new / total if total else None, *connections)


def achieved(splits: Sequence[Split]) -> list[Achieved]:
    """Return one row for each stretch in which the share did not change; a stretch with one look has no row."""
    rows: list[Achieved] = []
    for stretch in _stretches(splits):
        first, last = stretch[0], stretch[-1]
        old, new = last.old - first.old, last.new - first.new
        got = 100 * new / (old + new) if old + new else None
        if first.share is not None and len(stretch) > 1:
            rows.append(Achieved(first.at, last.at, first.share, got, old + new))
    return rows


def _stretches(splits: Iterable[Split]) -> list[list[Split]]:
    stretches: list[list[Split]] = []
    for split in splits:
        if stretches and stretches[-1][-1].share == split.share:
            stretches[-1].append(split)
        else:
            stretches.append([split])
    return stretches
