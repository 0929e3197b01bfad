"""The lines that a demonstration tells while it goes on, in the order in which things happened.

The run's journal is heard a moment after the balancer is seen: a line waits so long, and what happened before it goes first.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

HEARD_WITHIN = 2.0
"""Seconds after which a row of the run's journal has been heard, as a rule."""


@dataclass(slots=True)
class Tale:
    """Tells lines with their times, in seconds since `began`; all times are the wall clock's."""

    say: Callable[[str], None]
    began: float
    clock: Callable[[], float] = time.time
    _lines: list[tuple[float, str]] = field(default_factory=list)
    _counts: str = ""

    def add(self, at: float, text: str, counts: str = "") -> None:
        """Take a line in. Counts that are those of the line before are left out: nobody has counted since."""
        told = f"; {counts}" if counts and counts != self._counts else ""
        self._counts = counts or self._counts
        self._lines.append((at, f"{at - self.began:6.1f} s  {text}{told}"))

    def tell(self) -> None:
        """Tell what has waited long enough."""
        self._tell(self.clock() - HEARD_WITHIN)

    def end(self) -> None:
        """Tell all that is left."""
        self._tell(float("inf"))

    def _tell(self, until: float) -> None:
        self._lines.sort(key=lambda line: line[0])
        while self._lines and self._lines[0][0] <= until:
            self.say(self._lines.pop(0)[1])
