"""The weight of each backend over time: a lane each, as high as its weight, red where it was called unhealthy. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from migrator.cli.views.page.axis import BOTTOM, TOP, Axis
from migrator.domain.model.balancer import Backend, Health, Side
from migrator.domain.showing.series import BackendSample, Sample, stretches
from migrator.wording import label

TALL, FLAT = 20.0, 12.0
FEW = 24
"""Lanes that are drawn tall; more of them are flat, so that they stand on one page."""

GAP = 3.0
LONGEST = 21
"""Signs of a name that there is room for."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One backend: its name, a sentence about it, its area as SVG, where it was unhealthy (from, how wide)."""

    name: str
    words: str
    kind: str
    bottom: float
    area: str
    sick: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """All of them. `most` is the weight that fills a lane; `others` are backends that were not kept."""

    rows: tuple[Lane, ...]
    height: float
    most: int
    others: int


DIGITS = re.compile(r"(\d+)")

Course = list[list[tuple[datetime, BackendSample]]]


def lanes(samples: Sequence[Sample], axis: Axis) -> Lanes | None:
    """Return a lane for each backend, those of the old side first; None where none was ever seen."""
    courses = _courses(samples)
    if not courses:
        return None
    most = max((row.weight or 0 for sample in samples for row in sample.backends), default=0) or 1
    tall = TALL if len(courses) <= FEW else FLAT
    several = len({backend.listener for _, backend in courses}) > 1
    ordered = sorted(courses, key=lambda key: (_place(key[0]), _in_order(str(key[1]))))
    rows = tuple(
        _Drawn(axis, TOP + (tall + GAP) * (number + 1), tall, most, several).lane(side, backend, courses[side, backend])
        for number, (side, backend) in enumerate(ordered)
    )
    others = max(sample.others for sample in samples)
    return Lanes(rows, TOP + (tall + GAP) * len(rows) + BOTTOM, most, others)


def _place(side: Side | None) -> int:
    return (Side.OLD, Side.NEW, None).index(side)


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return what a name is sorted by: 10.0.0.9 comes before 10.0.0.10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in DIGITS.split(name)]


def _courses(samples: Sequence[Sample]) -> dict[tuple[Side | None, Backend], Course]:
    """Return what was seen of each backend, in rows between which nobody looked or it was not there."""
    found: dict[tuple[Side | None, Backend], Course] = {}
    for stretch in stretches(samples):
        open_rows: set[tuple[Side | None, Backend]] = set()
        for sample in stretch:
            here = {(row.side, row.backend): row for row in sample.backends if row.weight is not None}
            for key, row in here.items():
                course = found.setdefault(key, [])
                if key not in open_rows:
                    course.append([])
                course[-1].append((sample.at, row))
            open_rows = set(here)
    return found


@dataclass(frozen=True, slots=True)
class _Drawn:
    axis: Axis
    bottom: float
    tall: float
    most: int
    several: bool

    def lane(self, side: Side | None, backend: Backend, course: Course) -> Lane:
        seen = [row for row_of in course for _, row in row_of]
        weights = [row.weight or 0 for row in seen]
        name = str(backend) if self.several else str(backend).removeprefix(f"{backend.listener}/")
        whose = label(side.value) if side else label("foreign")
        words = f"{whose} {backend}: {label('weight')} {label('most')} {max(weights)}, {label('last')} {weights[-1]}"
        if any(row.health is Health.UNHEALTHY for row in seen):
            words += f"; {label(Health.UNHEALTHY.value)}"
        area = "".join(self._area(row) for row in course)
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        return Lane(short, words, side.value if side else "foreign", self.bottom, area, tuple(self._sick(course)))

    def _area(self, row: list[tuple[datetime, BackendSample]]) -> str:
        """Return the area below a weight that stands until the next look; what does not change takes no room in the page."""
        parts, last = [f"M{self.axis.x(row[0][0]):.1f} {self.bottom:.1f}"], -1.0
        for at, seen in row:
            y = self.bottom - self.tall * (seen.weight or 0) / self.most
            if y != last:
                parts.append(f"H{self.axis.x(at):.1f}V{y:.1f}")
            last = y
        return "".join([*parts, f"H{self.axis.x(row[-1][0]) + 1:.1f}V{self.bottom:.1f}Z"])

    def _sick(self, course: Course) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for row in course:
            for (at, seen), (until, _) in zip(row, [*row[1:], row[-1]], strict=True):
                if seen.health is Health.UNHEALTHY:
                    x = self.axis.x(at)
                    found = _joined(found, x, max(1.5, self.axis.x(until) - x))
        return found


def _joined(found: list[tuple[float, float]], x: float, width: float) -> list[tuple[float, float]]:
    if found and x <= found[-1][0] + found[-1][1] + 0.1:
        begun = found[-1][0]
        return [*found[:-1], (begun, x + width - begun)]
    return [*found, (x, width)]
