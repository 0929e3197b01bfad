"""What one turn of a run costs with its commits, on a real SQLite store. Run it: `python -m tests.bench.bench_turn`.

The world is a fake one, so what remains is migrator's own work and the disk's. A turn that writes commits twice (the
intent and the acceptance), one that settles once, a quiet one not at all unless a sample passed.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from migrator.workflow.drive import Session
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness, Life
from tests.fakes.world import SPEC, FakeWorld, quick

SIZES = (3, 20, 200)


class Timed(Life):
    """A process that notes how long each turn took, by what it decided."""

    took: ClassVar[defaultdict[str, list[float]]] = defaultdict(list)

    def session(self) -> Session:
        """Begin the watch at the check of the lease, with which each turn begins, and end it where the turn is told."""
        plain, began = super().session(), [0.0]

        def check() -> None:
            plain.check()
            began[0] = time.perf_counter()

        def tell(progress: Progress) -> None:
            self.took[type(progress.decision).__name__].append(time.perf_counter() - began[0])
            plain.tell(progress)

        return replace(plain, check=check, tell=tell)


def main() -> None:
    """Drive a whole run and print the turns' milliseconds."""
    print(f"{'gateways':>8} {'turn':>8} {'count':>6} {'median, ms':>11} {'95 %, ms':>9} {'worst, ms':>10}")
    for size in SIZES:
        with TemporaryDirectory() as folder:
            world = FakeWorld(replicas=size, nodes=size)
            harness = Harness(Path(folder), world, quick(SPEC))
            harness.life = Timed
            Timed.took.clear()
            harness.process()
            for kind, took in sorted(Timed.took.items()):
                found = sorted(1000 * seconds for seconds in took)
                late = found[min(len(found) - 1, int(0.95 * len(found)))]
                print(
                    f"{size:8} {kind:>8} {len(found):6} {statistics.median(found):11.2f} {late:9.2f} {found[-1]:10.2f}"
                )


if __name__ == "__main__":
    main()
