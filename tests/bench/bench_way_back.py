"""How soon the old side has all traffic again when the API server is of no help: `python -m tests.bench.bench_way_back`.

A run of the fake world stands at a half; then the cluster hangs, is gone or lets nobody in, and a rollback is asked for. Looks,
questions and naps are the real ones, on threads and by this machine's clock; the balancer's propagation is none. Five runs each
(or as many as the first argument says).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from migrator.domain.messages.errors import Denied, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import RequestKind
from migrator.workflow.drive import Session
from migrator.workflow.progress import Progress
from migrator.workflow.questions import Asked
from tests.fakes.clock import FakeClock
from tests.fakes.harness import Harness, Life, soaked
from tests.fakes.world import SPEC, FakeWorld, on, quick

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
GOAL = 5.0
HANGS_FOR = 30.0
READS = ("workload", "get", "list_objects", "hosts", "nodes")


class Machine:
    """This machine's clock; the fake world's goes along."""

    def __init__(self, fake: FakeClock) -> None:
        self._fake, self._at = fake, time.monotonic()

    def now(self) -> datetime:
        """Give the world's wall time."""
        self.catch_up()
        return self._fake.now()

    def monotonic(self) -> float:
        """Give the world's seconds."""
        self.catch_up()
        return self._fake.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep, really."""
        time.sleep(seconds)
        self.catch_up()

    def catch_up(self) -> None:
        """Let the world move by what has gone by."""
        was, self._at = self._at, time.monotonic()
        self._fake.advance(self._at - was)


class Threaded(Life):
    """A process whose questions are asked on threads of their own, and which naps; nobody counts or probes meanwhile."""

    def session(self) -> Session:
        """Give what the driver needs, with real questions."""
        machine = Machine(self._harness.world.clock)

        def rest(_kinds: object, seconds: float) -> bool:
            machine.sleep(seconds)
            return False

        return replace(super().session(), questions=Asked(), clock=machine, rest=rest)

    def watch(self, _seconds: float) -> None:
        """Do nothing: the cluster leads to no gateway either."""


def hang(world: FakeWorld, over: Event) -> None:
    """Let every read of the cluster hang until it is over."""
    for name in READS:
        setattr(world.cluster, name, lambda *_a, **_k: over.wait(HANGS_FOR) and None)


def fail(error: Exception) -> Callable[[FakeWorld, Event], None]:
    """Let every read of the cluster raise this at once."""

    def strike(world: FakeWorld, _over: Event) -> None:
        for name in READS:
            world.cluster.orders.fail(name, error, times=-1)

    return strike


FAULTS: dict[str, Callable[[FakeWorld, Event], None]] = {
    "hangs": hang,
    "gone": fail(Unreachable(verbatim("nobody listens"))),
    "401": fail(Denied(verbatim("the token has ended"))),
}


def seconds_of(strike: Callable[[FakeWorld, Event], None]) -> float:
    """Give the seconds from the request to the share 0."""
    over = Event()
    with TemporaryDirectory() as folder:
        world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2)
        harness = Harness(Path(folder), world, quick(on(SPEC, "l-1"), 1.0))
        harness.process(leaves=lambda progress: soaked(progress, 0.3) and world.share > 40)
        return _measured(harness, strike, over)


def _measured(harness: Harness, strike: Callable[[FakeWorld, Event], None], over: Event) -> float:
    world = harness.world
    harness.life = Threaded
    began: list[float] = []

    def leaves(_progress: Progress) -> bool:
        if not began:
            strike(world, over)
            harness.ask(RequestKind.ROLLBACK)
            began.append(time.monotonic())
        return world.share == 0

    try:
        harness.process(leaves=leaves)
        return time.monotonic() - began[0]
    finally:
        over.set()


def main() -> None:
    """Print the seconds by fault."""
    print(f"{'fault':>6} {'median, s':>10} {'worst, s':>9}   goal {GOAL} s plus propagation")
    for name, strike in FAULTS.items():
        took = [seconds_of(strike) for _ in range(RUNS)]
        print(
            f"{name:>6} {statistics.median(took):10.2f} {max(took):9.2f}   {' '.join(f'{each:.2f}' for each in took)}"
        )


if __name__ == "__main__":
    main()
