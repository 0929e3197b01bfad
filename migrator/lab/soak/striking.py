"""Events strike when their share is reached: while the run goes on, while a person has paused it, or on its way back."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from migrator.lab.demo.command_line import Production
from migrator.lab.demo.shares import Watch
from migrator.lab.soak.draw import Draw, Moment
from migrator.lab.soak.events import EVENTS, World
from migrator.lab.soak.record import Struck

CLOSE = 0.2
"""Percentage points that a share may be off: weights are whole numbers."""

OBEYED = 1.5
"""Seconds in which a run obeys what it was asked for."""

STAYS_PAUSED = 6.0
"""Seconds for which a run stays paused after an event is over: several turns, and the balancer's own delay."""

_BETWEEN = 1.0
_LAST = 100.0


@dataclass(slots=True)
class Striking:
    """The events of one round. `gains` gives the gaining side's percent of the weights from the new side's."""

    world: World
    watch: Watch
    production: Production
    gains: Callable[[float], float]
    left: list[Draw]
    began: float = field(default_factory=time.monotonic)
    struck: list[Struck] = field(default_factory=list)
    _later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _reached: float = 0.0
    _next_at: float = 0.0

    def look(self) -> None:
        """Do what is due, and let the next event happen if its share has been reached."""
        now = time.monotonic()
        for due in [later for later in self._later if later[0] <= now]:
            self._later.remove(due)
            due[1]()
        split = self.watch.look()
        if split is None or split.share is None:
            return
        share = self.gains(split.share)
        self._reached = max(self._reached, share)
        if self.left and now >= self._next_at and self._reached >= min(self.left[0].share, _LAST) - CLOSE:
            self._begin(self.left.pop(0), now)

    def end(self) -> None:
        """Do at once what was to be done later, so that nothing of this round is in force in the next one."""
        for _, act in self._later:
            act()
        self._later.clear()

    def _begin(self, draw: Draw, now: float) -> None:
        if draw.moment is not Moment.GOING_ON:
            self.production.ask("pause" if draw.moment is Moment.PAUSED else "rollback")
        after = 0.0 if draw.moment is Moment.GOING_ON else OBEYED
        lasts = EVENTS[draw.event].lasts
        self._later.append((now + after, lambda: self._strike(draw)))
        if draw.moment is Moment.PAUSED:
            self._later.append((now + after + lasts + STAYS_PAUSED, lambda: self.production.ask("resume")))
        held = STAYS_PAUSED if draw.moment is Moment.PAUSED else 0.0
        self._next_at = now + after + lasts + held + _BETWEEN

    def _strike(self, draw: Draw) -> None:
        event, now, at = EVENTS[draw.event], time.monotonic(), time.time()
        what = event.strike(self.world)
        split = self.watch.look()
        share = self.gains(split.share) if split and split.share is not None else 0.0
        after = round(now - self.began, 1)
        self.struck.append(Struck(draw.event, what, round(share, 1), after, draw.moment, round(at, 3)))
        if what and event.lasts:
            self._later.append((now + event.lasts, lambda: event.mend(self.world)))
