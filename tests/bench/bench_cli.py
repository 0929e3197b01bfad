"""What the command line costs before it does anything: `python tests/bench/bench_cli.py` prints a table (CPU, best of N)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.app.world import stored, walked

TIMES = 7
PROMISED = {"--help": 0.150, "status": 0.300, "list": 0.300, "events": 0.300}


def spent(*words: str, store: Path) -> tuple[float, float]:
    """Give the process's own seconds (user and system) and the wall's."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "migrator", *words],
        env={**os.environ, "MIGRATOR_STORE": str(store)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, time.monotonic() - began


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        with stored(Path(folder)) as (store, clock):
            walked(store, clock)
        print(f"{'command':10} {'cpu ms':>7} {'wall ms':>8} {'promised':>9}")
        for command, promised in PROMISED.items():
            runs = [spent(command, store=Path(folder) / "migrator.db") for _ in range(TIMES)]
            cpu, wall = min(run[0] for run in runs), min(run[1] for run in runs)
            print(f"{command:10} {cpu * 1000:7.0f} {wall * 1000:8.0f} {promised * 1000:9.0f}")


if __name__ == "__main__":
    main()
