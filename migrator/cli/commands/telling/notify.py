"""`notify`: tell a run's channels what they were not told yet, once or for as long as the command goes on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import run_argument, shared

if TYPE_CHECKING:
    from migrator.app.telling.notify import Posts, Told
    from migrator.cli.views.view import View
    from migrator.store import Store

EVERY = 5.0


@click.command()
@run_argument
@click.option(
    "--watch", is_flag=True, help="Go on until told to leave (Ctrl-C): then it is told too that nobody watches."
)
@click.option(
    "--test", "tested", metavar="PLAN", help="Send a test to each channel of a plan file or a plan; needs no run."
)
@shared
def notify(run: str | None, watch: bool, tested: str | None, view: View, store: str | None) -> None:
    """Tell the channels of RUN (`spec.notify`), or of every run of the last day, what they were not told yet.

    A run tells its channels itself. This is for what its process could not tell any more: that nobody watches the run, and
    what a channel did not take before the process went. It may go on beside a run: no letter is sent by both.

    Exit codes: 0 told, 1 a channel could not be told, 2 refused.
    """
    from migrator.app.telling import notify as telling
    from migrator.app.wiring import open_store
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    if tested is not None:
        from migrator.app.plan.access import spec_of

        told = telling.test(spec_of(tested, store)[0])
        view.told(told)
        sys.exit(1 if any(each.trouble for each in told) else 0)
    with open_store(store) as memory:
        if watch:
            return _watch(memory, run, view)
        told = _round(telling.Posts(memory), memory, run)
        view.told(told)
        sys.exit(1 if any(each.trouble for each in told) else 0)


def _round(posts: Posts, memory: Store, named: str | None) -> list[Told]:
    return posts.round([memory.run(named)] if named else posts.recent())


def _watch(memory: Store, named: str | None, view: View) -> None:
    """Tell again and again, and show only what became of it."""
    from time import sleep

    from migrator.app.telling.notify import Posts
    from migrator.cli.views.failure import of_error
    from migrator.cli.views.live.watching import until_told
    from migrator.domain.messages.errors import StoreError

    posts = Posts(memory)
    with until_told():
        while True:
            try:
                if told := _round(posts, memory, named):
                    view.told(told)
            except StoreError as error:  # a store that is busy or full now may be read in a moment
                view.failure(of_error(error))
            sleep(EVERY)
