"""What a gateway's pods are ended by, in which ways they were made ready for it, and what came of it. Pure values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

DELAY = 0.05
INTERVAL, UNHEALTHY, HEALTHY = 5, 2, 2
"""The document's health check: 5 s, two failures."""

LONGEST = 10
"""Seconds that the longest ordinary request takes here: the load's are 8 s."""

SEEN = (
    "--interval",
    str(INTERVAL),
    "--unhealthy",
    str(UNHEALTHY),
    "--healthy",
    str(HEALTHY),
    "--longest",
    str(LONGEST),
)
"""What is told to `migrator harden` of the balancer and of the requests."""


class Event(StrEnum):
    """What ends pods."""

    RESTART = "rolling restart"
    EVICTION = "eviction"
    DRAIN = "node drain"


@dataclass(frozen=True, slots=True)
class Way:
    """How the gateway is when its pods end. `options` are those of `migrator harden` (None: as it stands).

    `follows`: `migrator follow` looks after it meanwhile. `loses`: it is known to lose requests, which is to be seen.
    `beside`: by whose word a container of ours lets it end, balancer or follower ("": there is none).
    """

    name: str
    title: str
    options: tuple[str, ...] | None = None
    follows: bool = False
    loses: bool = False
    beside: str = ""


WAYS = (
    Way("as-it-stands", "as it stands", loses=True),
    Way("own-drain", "hardened by Istio's own drain", ()),
    Way("sleep", "a preStop that sleeps, nobody takes it off", ("--gateway", "envoy"), loses=True),
    Way("sleep-followed", "the same, `migrator follow` takes it off", ("--gateway", "envoy"), follows=True),
    Way("own-weight", "a container beside it sets its weight", ("--gateway", "envoy"), beside="balancer"),
    Way("word", "a container beside it waits for `migrator follow`", ("--gateway", "envoy"), True, beside="follower"),
)


@dataclass(frozen=True, slots=True)
class Result:
    """One event in one way. `problem` says why there is no account."""

    way: Way
    event: Event
    seconds: float = 0.0
    sent: int = 0
    lost: int = 0
    bad: int = 0
    cut: int = 0
    problem: str = ""

    @property
    def harmed(self) -> bool:
        """Whether a client lost an answer, or got a server's error."""
        return self.lost + self.bad > 0


def as_expected(results: Iterable[Result]) -> bool:
    """Say whether every hardened way lost nothing, and each that is known to lose was seen to lose something."""
    rows = list(results)
    kept = all(not row.problem and (row.way.loses or not row.harmed) for row in rows)
    losing = {row.way.name for row in rows if row.way.loses}
    return kept and losing == {row.way.name for row in rows if row.way.loses and row.harmed}


def as_json(results: Iterable[Result]) -> Json:
    """Return what is written to `build/endings.json`."""
    rows = [asdict(row) | {"way": row.way.name, "title": row.way.title, "event": row.event.value} for row in results]
    terms = {"health_check_seconds": INTERVAL, "unhealthy": UNHEALTHY, "one_way_delay_seconds": DELAY}
    return {"version": 1, "terms": terms, "rows": rows}
