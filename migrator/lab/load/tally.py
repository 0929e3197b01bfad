"""Counts of one kind of client, in bounded memory. They only ever grow."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_FINEST_MS = 0.01
_STEP = math.log(1.02)  # neighbouring buckets differ by 2 %, so a percentile is at most 2 % too high


@dataclass(slots=True)
class Second:
    """Counts of one second of the wall clock: sent by start, the others by end."""

    sent: int = 0
    answered: int = 0
    lost: int = 0
    bad: int = 0
    cut: int = 0
    wrong: int = 0


@dataclass(slots=True)
class Latencies:
    """A histogram of milliseconds with buckets 2 % apart."""

    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, seconds: float) -> None:
        """Count one latency."""
        self.buckets[math.ceil(math.log(max(seconds * 1000, _FINEST_MS) / _FINEST_MS) / _STEP)] += 1

    def percentile(self, share: float) -> float | None:
        """Return milliseconds that `share` (0 to 1) of the latencies do not exceed; None without any."""
        wanted = math.ceil(share * self.buckets.total())
        for bucket in sorted(self.buckets):
            wanted -= self.buckets[bucket]
            if wanted <= 0:
                return round(_FINEST_MS * math.exp(bucket * _STEP), 3)
        return None


@dataclass(slots=True)
class Tally:
    """`bad` (5xx) and `wrong` (a 404, say, or a success with another body than was asked for) are among `answered`.

    `skipped` counts requests that were due and never sent because too many were in flight; `failed_connects` counts
    connections that an idle client, which had no request to lose, could not make.
    """

    sent: int = 0
    answered: int = 0
    lost: int = 0
    bad: int = 0
    wrong: int = 0
    cut: int = 0
    connections: int = 0
    skipped: int = 0
    failed_connects: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: Latencies = field(default_factory=Latencies)

    @property
    def in_flight(self) -> int:
        """Requests sent and neither answered nor lost."""
        return self.sent - self.answered - self.lost

    @property
    def balanced(self) -> bool:
        """Whether the parts fit the whole: nothing settled that was not sent, no subset larger than its set."""
        settled = self.errors.total() == self.lost and self.statuses.total() == self.answered
        return settled and self.in_flight >= 0 and self.bad + self.wrong <= self.answered

    def answer(self, status: int, seconds: float, *, bad: bool, wrong: bool) -> None:
        """Count a whole answer that took `seconds`."""
        self.answered += 1
        self.bad += bad
        self.wrong += wrong
        self.statuses[status] += 1
        self.latencies.add(seconds)

    def lose(self, word: str) -> None:
        """Count a loss."""
        self.lost += 1
        self.errors[word] += 1

    @staticmethod
    def sum_of(tallies: Iterable["Tally"]) -> "Tally":
        """Return the sum of `tallies`."""
        total = Tally()
        for tally in tallies:
            for name in (
                "sent",
                "answered",
                "lost",
                "bad",
                "wrong",
                "cut",
                "connections",
                "skipped",
                "failed_connects",
            ):
                setattr(total, name, getattr(total, name) + getattr(tally, name))
            total.errors.update(tally.errors)
            total.statuses.update(tally.statuses)
            total.latencies.buckets.update(tally.latencies.buckets)
        return total
