"""What was counted: raw readings of counters, the differences between them, and a judge's verdict as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Side

Silence: TypeAlias = tuple[str, Message | str]
"""A gateway that could not be read: the pod's name, and why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One gateway's counters at one moment. `at` is monotonic seconds; `epoch` changes when the process restarts.

    `requests` counts completed answers, `bad` the 5xx among them, `slow` those longer than the plan's limit
    (None: not measured; `slow_over` is the limit in seconds that was measured, the histogram's edge nearest to the
    plan's). `connections` is live downstream connections, None when the gateway does not say: unknown,
    never 0. Health checks and admin requests are not in any of them.
    """

    gateway: str
    side: Side
    at: float
    epoch: str
    requests: int
    bad: int
    slow: int | None = None
    connections: int | None = None
    accepted: int | None = None
    slow_over: float | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What one gateway did in the `interval` seconds that ended at monotonic `at`."""

    gateway: str
    side: Side
    at: float
    interval: float
    requests: int
    bad: int
    slow: int | None = None
    accepted: int | None = None
    slow_over: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts over a window; `requests` 0 means nothing is known."""

    requests: int = 0
    bad: int = 0
    slow: int | None = None

    @property
    def errors(self) -> float | None:
        """Give the bad fraction, or None without requests."""
        return self.bad / self.requests if self.requests else None


class Ruling(StrEnum):
    """PASS is the only good news. HOLD: over the hold limit. ABORT: turn back. SHARED: both sides equally bad.

    TOO_FEW: data, but not enough of it; NO_DATA: nobody can say. Neither of the two is ever a pass.
    """

    PASS = "pass"
    HOLD = "hold"
    ABORT = "abort"
    SHARED = "shared"
    TOO_FEW = "too-few"
    NO_DATA = "no-data"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling, its reason with numbers, the source that spoke, and the two sides' rates over the window.

    `gateways` names the ones that are worse than their side. `interval` is the seconds that the newest sample
    adds to a soak when it passes; `sample_at` the monotonic time of that sample (a sample counts once) and
    `sample_requests` the new side's requests in it.
    """

    ruling: Ruling
    reason: Message
    source: str
    new: Rate = Rate()
    old: Rate = Rate()
    gateways: tuple[str, ...] = ()
    interval: float = 0.0
    sample_at: float = 0.0
    sample_requests: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of asking the second opinion, so that its silence is seen: every question is one of the three.

    `answered` had data of the new side, `empty` had none (or it was stale), `silent` got no answer at all; `last_at` is
    the monotonic time of the newest with data, `why` the newest reason for silence.
    """

    answered: int = 0
    empty: int = 0
    silent: int = 0
    last_at: float = float("-inf")
    why: Message | None = None

    @property
    def asked(self) -> int:
        """Give how often it was asked."""
        return self.answered + self.empty + self.silent


@dataclass(frozen=True, slots=True)
class Observed:
    """How many of the new connections (or of the requests) were seen to reach the new side, and who counted them."""

    new: int
    total: int
    source: str
    what: str = "new connections"

    @property
    def share(self) -> float | None:
        """Give the percent on the new side, or None when nothing was counted."""
        return 100.0 * self.new / self.total if self.total else None
