"""Which requests an event took with it: in flight at a kill or sent before it could be noticed; on a WebSocket that was cut.

They are counted apart, and bounded: what is lost later than that, or at another event, is lost by nobody's right.
"""

from collections.abc import Iterable, Sequence

from migrator.lab.ground.manifests import Json
from migrator.lab.load.mix import Kind
from migrator.lab.soak.events import EVENTS, Harm
from migrator.lab.soak.record import Struck

NOTICED_WITHIN = 5.0
"""Seconds after a kill in which what is sent to the gateway may be lost: a turn, the balancer's propagation, and its own
health check, on a machine that is busy."""

STOPPED_WITHIN = 60.0
"""Seconds after an event in which the pods that it ends have stopped: one after the other, each after its drain."""

HARMED = frozenset({"lost", "bad"})
NOT_RIGHT = HARMED | {"wrong"}


def not_right(rows: Iterable[Json]) -> list[Json]:
    """Give the ledger's rows of requests that were lost, or answered otherwise than they should be."""
    return [row for row in rows if row["outcome"] in NOT_RIGHT]


def apart(rows: Iterable[Json], struck: Iterable[Struck]) -> int:
    """Count the lost and the bad that the events explain."""
    happened = [each for each in struck if each.what]
    return sum(row["outcome"] in HARMED and _is_explained(row, happened) for row in rows)


def _is_explained(row: Json, happened: Sequence[Struck]) -> bool:
    return any(_EXPLAINS[EVENTS[each.event].harm](row, each.at) for each in happened)


def _was_in_flight(row: Json, at: float) -> bool:
    return bool(row["t_start"] <= at + NOTICED_WITHIN and row["t_end"] >= at)


def _was_cut(row: Json, at: float) -> bool:
    return bool(row["kind"] == Kind.WEBSOCKET and row["nth"] > 1 and at <= row["t_end"] <= at + STOPPED_WITHIN)


_EXPLAINS = {Harm.NONE: lambda _row, _at: False, Harm.STREAMS: _was_cut, Harm.IN_FLIGHT: _was_in_flight}
