"""Live progress while a run goes on: a panel on a terminal, plain lines elsewhere, nothing on stdout."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from migrator.domain.plan import Plan
    from migrator.workflow.progress import Progress

EVERY = 5.0
"""Seconds after which an unchanged line is said again, so that a log shows that somebody is there."""


@contextmanager
def live(output: str, plan: Plan) -> Iterator[Callable[[Progress], None]]:
    """Give the function that shows each turn."""
    if sys.stderr.isatty() and output == "human":
        with _panel(plan) as tell:
            yield tell
    else:
        yield _lines()


def _lines() -> Callable[[Progress], None]:
    said: list[tuple[str, float]] = [("", 0.0)]

    def tell(progress: Progress) -> None:
        run = progress.run
        title = progress.titles[run.cursor] if run.cursor < len(progress.titles) else ""
        line = f"{run.state} {title}: {progress.words}"
        last, at = said[0]
        key, now = f"{run.state} {title} {_still(progress.words)}", time.monotonic()
        if key == last and now - at < EVERY:
            return
        said[0] = (key, now)
        click.echo(
            f"{time.strftime('%H:%M:%S')} [{run.cursor + 1}/{len(progress.titles)}] {line}{_numbers(progress)}",
            err=True,
        )

    return tell


def _still(words: str) -> str:
    """Give the words without their digits, so that a counting line is not a new line each turn."""
    return "".join(letter for letter in words if not letter.isdigit())


def _numbers(progress: Progress) -> str:
    facts = numbers(progress)
    return f"  ({', '.join(f'{name} {value}' for name, value in facts)})" if facts else ""


def numbers(progress: Progress) -> list[tuple[str, str]]:
    """Give what a person watches: share by weights and as observed, error rates, connections left, the witness."""
    from migrator.domain.pools import Pools, Side
    from migrator.domain.sighting import Counts, Ruled, Witnessed, Workloads

    seen = progress.seen
    if seen is None:
        return []
    facts: list[tuple[str, str]] = []
    share = seen[Pools].share()
    observed = seen[Ruled].observed
    if share is not None:
        arrived = "" if observed is None or observed.share is None else f" (observed {observed.share:.1f} %)"
        facts.append(("new", f"{share:.1f} %{arrived}"))
    verdict = seen[Ruled].verdict
    if verdict is not None:
        facts.append(("judge", f"{verdict.ruling}: new {_rate(verdict.new)}, old {_rate(verdict.old)}"))
    for side in Side:
        left = seen[Counts].connections(tuple(pod.ref for pod in seen[Workloads].of(side).live))
        if left is not None and seen[Workloads].of(side).live:
            facts.append((f"{side} connections", str(left)))
    if seen[Witnessed].tries:
        facts.append(("witness", f"{seen[Witnessed].tries - seen[Witnessed].failed}/{seen[Witnessed].tries}"))
    return facts


def _rate(rate: object) -> str:
    bad, requests = getattr(rate, "bad", 0), getattr(rate, "requests", 0)
    return f"{bad}/{requests}"


@contextmanager
def _panel(plan: Plan) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    with Live(console=console, refresh_per_second=8, transient=False) as panel:
        seen_steps: list[str] = []

        def tell(progress: Progress) -> None:
            title = progress.titles[progress.run.cursor]
            if not seen_steps or seen_steps[-1] != title:
                seen_steps.append(title)
                console.print(f"{time.strftime('%H:%M:%S')} {title}")
            panel.update(_table(plan, progress))

        yield tell


def _table(plan: Plan, progress: Progress) -> Table:
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    run = progress.run
    table = Table(
        title=f"run {run.id} ({run.name})  {run.state}  {run.heading}", box=None, show_header=False, expand=True
    )
    table.add_column(width=18)
    table.add_column()
    table.add_row(
        "step", Text(f"{progress.titles[run.cursor]}  ({run.cursor + 1} of {len(progress.titles)})", style="bold")
    )
    table.add_row("", ProgressBar(total=len(progress.titles), completed=run.cursor))
    table.add_row("now", progress.words)
    for name, value in numbers(progress):
        table.add_row(name, value)
    return table
