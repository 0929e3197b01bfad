"""The share of new connections over time, as numbers on a drawing area: the template draws them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.cli.views.page.filed import Filed
from migrator.wording.times import hour

WIDTH, HEIGHT = 900.0, 240.0
LEFT, BOTTOM, TOP, RIGHT = 44.0, 28.0, 14.0, 12.0
TICKS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line at `at`, with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on the time axis, with the text that is shown when one points at it."""

    x: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A step line as SVG points, the marks, and the grid."""

    points: str
    dots: tuple[Dot, ...]
    across: tuple[Line, ...]
    down: tuple[Line, ...]
    width: float = WIDTH
    height: float = HEIGHT


def chart(report: Filed) -> Chart | None:
    """Return the chart; None for a run that never changed a weight, which has none."""
    if len(report.points) < 2:
        return None
    since = report.points[0][0]
    span = max(1.0, (report.until - since).total_seconds())
    points = []
    for (at, share), following in zip(report.points, [*(p[0] for p in report.points[1:]), report.until], strict=True):
        points += [(_x(at, since, span), _y(share)), (_x(following, since, span), _y(share))]
    return Chart(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        dots=tuple(Dot(_x(mark.at, since, span), mark.kind, f"{hour(mark.at)} {mark.text}") for mark in report.marks),
        across=tuple(Line(_y(share), f"{share} %") for share in (0, 25, 50, 75, 100)),
        down=tuple(_tick(n, since, span) for n in range(TICKS + 1)),
    )


def _tick(number: int, since: datetime, span: float) -> Line:
    at = datetime.fromtimestamp(since.timestamp() + span * number / TICKS, since.tzinfo)
    return Line(_x(at, since, span), hour(at))


def _x(at: datetime, since: datetime, span: float) -> float:
    passed = min(span, max(0.0, (at - since).total_seconds()))
    return LEFT + (WIDTH - LEFT - RIGHT) * passed / span


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / 100.0)
