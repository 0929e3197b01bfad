"""The charts of a report as numbers on a drawing area, all over one axis of time: the template draws them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.cli.views.page.axis import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Axis, Line, Scale, rounded
from migrator.cli.views.page.events import Mark, Span, meaning, watched
from migrator.cli.views.page.filed import Filed
from migrator.cli.views.page.measured import CHARTS, Measured, Series
from migrator.cli.views.page.weights import Lanes, lanes
from migrator.cli.views.words import ruled
from migrator.domain.messages.message import say
from migrator.domain.model.samples import Ruling
from migrator.domain.showing.series import extremes, stretches
from migrator.wording import label, labelled, render
from migrator.wording.times import hour

HEIGHT, LOW = 240.0, 150.0
"""Of the chart of shares, and of the others."""

NAMED = 14.0
"""A step that is so wide has its number written above it."""

APART = 118.0
"""From the beginning of one line of the legend to the next."""

KEY = (Ruling.PASS, Ruling.TOO_FEW, Ruling.HOLD, Ruling.ABORT)

Points = list[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on the time axis, with the text that is shown when one points at it."""

    x: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasts, from `x` on, with the text that is shown when one points at it, and one that is written."""

    x: float
    width: float
    text: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line: its name, where that stands in the legend, and its way as SVG."""

    name: str
    kind: str
    path: str
    at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing. `words` say in a sentence what it shows."""

    id: str
    title: str
    words: str
    curves: tuple[Curve, ...]
    across: tuple[Line, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Charts:
    """All drawings, and what stands on each of them: steps, verdicts, marks, writes. Marks that
    lie upon each other are drawn as one: each drawing repeats what is drawn, so that is no more than there is room for.
    `happened` are the steps and all marks in words, as they came."""

    drawn: tuple[Chart, ...]
    lanes: Lanes | None
    down: tuple[Line, ...]
    steps: tuple[Bar, ...]
    verdicts: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    happened: tuple[Dot, ...]
    writes: tuple[float, ...]
    key: tuple[tuple[str, str], ...]
    words: str
    begins: float = LEFT
    ends: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = BOTTOM
    width: float = WIDTH


def charts(report: Filed) -> Charts | None:
    """Return the charts; None for a run of which nothing over time is known."""
    if len(report.points) < 2 and not report.samples:
        return None
    since = min([*(at for at, _ in report.points[:1]), *(sample.at for sample in report.samples[:1])])
    axis = Axis(since, report.until)
    drawn = [_drawn(each, report, axis) for each in CHARTS]
    marks = tuple(_dot(mark, axis) for mark in report.marks)
    steps = tuple(_bar(span, axis, str(number)) for number, span in enumerate(report.steps, 1))
    return Charts(
        tuple(each for each in drawn if each is not None),
        lanes(report.samples, axis),
        axis.ticks(),
        steps,
        _widest(_bar(span, axis) for span in report.verdicts),
        _apart(marks),
        _in_time(report, steps, marks),
        tuple(dict.fromkeys(float(round(axis.x(at))) for at in report.written)),
        tuple((meaning(ruling), ruled(ruling)) for ruling in KEY),
        render(say("shown.charts")),
    )


def _drawn(what: Measured, report: Filed, axis: Axis) -> Chart | None:
    found = [(series, rows) for series in what.series if (rows := _known(what, series, report))]
    if not found:
        return None
    highest = max(value for _, rows in found for row in rows for _, value in row)
    if what.rare and not highest:
        return None
    most = rounded(highest, what.least)
    height = HEIGHT if what.id == "share" else LOW
    scale, parts = Scale(most, height), 4 if what.id == "share" else 2
    curves = [
        Curve(label(series.name), series.kind, _path(rows, axis, scale, what.id == "share"), LEFT + APART * number)
        for number, (series, rows) in enumerate(found)
    ]
    across = tuple(Line(scale.y(most * n / parts), what.unit(most * n / parts)) for n in range(parts + 1))
    words = "; ".join(_told(what, series, rows) for series, rows in found)
    return Chart(what.id, label(what.title), words, tuple(curves), across, height)


def _told(what: Measured, series: Series, rows: Sequence[Points]) -> str:
    found = extremes(value for row in rows for _, value in row)
    least, most, last = map(what.unit, found or (0.0, 0.0, 0.0))
    return labelled(series.name, f"{label('least')} {least}, {label('most')} {most}, {label('last')} {last}")


def _known(what: Measured, series: Series, report: Filed) -> list[Points]:
    """Return the points of a line, in rows between which nobody knows anything. The share by weight is the journal's."""
    if what.id == "share" and series.kind == "new":
        return list(_by_weight(report))
    rows: list[Points] = []
    for stretch in stretches(report.samples):
        row: Points = []
        for sample in stretch:
            value = series.value(sample)
            if value is not None:
                row.append((sample.at, value))
            elif row:
                rows, row = [*rows, row], []
        rows += [row] if row else []
    return rows


def _by_weight(report: Filed) -> Iterator[Points]:
    """Yield the weights as they were read back, in rows between which no process looked at them."""
    ends = [*(at for at, _ in report.points[1:]), report.until]
    row: Points = []
    for (since, share), end in zip(report.points, ends, strict=False):
        for begins, until in watched(since, end, report.unwatched):
            if row and row[-1][0] < begins:
                yield row
                row = []
            row += [(begins, share), (until, share)]
    if row:
        yield row


def _path(rows: Sequence[Points], axis: Axis, scale: Scale, stepped: bool) -> str:
    """Return a line as SVG; a single point is a short one, so that it can be seen."""
    parts = []
    for row in rows:
        (at, value), *rest = row
        parts.append(f"M{axis.x(at):.1f} {scale.y(value):.1f}" + ("" if rest else "h1"))
        for at, value in rest:
            x, y = f"{axis.x(at):.1f}", f"{scale.y(value):.1f}"
            parts.append(f"H{x}V{y}" if stepped else f"L{x} {y}")
    return "".join(parts)


def _bar(span: Span, axis: Axis, name: str = "") -> Bar:
    x = axis.x(span.since)
    width = axis.x(span.until) - x
    text = f"{hour(span.since)} {name} {span.text}" if name else f"{hour(span.since)} {span.text}"
    return Bar(x, width, text, span.kind, name if width >= NAMED else "")


def _dot(mark: Mark, axis: Axis) -> Dot:
    return Dot(axis.x(mark.at), mark.kind, f"{hour(mark.at)} {mark.text}")


def _in_time(report: Filed, steps: Sequence[Bar], marks: Sequence[Dot]) -> tuple[Dot, ...]:
    """Return the report's steps and marks, as they are drawn, by time; of one moment, the step first that begins with it."""
    begun = [(span.since, Dot(0.0, "", bar.text)) for span, bar in zip(report.steps, steps, strict=True)]
    marked = [(mark.at, dot) for mark, dot in zip(report.marks, marks, strict=True)]
    return tuple(dot for _, dot in sorted((*begun, *marked), key=lambda each: each[0]))


def _apart(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """Return the first of those of one kind that stand at one place, with how many more there are."""
    places: dict[tuple[int, str], list[Dot]] = {}
    for dot in dots:
        places.setdefault((round(dot.x), dot.kind), []).append(dot)
    return tuple(
        first if not more else replace(first, text=f"{first.text} (+{len(more)})") for first, *more in places.values()
    )


def _widest(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Return the widest of those of one kind that begin at one place: the others could not be seen beside it."""
    places: dict[tuple[int, str], Bar] = {}
    for bar in bars:
        place = round(bar.x), bar.kind
        places[place] = max(places.get(place, bar), bar, key=lambda each: each.width)
    return tuple(places.values())
