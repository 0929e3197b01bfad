"""The values that the store gives out: rows of the journal, sums of watched time, plans as lists show them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Ruling
from migrator.domain.observation.snapshot import Snapshot
from migrator.store.codec.codec import Data


class Kind(StrEnum):
    """What a row of the journal says. `answers` names the row that it is about, where there is one."""

    INTENDED = "intended"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    FAILED = "failed"
    ASKED = "asked"
    APPROVED = "approved"
    MOVED = "moved"
    VERDICT = "verdict"
    NOTED = "noted"
    REQUESTED = "requested"
    OBEYED = "obeyed"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a run's journal. `step` is the index in the route of `heading`; `data` is the row's JSON."""

    id: int
    at: datetime
    kind: Kind
    heading: Heading
    step: int
    data: Data
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan as lists show it. `runs` counts how often it was begun, `blocking` the findings that keep it from being."""

    id: str
    name: str
    created_at: datetime
    created_by: str
    runs: int
    blocking: int


@dataclass(frozen=True, slots=True)
class Held:
    """A run's lease as the store has it."""

    run_id: int
    epoch: int
    holder: str
    acquired_at: datetime
    renewed_at: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One process's time at a run. `left_at` None: it is at it still, or it died after `kept_at`; `look` is its last."""

    run_id: int
    epoch: int
    holder: str
    began_at: datetime
    kept_at: datetime
    left_at: datetime | None
    look: Snapshot


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a channel has been told of a run: to which row of the journal, and of which process that nobody followed."""

    upto: int = 0
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a journal adds up to at its row `upto`, as JSON, and the seal that tells whether it still holds."""

    upto: int
    seal: str
    body: str


@dataclass(frozen=True, slots=True)
class Soak:
    """Passing seconds at one step, and the judged new-side requests in them."""

    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Streaks:
    """Watched seconds in a row over the hold limit, or without data."""

    held_for: float = 0.0
    blind_for: float = 0.0

    def after(self, ruling: Ruling, interval: float) -> Streaks:
        """Give the streaks after one more ruling; what a ruling does not lengthen, it ends."""
        if ruling in (Ruling.HOLD, Ruling.ABORT):
            return Streaks(held_for=self.held_for + interval)
        if ruling is Ruling.NO_DATA:
            return Streaks(blind_for=self.blind_for + interval)
        return Streaks()
