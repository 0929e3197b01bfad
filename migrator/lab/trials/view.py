"""The trials as one table for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from migrator.lab.trials.trial import Row, Tried


def show(rows: Sequence[Row], console: Console) -> None:
    """Print a row for each trial, and below them what was promised and not kept."""
    table = Table(title="what migrator makes of faults on its way to others", title_justify="left")
    for name in ("target", "fault", "plan", "run", "lost", "kept"):
        table.add_column(name, justify="right" if name == "lost" else "left")
    for row in rows:
        good = "[red]no[/]" if row.problems() else "[green]yes[/]"
        target, _, fault = row.trial.name.partition(":")
        lost = str(row.run.lost) if row.run else ""
        table.add_row(target, fault, _told(row.plan), _told(row.run), lost, good)
    console.print(table)
    for row in rows:
        for problem in row.problems():
            console.print(f"{row.trial.name}: {problem}", style="red", markup=False)


def _told(tried: Tried | None) -> str:
    if tried is None:
        return ""
    code = "no end" if tried.exit_code is None else f"exit {tried.exit_code}"
    words = ", ".join(word for word in (tried.state, tried.code) if word)
    return f"{code} in {tried.seconds:.0f} s" + (f": {words}" if words else "")
