"""What was measured of a balancer: how long a weight change takes to reach new connections. Pure values and arithmetic.

It says what a plan may reckon with; it never makes a wait shorter on the word of a few tries, or of an old measurement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from migrator.domain.model.balancer import Backend, Capabilities, Weighted

MARGIN = 1.5
"""What a plan reckons with is this many times the longest that was seen."""

ENOUGH = 3
"""Weights that must have been taken to 0 before a measurement may shorten what the driver assumes."""

VALID = timedelta(days=90)


class Way(StrEnum):
    """How it was measured: whole flips on a listener of its own, or one unit of an idle backend beside real traffic."""

    OWN_LISTENER = "own-listener"
    ONE_UNIT = "one-unit"


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The weights that a calibration found and has to give back; while it lasts none of them is set above `most`."""

    found: tuple[Weighted, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Timed:
    """One weight change, in seconds since it was sent: answered by the vendor, shown by reads, obeyed by connections.

    `effective` is the first new connection that a raised backend answered, or the last one of a backend set to 0.
    `resolution` is how far apart our own connections to this backend were, which is how exact `effective` is.
    """

    backend: Backend
    raised: bool
    accepted: float
    shown: float
    effective: float
    resolution: float


@dataclass(frozen=True, slots=True)
class HealthTimes:
    """A backend made to fail on purpose, in seconds: until the balancer said so, until its last new connection; the
    same for its return. None: it did not happen in time."""

    noticed: float | None
    avoided: float | None
    forgiven: float | None
    served: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """One measurement. `rate` is our own new connections per second, `unanswered` how many of them failed."""

    at: datetime
    by: str
    way: Way
    listener: str
    rate: float
    connections: int
    unanswered: int
    timed: tuple[Timed, ...]
    health: HealthTimes | None = None

    def seconds(self, raised: bool) -> tuple[float, ...]:
        """Give the effective times of the raises, or of the lowers."""
        return tuple(each.effective for each in self.timed if each.raised is raised)

    def middle(self, raised: bool) -> float | None:
        """Give their median; None when there is none."""
        found = self.seconds(raised)
        if not found:
            return None
        from statistics import median  # with it come fractions and decimals, and every command reads this module

        return median(found)

    @property
    def longest(self) -> float:
        """Give the longest that any change may have taken: what was seen, and what lay between two looks."""
        return max((each.effective + each.resolution for each in self.timed), default=0.0)

    @property
    def lowered(self) -> int:
        """Give how many times a backend was set to 0."""
        return len(self.seconds(raised=False))

    @property
    def settle(self) -> float:
        """Give the seconds that a plan may reckon with: the longest with a margin, in tenths."""
        return max(0.1, math.ceil(round(self.longest * MARGIN * 10, 6)) / 10)


def calibrated(can: Capabilities, found: Calibration | None, now: datetime) -> Capabilities:
    """Give the capabilities with what was measured. Removal is never called silence sooner than the driver says."""
    if found is None or not usable(can, found, now):
        return can
    return replace(can, settle=found.settle, drain_floor=max(can.drain_floor, found.settle))


def usable(can: Capabilities, found: Calibration, now: datetime) -> bool:
    """Say whether a plan may reckon with it: not too old, and shorter than the driver's word only after enough tries."""
    return now - found.at <= VALID and (found.lowered >= ENOUGH or found.settle >= can.settle)


@dataclass(frozen=True, slots=True)
class Dialled:
    """One new connection of our own: when it was opened (monotonic), who answered ("" nobody said), what went wrong."""

    at: float
    gateway: str
    error: str = ""
