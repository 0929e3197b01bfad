"""What a demonstration has seen so far of its run: the steps from the run's journal, the shares from the balancer.

It reads values, never sentences: rows of `migrator events --output json`, and the plan and status as JSON.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from migrator.lab.demo.person import Order
from migrator.lab.ground.manifests import Json

_CLOSE = 1.0  # percent: weights are whole numbers, so a share is rarely met exactly
Titles = Callable[[str], Sequence[str]]
"""Gives the titles of the steps of one heading, `forward` or `back`."""


@dataclass(slots=True)
class Progress:
    """What the demonstration has seen so far; times are the wall clock, `read` the bytes of the run's journal, `moved` the
    monotonic moment of the last step or share that was seen.

    `planned` are the shares that the plan's steps ask for, in percent as their weights give them. `orders` are what a person is
    still to do in the cluster, `step` is the newest step's place. `strikes_at` is the share at which a fault strikes.
    """

    began: float
    planned: Sequence[float] = ()
    struck: float | None = None
    struck_last: float = 0.0
    share: float | None = None
    moved: float = field(default_factory=time.monotonic)
    heading: str = "forward"
    read: int = 0
    titles: dict[str, Sequence[str]] = field(default_factory=dict)
    step: int = 0
    orders: list[Order] = field(default_factory=list)
    strikes_at: float = 50.0

    def steps(self, rows: Sequence[Json], titles: Titles) -> Iterator[tuple[float, str]]:
        """Yield for each step that `rows` of the journal begin when that was, and the step as `5/16 VerifyConfig`."""
        for row in rows:
            if row["kind"] != "moved" or row["data"]["state"] != "running":
                continue
            self.heading, self.step = row["heading"], row["step"]
            if self.heading not in self.titles:
                self.titles[self.heading] = titles(self.heading)
            known = self.titles[self.heading]
            if row["step"] < len(known):
                back = "back: " if self.heading == "back" else ""
                yield (
                    datetime.fromisoformat(row["at"]).timestamp(),
                    f"{back}{row['step'] + 1}/{len(known)} {known[row['step']]}",
                )

    @property
    def is_last_but_one(self) -> bool:
        """Say whether the step before the end of the way forward has begun: there a side is handed over."""
        return self.heading == "forward" and self.step == len(self.titles.get("forward", ())) - 2

    def on_the_way(self, share: float) -> str:
        """Return, for a share that no step asks for, which one it leads to: one call of several has taken effect."""
        asked = (0.0, *self.planned)
        if any(abs(share - planned) <= _CLOSE for planned in asked):
            return ""
        ahead = [planned for planned in asked if (planned > share if self.heading == "forward" else planned < share)]
        if not ahead:
            return ""
        return f" (on the way to {min(ahead) if self.heading == 'forward' else 0.0:.0f} %)"
