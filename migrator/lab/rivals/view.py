"""The comparison as one table for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from migrator.lab.rivals.compare import DELAY, HEALTH_INTERVAL, Result
from migrator.lab.rivals.moves import STEP_SECONDS


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
        f"The balancer checks every {HEALTH_INTERVAL:g} s and drops a backend after two failures, preStop hooks wait as "
        f"written, clients are {DELAY * 1000:.0f} ms away and never retry. Only the steps are short: {STEP_SECONDS:g} s "
        "instead of 60 s."
    )
    for result in results:
        if result.problem:
            console.print(f"[red]{result.name}[/]: {result.problem}")
