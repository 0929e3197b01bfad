"""The comparison as one table for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from migrator.lab.rivals.compare import DELAY, Result
from migrator.lab.rivals.moves import SCALE, STEP_SECONDS


def show(results: Sequence[Result], console: Console) -> None:
    """Print one row for each way, and what was scaled."""
    table = Table(title="requests lost while a gateway changes its kind", title_justify="left")
    table.add_column("way")
    for name in ("sent", "lost", "5xx", "idle cut", "lost + 5xx", "took", "as expected"):
        table.add_column(name, justify="right")
    for result in results:
        if result.problem:
            table.add_row(result.title, "", "", "", "", "", f"{result.seconds:.0f} s", "[red]no account[/]")
            continue
        harm = f"{result.lost_percent:.3f} %"
        good = "[green]yes[/]" if result.as_expected else "[red]no[/]"
        counts = (str(result.sent), str(result.lost), str(result.bad), str(result.cut))
        table.add_row(result.title, *counts, harm, f"{result.seconds:.0f} s", good)
    console.print(table)
    console.print(
        f"Scaled: the document's health checks and preStop seconds to 1/{SCALE}, its step from 60 s to "
        f"{STEP_SECONDS:g} s; clients are {DELAY * 1000:.0f} ms away. Requests are never retried."
    )
    for result in results:
        if result.problem:
            console.print(f"[red]{result.name}[/]: {result.problem}")
