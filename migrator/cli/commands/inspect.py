"""`status`, `list`, `events` and `report`: they only read."""

from __future__ import annotations

import click

from migrator.cli.options import run_argument, shared

WATCH_EVERY = 1.0


@click.command()
@run_argument
@click.option("--watch", is_flag=True, help="Show it again each second until the run ends.")
@shared
def status(run: str | None, watch: bool, output: str, store: str | None) -> None:
    """Show where RUN stands: step, weights, who carries it out, what it waits for."""
    import time

    from migrator.app.control import pick
    from migrator.app.inspect import status as look
    from migrator.app.wiring import open_store
    from migrator.cli.views import show

    with open_store(store, reading=True) as memory:
        while True:
            found = look(memory, pick(memory, run))
            show.status(found, output)
            if not watch or found.run.ended:
                return
            time.sleep(WATCH_EVERY)


@click.command(name="list")
@shared
def list_(output: str, store: str | None) -> None:
    """List runs, the newest first, and the plans that were never run."""
    from migrator.app.wiring import open_store
    from migrator.cli.views import show

    with open_store(store, reading=True) as memory:
        show.runs(memory.runs(), memory.plans(), output)


@click.command()
@run_argument
@click.option("--after", default=0, help="Only rows with a greater id.")
@shared
def events(run: str | None, after: int, output: str, store: str | None) -> None:
    """Show RUN's journal: every intent, write, verdict and move."""
    from migrator.app.control import pick
    from migrator.app.wiring import open_store
    from migrator.cli.views import show

    with open_store(store, reading=True) as memory:
        found = pick(memory, run)
        show.events(found, memory.events(found.id, after), output)


@click.command()
@run_argument
@shared
def report(run: str | None, output: str, store: str | None) -> None:
    """Tell what RUN was: its timeline, shares asked for and seen, verdicts, and why it turned back."""
    from migrator.app.control import pick
    from migrator.app.report import report as read
    from migrator.app.wiring import open_store
    from migrator.cli.views import show

    with open_store(store, reading=True) as memory:
        show.report(read(memory, pick(memory, run)), output)
