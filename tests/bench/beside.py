"""Measures the same thing in this checkout and in an older one, in turns, so that a noisy machine is as noisy to both.

`MIGRATOR_BEFORE=FOLDER` names the older checkout, which has a `.venv` of its own; without it only this one is measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

BEFORE = os.environ.get("MIGRATOR_BEFORE")


def checkouts() -> dict[str, tuple[Path, Path]]:
    """Return what is measured by name: a checkout and its Python."""
    here = Path(__file__).parents[2]
    named = {"now": (here, Path(sys.executable))}
    if BEFORE:
        folder = Path(BEFORE).absolute()
        named = {"before": (folder, folder / ".venv" / "bin" / "python"), **named}
    return named


def medians(times: int, act: Callable[[str, Path, Path], float], least: bool = False) -> dict[str, float]:
    """Return the median of `act(name, checkout, python)` by name (the `least`, where only the work itself is asked for)."""
    took: dict[str, list[float]] = {name: [] for name in checkouts()}
    for _ in range(times):
        for name, (folder, python) in checkouts().items():
            took[name].append(act(name, folder, python))
    return {name: min(each) if least else statistics.median(each) for name, each in took.items()}


def printed(python: Path, folder: Path, script: str, words: Iterable[str] = (), **env: str) -> str:
    """Return what a script prints in a new process of that checkout."""
    return ran(python, folder, ("-c", script, *words), **env).strip()


def ran(python: Path, folder: Path, words: Iterable[str], **env: str) -> str:
    """Run a process of that checkout and return what it printed; ahead of its neighbours, where that is allowed."""
    done = subprocess.run(
        [str(python), *words],
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
        preexec_fn=hurried,
    )
    return done.stdout


def hurried() -> None:
    """Let this process go before others: what a busy machine adds to it is nothing that the code costs."""
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))


def line(
    name: str,
    found: Mapping[str, float],
    promised: float | None = None,
    unit: str = "ms",
    recorded: float | None = None,
) -> None:
    """Print one row: before, now, and what was promised. A figure that was `recorded` stands in for an older checkout's."""
    was = found.get("before", recorded)
    before = f"{'-':>10}" if was is None else f"{was:10.0f}"
    goal = "" if promised is None else f"{promised:10.0f}"
    print(f"{name:58} {before} {found['now']:10.0f} {goal} {unit}", flush=True)


def head(title: str) -> None:
    """Print the columns' names, and how busy the machine is."""
    print(f"{title:58} {'before':>10} {'now':>10} {'at most':>10}   (load average {os.getloadavg()[0]:.1f})")
