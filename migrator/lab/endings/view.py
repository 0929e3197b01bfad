"""The endings as one table for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from migrator.lab.endings.way import DELAY, INTERVAL, UNHEALTHY, Result


def show(results: Sequence[Result], console: Console) -> None:
    """Print a row for each event in each way, and what the terms were."""
    table = Table(title="requests lost while others end a gateway's pods", title_justify="left")
    for name in ("way", "event"):
        table.add_column(name)
    for name in ("sent", "lost", "5xx", "cut", "took", "as expected"):
        table.add_column(name, justify="right")
    for row in results:
        counts = ("", "", "", "") if row.problem else (str(row.sent), str(row.lost), str(row.bad), str(row.cut))
        table.add_row(row.way.title, row.event.value, *counts, f"{row.seconds:.0f} s", _verdict(row))
    console.print(table)
    console.print(
        f"The balancer checks every {INTERVAL} s and drops a backend after {UNHEALTHY} failures; clients are "
        f"{DELAY * 1000:.0f} ms away and never retry. Cut: closed with nothing in flight (idle connections, WebSockets)."
    )
    for row in results:
        if row.problem:
            console.print(f"{row.way.name}, {row.event.value}: {row.problem}", style="red", markup=False)


def _verdict(row: Result) -> str:
    if row.problem:
        return "[red]no account[/]"
    if row.way.loses:
        return "[green]loses[/]" if row.harmed else "lost nothing"
    return "[red]no[/]" if row.harmed else "[green]yes[/]"
