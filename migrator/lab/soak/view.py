"""A soak's rounds as one table for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from migrator.lab.soak.record import Round

_COUNTS = ("sent", "lost", "bad", "apart", "wrong", "cut")
"""`apart`: how many of the lost and the bad the events explain."""


def show(done: Sequence[Round], console: Console) -> None:
    """Print a row for each round, the sums, and what was not as promised."""
    table = Table(
        title="migrations there and back while the world changes", title_justify="left", box=None, pad_edge=False
    )
    for name in ("round", "way", "end", "events"):
        table.add_column(name, overflow="fold")
    for name in (*_COUNTS, "seconds"):
        table.add_column(name, justify="right")
    for row in done:
        events = "\n".join(struck.told for struck in row.struck)
        counts = [str(getattr(row, name) or 0) for name in _COUNTS]
        table.add_row(str(row.number), row.way, row.state, events, *counts, f"{row.seconds:.0f}")
    sums = [str(sum(getattr(row, name) or 0 for row in done)) for name in _COUNTS]
    table.add_section()
    table.add_row("all", "", "", "", *sums, f"{sum(row.seconds for row in done):.0f}")
    console.print(table)
    lost = sum(row.lost + row.bad for row in done)
    explained = sum(row.apart or 0 for row in done)
    console.print(
        f"{lost} requests were lost or answered with a 5xx. The events explain {explained} of them (`apart`): in flight in a "
        "gateway that was killed, sent to it before anybody could notice, or a message on a WebSocket whose pod had ended."
    )
    for row in done:
        for problem in row.problems():
            console.print(f"[red]not as promised[/], round {row.number}: ", end="")
            console.print(problem, markup=False)
