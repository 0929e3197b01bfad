"""Which series a report shows, what each is called and measured in, and the least, the most and the last of each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from migrator.cli.views.page.sheet import Row, Table
from migrator.domain.model.balancer import Side
from migrator.domain.showing.series import Sample, SideSample, buckets, extremes
from migrator.wording import label, labels

Value: TypeAlias = Callable[[Sample], "float | None"]

BLOCKS = "▁▂▃▄▅▆▇█"
BLANK = "·"
WIDE = 40
"""Signs of a line of blocks at most: fewer samples have one each."""


def percent(value: float) -> str:
    """Return a part of a hundred."""
    return f"{value:.3g} %" if value < 100 else f"{value:.0f} %"


def number(value: float) -> str:
    """Return a count."""
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def time(value: float) -> str:
    """Return seconds as people read them."""
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its name, how it is drawn (a class of the style sheet), and its value in a sample."""

    name: str
    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class Measured:
    """What one chart shows. `least` is how far its scale reaches at the least; what is `rare` is not drawn while it is 0."""

    id: str
    title: str
    unit: Callable[[float], str]
    least: float
    series: tuple[Series, ...]
    rare: bool = False


def _both(value: Callable[[SideSample], float | None]) -> tuple[Series, ...]:
    return tuple(Series(side.value, side.value, _of(side, value)) for side in (Side.OLD, Side.NEW))


def _of(side: Side, value: Callable[[SideSample], float | None]) -> Value:
    return lambda sample: value(sample.of(side))


SHARE = (
    Series("asked for", "asked", lambda sample: sample.meant),
    Series("by weight", "new", lambda sample: sample.share),
    Series("observed", "seen", lambda sample: sample.observed),
)
CHARTS = (
    Measured("share", "Share of new connections on the new side", percent, 100.0, SHARE),
    Measured("requests", "Answers per second", number, 1.0, _both(lambda side: side.requests)),
    Measured("errors", "Errors (5xx) of all answers", percent, 1.0, _both(lambda side: side.part(side.bad))),
    Measured("wrong", "Answers 4xx of all answers", percent, 1.0, _both(lambda side: side.part(side.client))),
    Measured(
        "different", "Questions that both sides answered differently", number, 1.0,
        (Series("new", "new", lambda sample: sample.different),), rare=True,
    ),
    Measured(
        "latency", "Time to answer", time, 0.01,
        (
            Series("old p50", "old half", _of(Side.OLD, lambda side: side.median)),
            Series("old p99", "old", _of(Side.OLD, lambda side: side.late)),
            Series("new p50", "new half", _of(Side.NEW, lambda side: side.median)),
            Series("new p99", "new", _of(Side.NEW, lambda side: side.late)),
        ),
    ),
    Measured(
        "slow", "Slow answers of all answers", percent, 1.0,
        _both(lambda side: None if side.slow is None else 100.0 * side.slow), rare=True,
    ),
    Measured("connections", "Live connections", number, 4.0, _both(lambda side: side.connections)),
)  # fmt: skip
"""What is drawn, from top to bottom; what nobody knew anything of is left out."""


def table(samples: Sequence[Sample], sparks: bool = False) -> Table:
    """Return the numbers as a table: the alternative to the charts, and all that a page without them has."""
    rows = tuple(row for each in CHARTS for series in each.series if (row := _row(each, series, samples, sparks)))
    names = labels("what", "side", "least", "most", "last")
    return Table(label("Measured over time"), (*names, label("course")) if sparks else names, rows)


def _row(of: Measured, series: Series, samples: Sequence[Sample], sparks: bool) -> Row | None:
    found = extremes(map(series.value, samples))
    if found is None:
        return None
    cells = (label(of.title), label(series.name), *map(of.unit, found))
    return (
        (*cells, blocks(buckets(samples, series.value, min(WIDE, len(samples))), max(found[1], of.least)))
        if sparks
        else cells
    )


def blocks(values: Sequence[float | None], most: float) -> str:
    """Return values as one line of blocks that are as high; what nobody knew is a dot."""
    top = len(BLOCKS) - 1
    return "".join(BLANK if value is None else BLOCKS[min(top, int(value / most * top + 0.5))] for value in values)
