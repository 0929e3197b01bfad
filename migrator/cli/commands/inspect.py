"""`status`, `list`, `events` and `report`: they only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import filed, run_argument, shared, stored

if TYPE_CHECKING:
    from migrator.cli.views.view import View
    from migrator.domain.model.runs import Run
    from migrator.store import StoreReader

WATCH_EVERY = 1.0
FOLLOW_EVERY = 0.5


def _shown(memory: StoreReader, named: str | None, view: View) -> Run:
    """Return the run that was named, or is meant without a name; others that go on are told."""
    from migrator.app.run.picking import pick, told_beside

    run = pick(memory, named)
    if named is None and (others := told_beside(memory, run)) is not None:
        view.remark(others)
    return run


@click.command()
@run_argument
@click.option(
    "--watch",
    is_flag=True,
    help="Show it again each second until the run ends; without RUN, wait for one where none has begun. Ctrl-C stops the "
    "watching, not the run.",
)
@shared
def status(run: str | None, watch: bool, view: View, store: str | None) -> None:
    """Show where RUN stands: step, weights, who carries it out, what it waits for."""
    from migrator.app.inspect.status import status as look
    from migrator.app.wiring import open_reader

    if watch and run is None and (run := _awaited(view, store)) is None:
        return
    with open_reader(store) as memory:
        chosen = _shown(memory, run, view)
        if watch:
            return _watch(memory, chosen.id, view, store)
        view.status(look(memory, chosen))


def _awaited(view: View, store: str | None) -> str | None:
    """Wait until there is a run to be watched, and give its id; None: told to stop."""
    import time

    from migrator.app.inspect.awaiting import Watch
    from migrator.cli.views.live.watching import until_told

    watch, told, found = Watch(store), False, None
    with until_told():
        while (run := watch.begun()) is None:
            if not told:
                view.awaiting()
                told = True
            time.sleep(WATCH_EVERY)
        found = str(run.id)
    return found


def _watch(memory: StoreReader, run_id: int, view: View, store: str | None) -> None:
    import time

    from migrator.app.inspect.status import status as look
    from migrator.app.wiring import open_store
    from migrator.cli.keys.keypad import Keypad

    with view.watching(Keypad(memory, run_id, lambda: open_store(store), drives=False)) as show:
        while True:
            status = look(memory, memory.run(run_id))
            show(status)
            if status.run.ended:
                return
            time.sleep(WATCH_EVERY)


@click.command(name="list")
@shared
def list_(view: View, store: str | None) -> None:
    """List runs, the newest first, and the plans that were never run."""
    from migrator.app.inspect.status import listed
    from migrator.app.wiring import open_reader

    with open_reader(store) as memory:
        view.runs(listed(memory), memory.plans())


@click.command()
@run_argument
@click.option("--after", default=0, help="Only rows whose id is greater.")
@click.option(
    "--follow", is_flag=True, help="Show new rows until the run ends; with --output json a value on each line."
)
@shared
def events(run: str | None, after: int, follow: bool, view: View, store: str | None) -> None:
    """Show RUN's journal: every intent, write, verdict and move."""
    from migrator.app.inspect.titles import titles
    from migrator.app.wiring import open_reader

    with open_reader(store) as memory:
        chosen = _shown(memory, run, view)
        if follow:
            return _follow(memory, chosen.id, after, view)
        view.events(chosen, memory.events(chosen.id, after), titles(memory, chosen))


def _follow(memory: StoreReader, run_id: int, after: int, view: View) -> None:
    import time

    from migrator.app.inspect.titles import titles
    from migrator.cli.views.live.watching import until_told

    with until_told():
        while True:
            run = memory.run(run_id)
            ended = run.ended  # asked first, so that the row of the end is not missed
            for row in memory.events(run_id, after):
                view.event(row, titles(memory, run))
                after = row.id
            if ended:
                return
            time.sleep(FOLLOW_EVERY)


@click.command()
@run_argument
@filed
@stored
def report(run: str | None, view: View, store: str | None) -> None:
    """Show what RUN did: its steps, the shares asked for and seen, the verdicts, and why it turned back.

    `--output html` prints one file that needs no network.
    """
    from migrator.app.inspect.report import report as read
    from migrator.app.wiring import open_reader

    with open_reader(store) as memory:
        view.report(read(memory, _shown(memory, run, view)))
