"""The drawing area that all charts of a report share: one axis of time, and a scale of values for each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor, log10

from migrator.wording.times import day_and_minute, hour

WIDTH = 900.0
LEFT, RIGHT, TOP, BOTTOM = 132.0, 12.0, 36.0, 22.0
TICKS = 6
DAY = 86_400.0
STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line at `at`, with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from left to right."""

    since: datetime
    until: datetime

    @property
    def span(self) -> float:
        """Return its seconds, at least one."""
        return max(1.0, (self.until - self.since).total_seconds())

    def x(self, at: datetime) -> float:
        """Return where a moment is; one outside is at the edge."""
        passed = min(self.span, max(0.0, (at - self.since).total_seconds()))
        return LEFT + (WIDTH - LEFT - RIGHT) * passed / self.span

    def ticks(self) -> tuple[Line, ...]:
        """Return where the time of day is written."""
        return tuple(self._tick(number) for number in range(TICKS + 1))

    def _tick(self, number: int) -> Line:
        at = datetime.fromtimestamp(self.since.timestamp() + self.span * number / TICKS, self.since.tzinfo)
        return Line(self.x(at), hour(at) if self.span < DAY else day_and_minute(at))


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from 0 at the bottom to `most` at the top of an area of `height`."""

    most: float
    height: float

    def y(self, value: float) -> float:
        """Return where a value is; one outside is at the edge."""
        part = min(1.0, max(0.0, value / self.most))
        return TOP + (self.height - TOP - BOTTOM) * (1 - part)


def rounded(most: float, least: float) -> float:
    """Return a number that is easy to read and not below `most`, nor `least`."""
    wanted = max(most, least)
    power = 10.0 ** floor(log10(wanted))
    return next(step * power for step in STEPS if step * power >= wanted * (1 - 1e-9))
