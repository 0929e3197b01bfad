"""How soon a run leaves gateways that give wrong answers: from the first wrong answer to the last request that reaches them.

    python tests/bench/bench_reaction.py [RUNS]

Ten whole runs for each source and kind of wrong answer, with the real driver, journal and judge in the fake world with a
virtual clock: the seconds are those of the clock, not of this machine. At 50 % the new side begins to answer 404 or 503 to
everything, each run at another moment between two scrapes, which come at another moment between two questions. Prometheus is
modelled by what it does: it scrapes counters every so often, `increase()` needs two scrapes within its window, and it never
sees the first answers of a class that had none. The plan compares no answers. The fake balancer applies a weight at once, so
what is measured is without the balancer's own propagation, which comes on top.
"""

from __future__ import annotations

import sys
import tempfile
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import State
from migrator.domain.model.samples import Brief, Rate
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec, ScrapeSpec, Spec
from migrator.workflow.watching.watch import Counting
from tests.fakes.harness import Harness, Life, soaked
from tests.fakes.objects import NEW
from tests.fakes.world import SPEC, FakeWorld, on, quick

RUNS = 10
STEP = 0.05
"""Seconds by which the time of the last request is known."""

SCRAPED = PrometheusSpec("http://prometheus", interval=5.0, window=30.0)
SCRAPES_EVERY = 5.0
TWO_LOOKS = 2 * max(SCRAPES_EVERY, SCRAPED.interval) + 2.0
WORDS = "2 x max(scrape, asking interval) + 2 s"


@dataclass(frozen=True, slots=True)
class Source:
    """Who counts, and the seconds within which the last request should reach the bad side."""

    name: str
    judge: JudgeSpec
    goal: float
    formula: str
    connections: bool = True
    blind: bool = False


SOURCES = (
    Source("scrape, each 1 s", JudgeSpec(ScrapeSpec()), 3.0, "3 s"),
    Source("Prometheus, each 5 s", JudgeSpec(None, SCRAPED), TWO_LOOKS, WORDS),
    Source("  without connections", JudgeSpec(None, SCRAPED), TWO_LOOKS, WORDS, connections=False),
    Source("  that nobody counts", JudgeSpec(None, SCRAPED), TWO_LOOKS, WORDS, connections=False, blind=True),
)
"""Prometheus counts new connections itself (Envoy, nginx), or the gateways' own counters do (Istio), or nobody does."""


class Scraper:
    """A Prometheus: it keeps what it scraped of each side, and gives what grew in a window, lengthened to the window's ends.

    A class of answers has no series before its first answer, so `rate` never sees the first ones of a class; `brief`, as its
    query does, counts a series from 0 that was not there at the window's beginning.
    """

    def __init__(self, world: FakeWorld, first: float, connections: bool) -> None:
        self._world, self._connections = world, connections
        self._kept: dict[Side, deque[tuple[float, tuple[int, ...]]]] = {side: deque(maxlen=200) for side in Side}
        self._due = first

    def passing(self, _seconds: float) -> None:
        """Scrape when it is time to."""
        now = self._world.clock.monotonic()
        if now < self._due:
            return
        self._due += SCRAPES_EVERY
        for side in Side:
            found = [self._world.gateways.process(pod) for pod in self._pods(side)]
            good = sum(g.requests - g.bad - g.client for g in found)
            counts = good, sum(g.bad for g in found), sum(g.client for g in found), sum(g.accepted or 0 for g in found)
            self._kept[side].append((now, counts))

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give the growth between the first and the last scrape in the window; None without two."""
        if (found := self._grown(side, window, new_series=False)) is None:
            return None
        good, bad, client, _ = found
        return Rate(good + bad + client, bad, client=client) if good + bad + client else None

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give the same of the newest scrapes, with new series counted from 0, and the age of the newest sample."""
        if (found := self._grown(side, window, new_series=True)) is None:
            return None
        good, bad, client, connections = found
        age = self._world.clock.monotonic() - self._kept[side][-1][0]
        rate = Rate(good + bad + client, bad, client=client, connections=connections if self._connections else None)
        return Brief(rate, age, age)

    def _grown(self, side: Side, window: float, new_series: bool) -> tuple[int, ...] | None:
        now = self._world.clock.monotonic()
        inside = [(at, counts) for at, counts in self._kept[side] if at >= now - window]
        if len(inside) < 2:
            return None
        lengthened = window / (inside[-1][0] - inside[0][0])
        rows = []
        for number, last in enumerate(inside[-1][1]):
            there = [counts[number] for _, counts in inside if counts[number]]
            first = inside[0][1][number] if new_series else (there[0] if there else 0)
            rows.append(round((last - first) * lengthened))
        return tuple(rows)

    def _pods(self, side: Side) -> list[str]:
        names = [name for name in self._world.gateways._by_pod]
        return [name for name in names if name.startswith(NEW) is (side is Side.NEW)]


class Prompted(Life):
    """A process whose watch asks Prometheus, too; `blind`: nobody else counts connections."""

    scraper: Scraper
    blind: bool

    def __init__(self, harness: Harness, *rest: Any) -> None:
        super().__init__(harness, *rest)
        if harness.spec.judge.prometheus is None:
            return
        counting = next(act for _, act in self._loops if isinstance(act, Counting))
        history = counting._history
        if self.blind:
            history.connections = lambda *_span: None  # type: ignore[method-assign]  # as of a kind without counters
        self._ask_too(harness.spec, self.scraper, history)
        self._due.append(0.0)


def spec_of(judge: JudgeSpec) -> Spec:
    """Give the plan's spec: one long soak at 50 %."""
    base = quick(on(SPEC, "l-1"), 3.0)
    traffic = replace(base.traffic, shares=(50.0, 100.0), soak=600.0, max_soak=1200.0)
    return replace(base, judge=judge, traffic=traffic)


def reaction(source: Source, kind: str, lot: Random) -> float | None:
    """Let a run meet the fault; give the seconds until no request reaches the bad side, None where it never turned."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2)
    scraper = Scraper(world, lot.uniform(0.0, SCRAPES_EVERY), source.connections)
    world.clock.passing.append(scraper.passing)
    last: list[float] = []

    def reached(_seconds: float) -> None:
        if world.share > 0:
            last.append(world.clock.monotonic())

    world.clock.passing.append(reached)
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(Path(folder), world, spec_of(source.judge))
        harness.life = type("WithPrometheus", (Prompted,), {"scraper": scraper, "blind": source.blind})
        harness.process(leaves=lambda progress: soaked(progress, 40.0 + lot.uniform(0, 6)))
        struck: list[float] = []
        at = world.clock.monotonic() + 60.0 + lot.uniform(0.0, 6.0)

        def strike(_seconds: float) -> None:
            if not struck and world.clock.monotonic() >= at:
                struck.append(world.clock.monotonic())
                (world.traffic.not_found if kind == "404" else world.traffic.bad)[Side.NEW] = 1.0

        world.clock.passing.append(strike)
        deadline = at + 300.0
        run = harness.process(leaves=lambda _p: world.clock.monotonic() > deadline)
    return max(last) - struck[0] if run.state is State.ROLLED_BACK else None


def main(runs: int) -> None:
    """Print the table."""
    print(f"{'source':<22} {'answers':<8} {'runs':>4} {'least':>7} {'median':>7} {'most':>7}   goal")
    for source in SOURCES:
        for kind in ("404", "503"):
            found = [reaction(source, kind, Random(seed)) for seed in range(runs)]
            known = sorted(seconds for seconds in found if seconds is not None)
            never = f"; {len(found) - len(known)} never turned back" if len(known) < len(found) else ""
            if not known:
                print(f"{source.name:<22} {kind:<8} {runs:>4}       -       -       -   {source.goal:g} s{never}")
                continue
            verdict = "met" if known[-1] <= source.goal and not never else "MISSED"
            print(
                f"{source.name:<22} {kind:<8} {runs:>4} {known[0]:>6.2f}s {median(known):>6.2f}s {known[-1]:>6.2f}s"
                f"   {source.goal:g} s ({source.formula}): {verdict}{never}",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
