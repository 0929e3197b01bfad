"""How soon a run leaves gateways that turned bad, by the clients' ledger and the journal."""

import time
from dataclasses import dataclass
from datetime import datetime

from migrator.lab.demo.gateway_faults import Trouble
from migrator.lab.demo.loading import Load
from tests.scenarios.ground import Ground, eventually
from tests.scenarios.operator import Json, Operator

SLOW = 1.0
STRIKE_EVERY = 1.0
TURNS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Reaction:
    """Seconds since the fault struck; None for what did not happen.

    `last_bad` is when the last harmed request began; unharmed ones (a WebSocket that is up) may stay longer.
    """

    first_bad: float | None
    verdict: float | None
    last_bad: float | None
    last_to_bad_side: float | None

    def __str__(self) -> str:
        def words(at: float | None) -> str:
            return "never" if at is None else f"{at:.2f} s"

        return (
            f"first bad answer after {words(self.first_bad)}, verdict {words(self.verdict)}, "
            f"last bad one began {words(self.last_bad)}, last of any kind there {words(self.last_to_bad_side)}"
        )


def trouble_of(stage: Ground, fault: str) -> Trouble:
    """The fault, on two of the stage's new gateways, or on all where it is one of the whole side."""
    supervisor, count = stage.record.supervisor.pid, len(stage.nodes)
    return Trouble(fault, stage.layout, stage.cluster, supervisor, count=count, namespace=stage.namespace)


def strike(trouble: Trouble, operator: Operator) -> float:
    """Make two new gateways bad, crashing them again when they come back, until the run turns; give when it began."""
    struck = time.time()
    trouble.strike()
    again = [time.monotonic() + STRIKE_EVERY]

    def turned() -> bool:
        if trouble.kind == "crash" and time.monotonic() > again[0]:
            trouble.strike()
            again[0] = time.monotonic() + STRIKE_EVERY
        return operator.found().heading == "back"

    eventually(f"the run to turn back from {trouble.kind}", turned, TURNS_WITHIN)
    return struck


def reaction(load: Load, trouble: Trouble, struck: float, report: Json) -> Reaction:
    """Read the clients' ledger: when bad answers began, and when the last request went to a bad gateway."""
    rows = [row for row in load.rows() if row["outcome"] != "cut" and row["t_end"] >= struck]
    on_bad = [row for row in rows if _by(row, trouble)]
    harmed = [row for row in rows if row["outcome"] != "answered" or (_by(row, trouble) and _slow(row))]
    turned = report["turned_back"]
    return Reaction(
        min((row["t_end"] - struck for row in harmed), default=None),
        datetime.fromisoformat(turned["at"]).timestamp() - struck if turned else None,
        max((row["t_start"] - struck for row in harmed), default=None),
        max((row["t_start"] - struck for row in on_bad), default=None),
    )


def _by(row: Json, trouble: Trouble) -> bool:
    return str(row["gateway"]).rpartition(":")[0] in trouble.nodes


def _slow(row: Json) -> bool:
    return row["kind"] != "long-request" and float(row["t_end"]) - float(row["t_start"]) > SLOW
