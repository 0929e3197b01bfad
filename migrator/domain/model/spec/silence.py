"""What the plan says of a driver that falls silent: nobody carries the run out, and nobody has ended it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_CALL, MARGIN = 10.0, 60.0
"""Seconds of the longest write, and those that clocks and networks may be apart."""

LEAST = 2 * (LONGEST_CALL + MARGIN)
"""The least silence after which a guard may act: half of it, in which a driver still writes, and its longest call, are over."""


class OnSilence(StrEnum):
    """What becomes of a run whose driver is silent: it stays as it is, or a guard takes it back."""

    HOLD = "hold"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class SilenceSpec:
    """After how many seconds without a sign of the driver, and what then. The sign is the cluster's Lease, being renewed."""

    after: float = 300.0
    then: OnSilence = OnSilence.HOLD

    @property
    def fence(self) -> float | None:
        """Give the seconds without a renewed Lease after which a driver writes nothing more for the new side; None: never."""
        return self.after / 2 if self.then is OnSilence.ROLLBACK else None
