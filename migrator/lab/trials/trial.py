"""What can be tried, and what a trial came to. Pure values; nothing here starts a lab."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from migrator.lab.faults.orders import SPEECH, Kind
from migrator.lab.ground.layout import HAPROXY

Json = dict[str, Any]
PLAN_WITHIN = 300.0
"""Seconds after which a plan that has not answered is said to be stuck."""

STRIKES = 12.0
"""Seconds for which a fault is in force in a run, from 50 % on: longer than the longest call may take."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault at a target: all requests, or a share of them."""

    target: str
    kind: str
    status: int = 0
    share: float = 1.0

    @property
    def name(self) -> str:
        """Name it, as `--only` takes it: api:status-401, api:reset-5%."""
        more = f"-{self.status}" if self.status else ""
        return f"{self.target}:{self.kind}{more}" + (f"-{self.share:.0%}" if self.share < 1 else "")

    @property
    def order(self) -> Json:
        """What is ordered at the door."""
        order: Json = {"target": self.target, "kind": self.kind, "share": self.share}
        return order | ({"status": self.status} if self.status else {})


STATUSES = (401, 403, 429, 500, 503)
WIRE = (Kind.LATENCY, Kind.RESET, Kind.HALF_OPEN, Kind.DRIBBLE, Kind.CUT, Kind.LOST, Kind.LATE)
WORDS = (Kind.PAGE, Kind.REDIRECT, Kind.FLOOD)


def trials(target: str, balancer: str) -> tuple[Trial, ...]:
    """Give everything that can be tried at a target; a HAProxy speaks no HTTP, so nothing is said in it there."""
    wire = tuple(Trial(target, str(kind)) for kind in WIRE)
    if target == "balancer" and balancer == HAPROXY:
        return wire
    spoken = (*(Trial(target, "status", status) for status in STATUSES), *(Trial(target, str(kind)) for kind in WORDS))
    few = (Trial(target, "reset", share=0.05), Trial(target, "status", 500, 0.05))
    assert {Kind(each.kind) for each in spoken} == SPEECH
    return (*wire, *spoken, *few)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a command did while the fault was in force. `code` is that of the error it ended with, or of what it blocked."""

    exit_code: int | None
    seconds: float
    code: str = ""
    state: str = ""
    lost: int = 0
    bad: int = 0
    defect: str = ""

    def problems(self) -> list[str]:
        """Say what was promised and not kept: an end, in our words, and no request lost."""
        found = ["it did not end"] if self.exit_code is None else []
        found += [f"a defect of its own: {self.defect}"] if self.defect else []
        return found + ([f"{self.lost} lost, {self.bad} bad"] if self.lost or self.bad else [])


@dataclass(frozen=True, slots=True)
class Row:
    """One trial, with its plan and its run where they were tried."""

    trial: Trial
    plan: Tried | None = None
    run: Tried | None = None

    def problems(self) -> list[str]:
        """Say what was not kept."""
        tried = (("plan", self.plan), ("run", self.run))
        return [f"{name}: {problem}" for name, each in tried if each for problem in each.problems()]

    def as_json(self) -> Json:
        """Return the row for a program."""
        return {"name": self.trial.name, "problems": self.problems(), **asdict(self)}
