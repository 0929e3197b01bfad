"""How soon a run leaves gateways that give wrong answers: from the first wrong answer to the last request that reaches them.

    python tests/bench/bench_reaction.py [RUNS]

Ten whole runs for each source and kind of wrong answer, with the real driver, journal and judge in the fake world with a
virtual clock: the seconds are those of the clock, not of this machine. At 50 % the new side begins to answer 404 or 503 to
everything, each run at another moment between two looks. Prometheus is modelled by what it does: it scrapes counters every so
often, and `increase()` needs two scrapes within its window. The fake balancer applies a weight at once, so what is measured
is without the balancer's own propagation, which comes on top.
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
from migrator.domain.model.samples import Rate
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec, ScrapeSpec, Spec
from migrator.workflow.watching.watch import Asking, Counting
from tests.fakes.harness import Harness, Life, soaked
from tests.fakes.objects import NEW
from tests.fakes.world import SPEC, FakeWorld, on, quick

RUNS = 10
STEP = 0.05
"""Seconds by which the time of the last request is known."""

SCRAPED = PrometheusSpec("http://prometheus", interval=5.0, window=30.0)
SCRAPES_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Source:
    """Who counts, and the seconds within which the last request should reach the bad side."""

    name: str
    judge: JudgeSpec
    goal: float
    formula: str


SOURCES = (
    Source("scrape, each 1 s", JudgeSpec(ScrapeSpec()), 3.0, "3 s"),
    Source(
        "Prometheus, each 5 s",
        JudgeSpec(None, SCRAPED),
        2 * max(SCRAPES_EVERY, SCRAPED.interval) + 2.0,
        "2 x max(scrape, asking interval) + 2 s",
    ),
)


class Scraper:
    """A Prometheus: it keeps what it scraped of each pod, and gives what grew in a window."""

    def __init__(self, world: FakeWorld) -> None:
        self._world = world
        self._kept: dict[Side, deque[tuple[float, tuple[int, int, int]]]] = {side: deque(maxlen=200) for side in Side}
        self._due = 0.0

    def passing(self, _seconds: float) -> None:
        """Scrape when it is time to."""
        now = self._world.clock.monotonic()
        if now < self._due:
            return
        self._due = now + SCRAPES_EVERY
        for side in Side:
            found = [self._world.gateways.process(pod) for pod in self._pods(side)]
            sums = sum(g.requests for g in found), sum(g.bad for g in found), sum(g.client for g in found)
            self._kept[side].append((now, sums))

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give the growth between the first and the last scrape in the window; None without two."""
        now = self._world.clock.monotonic()
        inside = [counts for at, counts in self._kept[side] if at > now - window]
        if len(inside) < 2:
            return None
        requests, bad, client = (last - first for first, last in zip(inside[0], inside[-1], strict=True))
        return Rate(requests, bad, client=client) if requests else None

    def _pods(self, side: Side) -> list[str]:
        names = [name for name in self._world.gateways._by_pod]
        return [name for name in names if name.startswith(NEW) is (side is Side.NEW)]


class Prompted(Life):
    """A process whose watch asks Prometheus, too."""

    scraper: Scraper

    def __init__(self, harness: Harness, *rest: Any) -> None:
        super().__init__(harness, *rest)
        prometheus = harness.spec.judge.prometheus
        if prometheus is None:
            return
        counting = next(act for _, act in self._loops if isinstance(act, Counting))
        asking = Asking(counting._watched, self.scraper, counting._history)
        self._loops.append((prometheus.interval, asking))
        self._due.append(0.0)


def spec_of(judge: JudgeSpec) -> Spec:
    """Give the plan's spec: one long soak at 50 %."""
    base = quick(on(SPEC, "l-1"), 3.0)
    traffic = replace(base.traffic, shares=(50.0, 100.0), soak=600.0, max_soak=1200.0)
    return replace(base, judge=judge, traffic=traffic)


def reaction(source: Source, kind: str, lot: Random) -> float | None:
    """Let a run meet the fault; give the seconds until no request reaches the bad side, None where it never turned."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2)
    scraper = Scraper(world)
    world.clock.passing.append(scraper.passing)
    last: list[float] = []

    def reached(_seconds: float) -> None:
        if world.share > 0:
            last.append(world.clock.monotonic())

    world.clock.passing.append(reached)
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(Path(folder), world, spec_of(source.judge))
        harness.life = type("WithPrometheus", (Prompted,), {"scraper": scraper})
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
