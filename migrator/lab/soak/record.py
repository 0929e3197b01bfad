"""What a soak has done so far, as a file that survives the process, so that a soak goes on where it was cut off."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from migrator.lab.soak.draw import Moment
from migrator.lab.soak.events import EVENTS, Harm

_COUNTS = ("sent", "answered", "lost", "bad", "wrong", "cut")


ENDS = ("completed", "rolled-back", "no run")
"""How a round may end; "no run" is a baseline's."""


@dataclass(frozen=True, slots=True)
class Struck:
    """An event that happened: to what, at which share, how many seconds after the run began, and at which moment of it.

    `at` is the wall clock's second at which it began; 0 in what an older version wrote.
    """

    event: str
    what: str
    share: float
    after: float
    moment: str = Moment.GOING_ON
    at: float = 0.0

    @property
    def told(self) -> str:
        """Give the event in words; one that found nothing to happen to is in brackets."""
        words = f"{self.event} at {self.share:g} %, {self.moment}"
        return words if self.what else f"({words}: nothing there)"


@dataclass(frozen=True, slots=True)
class Round:
    """One run. `way`: there or back. `lost` counts every lost request, `bad` the 5xx, `wrong` other unexpected answers.

    `apart` is how many of the lost and the bad the events explain; None where an older version did not count.
    """

    number: int
    way: str
    state: str
    exit_code: int
    seconds: float
    sent: int
    answered: int
    lost: int
    bad: int
    wrong: int
    cut: int
    struck: tuple[Struck, ...] = ()
    questions: tuple[str, ...] = ()
    problem: str = ""
    apart: int | None = None

    @property
    def harm(self) -> Harm:
        """The worst that the round's events may cost."""
        harms = {EVENTS[struck.event].harm for struck in self.struck if struck.what}
        return next(harm for harm in (Harm.IN_FLIGHT, Harm.STREAMS, Harm.NONE) if harm in {*harms, Harm.NONE})

    @property
    def _assumed(self) -> int:
        """What an older version, which did not count, took for explained: everything, once a gateway was killed."""
        return self.lost + self.bad if self.harm is Harm.IN_FLIGHT else 0

    def problems(self) -> list[str]:
        """Return what is not as promised: an end that is none, or harm that no event of the round explains."""
        problems = [self.problem] if self.problem else []
        if not self.problem and self.state not in ENDS:
            problems.append(f"the run is {self.state} (exit code {self.exit_code})")
        if self.wrong:
            problems.append(f"{self.wrong} answers were wrong")
        explained = self.apart if self.apart is not None else self._assumed
        if self.lost + self.bad > explained:
            words = f"{self.lost} requests were lost, {self.bad} answered with a 5xx"
            problems.append(f"{words}; the round's events explain {explained} of them")
        return problems


def read(path: Path) -> list[Round]:
    """Return the rounds that were done; none where there is no file."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rounds"]
    return [_round(row) for row in rows]


def write(path: Path, seed: int, rounds: Iterable[Round]) -> None:
    """Write everything at once: a process that is killed meanwhile leaves the file as it was."""
    rounds = list(rounds)
    totals = {name: sum(getattr(each, name) for each in rounds) for name in _COUNTS}
    rows = [asdict(each) | {"problems": each.problems()} for each in rounds]
    text = json.dumps({"version": 1, "seed": seed, "totals": totals, "rounds": rows}, indent=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text + "\n", encoding="utf-8")
    os.replace(fresh, path)


def _round(row: dict[str, Any]) -> Round:
    row = {key: value for key, value in row.items() if key != "problems"}
    struck = tuple(Struck(**each) for each in row.pop("struck"))
    return Round(**{**row, "struck": struck, "questions": tuple(row["questions"])})
