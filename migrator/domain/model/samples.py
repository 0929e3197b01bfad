"""What was counted: raw readings of counters, the differences between them, and a judge's verdict as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.messages.message import Message, Value
from migrator.domain.model.balancer import Side

Silence: TypeAlias = tuple[str, Message | str]
"""A gateway that could not be read: the pod's name, and why."""

Buckets: TypeAlias = "tuple[tuple[float, int], ...]"
"""A cumulative histogram of times: (seconds, answers that took at most so long), by seconds."""

Tally: TypeAlias = Mapping[str, Value]
"""What was counted of one thing, by name, as the journal keeps it for the report. None is unknown, which is never 0."""


@dataclass(frozen=True, slots=True)
class Listened:
    """What one listener of a gateway answered (name, then counts); of it, `client` are 4xx and `own` made by the gateway."""

    listener: str
    requests: int
    client: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Classes:
    """One gateway's answers by class, as far as it counts them apart.

    `client` counts the 4xx, `own` those of them that are known to be the gateway's own (no route; None: it does not say),
    `broken` requests and connections that ended without an answer (None: not counted). `upstream` has the 4xx that came
    from behind it, by cluster: a cluster's counter goes away with the cluster, so only its growth may be used.
    """

    client: int
    own: int | None = None
    broken: int | None = None
    upstream: tuple[tuple[str, int], ...] | None = None
    listeners: tuple[Listened, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One gateway's counters at one moment. `at` is monotonic seconds; `epoch` changes when the process restarts.

    `requests` counts completed answers, `bad` the 5xx among them, `slow` those longer than the plan's limit
    (None: not measured; `slow_over` is the limit in seconds that was measured, the histogram's edge nearest to the
    plan's) of `timed`, all that the same histogram has counted: it is behind `requests` by up to one flush.
    `connections` is live downstream connections, None when the gateway does not say: unknown, never 0; `active` the
    requests that are being answered. Health checks and admin requests are not in any of them. `classes` None: the
    gateway does not count its answers by class. `times` is the histogram that `slow` was read from; () where there is none.
    `version` is its release where that is in the same answer ("": elsewhere).
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
    timed: int | None = None
    active: int | None = None
    classes: Classes | None = None
    times: Buckets = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """What one gateway did in the `interval` seconds that ended at monotonic `at`; `active` and `connections` are as they
    were at the end."""

    gateway: str
    side: Side
    at: float
    interval: float
    requests: int
    bad: int
    slow: int | None = None
    accepted: int | None = None
    slow_over: float | None = None
    timed: int | None = None
    active: int | None = None
    classes: Classes | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts over a window; `requests` 0 means nothing is known, None that nobody counts it.

    `slow` are of `timed` (as in a Reading; None: of `requests`). `client` counts the 4xx, `own` those that the gateway
    itself made, `broken` what ended without an answer, `connections` the new connections, `live` those open at the end.
    """

    requests: int = 0
    bad: int = 0
    slow: int | None = None
    timed: int | None = None
    client: int | None = None
    own: int | None = None
    broken: int | None = None
    connections: int | None = None
    live: int | None = None

    @property
    def errors(self) -> float | None:
        """Give the bad fraction, or None without requests."""
        return self.bad / self.requests if self.requests else None

    @property
    def useless(self) -> int | None:
        """Give the answers that are neither 2xx nor 3xx; None where the 4xx are not counted."""
        return None if self.client is None else self.client + self.bad


@dataclass(frozen=True, slots=True)
class Brief:
    """The newest scrapes alone, as a second opinion has them: counts since a moment, for those gateways that were scraped
    twice since then, and how many seconds old each gateway's newest sample is: `newest` the least, `oldest` the most."""

    rate: Rate
    newest: float
    oldest: float


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


class Source(StrEnum):
    """Who counted. The values are the words that journals hold; the catalogue has what people read."""

    GATEWAYS = "gateway counters"
    PROMETHEUS = "Prometheus"


class Unit(StrEnum):
    """What was counted: new connections, or requests where the balancer steers these. Journals hold the values."""

    CONNECTIONS = "new connections"
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Named:
    """A number that the plan's own query gave, and what it alone would rule. None: it gave none.

    `judged`: it is what a judge of the plan's own rules, who gives no number. `said` is what the balancer's own monitoring
    says as that judge, with its figures.
    """

    name: str
    value: float | None
    ruling: Ruling
    judged: bool = False
    said: Message | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling, its reason with numbers, the source that spoke (a word of `Source`), and the two sides' rates over the window.

    `gateways` names the ones that are worse than their side. `interval` is the seconds that the newest sample
    adds to a soak when it passes; `sample_at` the monotonic time of that sample (a sample counts once) and
    `sample_requests` the new side's requests in it. `named` are the plan's own numbers.
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
    named: tuple[Named, ...] = ()


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
    what: Unit = Unit.CONNECTIONS

    @property
    def share(self) -> float | None:
        """Give the percent on the new side, or None when nothing was counted."""
        return 100.0 * self.new / self.total if self.total else None
