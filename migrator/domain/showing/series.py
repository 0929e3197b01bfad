"""What turns saw, over time, for charts: samples, and how many of them become few. Pure; no rule reads them.

What nobody knew is None and stays so: it is a gap in a chart, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from migrator.domain.model.balancer import Backend, Health, Side

_N = TypeVar("_N", int, float)

EVERY = 5.0
"""Seconds between two samples at first."""

MOST = 720
"""Samples that a run keeps: an hour of the first seconds. Then neighbours become one, and the next ones lie farther apart."""

JOINED = timedelta(seconds=1)
"""A sample that begins so soon after the one before goes on from it."""

LONGEST = EVERY * 2**24
"""Seconds of a sample that no other is added to: who has so many that do not touch loses the oldest."""


@dataclass(frozen=True, slots=True)
class SideSample:
    """One side: answers by second (`bad` are the 5xx, `client` the 4xx among them), the part of them that was `slow` (0 to 1),
    seconds within which half (`median`) and 99 of 100 (`late`) were answered, and live connections."""

    requests: float | None = None
    bad: float | None = None
    client: float | None = None
    slow: float | None = None
    median: float | None = None
    late: float | None = None
    connections: int | None = None

    def part(self, count: float | None) -> float | None:
        """Give how much of all answers so many by second are, in percent; None where nothing was answered."""
        return 100.0 * count / self.requests if self.requests and count is not None else None


@dataclass(frozen=True, slots=True)
class BackendSample:
    """A backend: `side` None is a stranger's, `weight` None not on the balancer."""

    backend: Backend
    side: Side | None
    weight: int | None
    health: Health = Health.UNKNOWN
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen in the `seconds` that ended at `at`; 0: it is the first after a time in which nobody looked.

    `share` is the new side's percent of new connections by the weights that stood, `meant` by those that the run meant,
    `observed` what was counted. `different` is how many questions both sides answered differently in the newest comparison.
    `others` is how many more backends there were.
    """

    at: datetime
    seconds: float = 0.0
    share: float | None = None
    meant: float | None = None
    observed: float | None = None
    old: SideSample = SideSample()
    new: SideSample = SideSample()
    different: int | None = None
    backends: tuple[BackendSample, ...] = ()
    others: int = 0

    def of(self, side: Side) -> SideSample:
        """Give one side's."""
        return self.old if side is Side.OLD else self.new

    def follows(self, before: Sample) -> bool:
        """Say whether nothing was missed between the two."""
        return self.at - timedelta(seconds=self.seconds) <= before.at + JOINED


def stretches(samples: Iterable[Sample]) -> list[list[Sample]]:
    """Give the samples in rows between which nobody looked."""
    rows: list[list[Sample]] = []
    for sample in samples:
        if rows and sample.follows(rows[-1][-1]):
            rows[-1].append(sample)
        else:
            rows.append([sample])
    return rows


def thinned(samples: Sequence[Sample], most: int = MOST) -> tuple[Sample, ...]:
    """Give at most `most` samples: neighbours that touch become one, as evenly as they lie; what is over is the oldest."""
    found, length = tuple(samples), EVERY
    while len(found) > most and length < LONGEST:
        length *= 2
        found = tuple(_within(found, length))
    return found[-most:]


def spacing(samples: Sequence[Sample]) -> float:
    """Give the seconds that the next sample should lie from the last: as most of those before it do."""
    lengths = sorted(sample.seconds for sample in samples)
    return max(EVERY, lengths[len(lengths) // 2]) if lengths else EVERY


def _within(samples: Sequence[Sample], length: float) -> Iterator[Sample]:
    """Give the samples, of which there are some, with those as one that touch and lie within a length."""
    kept = samples[0]
    for sample in samples[1:]:
        if sample.follows(kept) and kept.seconds + sample.seconds <= length:
            kept = merged(kept, sample)
            continue
        yield kept
        kept = sample
    yield kept


def merged(one: Sample, two: Sample) -> Sample:
    """Give two neighbours as one: how it was at the end, means of rates, and the worst of times, health and comparisons."""
    seconds = one.seconds + two.seconds
    return replace(
        two,
        seconds=seconds,
        share=_last(one.share, two.share),
        meant=_last(one.meant, two.meant),
        observed=_last(one.observed, two.observed),
        old=_side(one, two, Side.OLD),
        new=_side(one, two, Side.NEW),
        different=_most(one.different, two.different),
        backends=_backends(one.backends, two.backends),
        others=max(one.others, two.others),
    )


def _side(one: Sample, two: Sample, side: Side) -> SideSample:
    was, now = one.of(side), two.of(side)
    mean = _Mean(one.seconds, two.seconds)
    return SideSample(
        mean(was.requests, now.requests),
        mean(was.bad, now.bad),
        mean(was.client, now.client),
        mean(was.slow, now.slow),
        _most(was.median, now.median),
        _most(was.late, now.late),
        _last(was.connections, now.connections),
    )


@dataclass(frozen=True, slots=True)
class _Mean:
    """Means over two lengths of time; what was known in one of them alone is taken for both."""

    first: float
    second: float

    def __call__(self, one: float | None, two: float | None) -> float | None:
        if one is None or two is None or not self.first + self.second:
            return _last(one, two)
        return (one * self.first + two * self.second) / (self.first + self.second)


def _last(one: _N | None, two: _N | None) -> _N | None:
    return one if two is None else two


def _most(one: _N | None, two: _N | None) -> _N | None:
    known = [each for each in (one, two) if each is not None]
    return max(known) if known else None


def _backends(one: Sequence[BackendSample], two: Sequence[BackendSample]) -> tuple[BackendSample, ...]:
    """Give the later rows; one that was unhealthy at any time is."""
    sick = {row.backend for row in one if row.health is Health.UNHEALTHY}
    return tuple(replace(row, health=Health.UNHEALTHY) if row.backend in sick else row for row in two)


def extremes(values: Iterable[float | None]) -> tuple[float, float, float] | None:
    """Give the least, the most and the last of those that are known; None where nothing is."""
    known = [value for value in values if value is not None]
    return (min(known), max(known), known[-1]) if known else None


def buckets(samples: Sequence[Sample], value: Callable[[Sample], float | None], many: int) -> list[float | None]:
    """Give the most of each of so many equal spans of time, for a line of text; None for a span of which nothing is known."""
    if not samples:
        return []
    since, span = samples[0].at, (samples[-1].at - samples[0].at).total_seconds()
    found: list[float | None] = [None] * many
    for sample in samples:
        number = min(many - 1, int(many * (sample.at - since).total_seconds() / span)) if span else 0
        found[number] = _most(found[number], value(sample))
    return found
