"""Carrying out a run, in this process or in a separate one: what `run`, `resume`, `rollback` and `follow` have in common."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

import click

from migrator.cli.options import Aside, aside
from migrator.cli.views.view import is_in_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrator.app.wiring import Wired
    from migrator.cli.views.view import View
    from migrator.domain.model.runs import Run
    from migrator.domain.observation.sighting import Sighting
    from migrator.domain.observation.snapshot import Snapshot
    from migrator.domain.planning.plan import Plan
    from migrator.domain.turn.journeys import Journey
    from migrator.store import Store
    from migrator.workflow.progress import Progress

SHOW_UP_WITHIN = 20.0
LOOK_EVERY = 0.1


def carry_out(memory: Store, run: Run, plan: Plan, wired: Wired, view: View) -> int:
    """Drive the run with live progress until it ends or somebody tells this process to leave; return the exit code."""
    from migrator.app.inspect.status import where
    from migrator.app.run.execution import execute
    from migrator.cli.diagnostics import log_file, log_to
    from migrator.cli.leaving import Leaving
    from migrator.domain.messages.errors import StoreError

    shown = aside()
    if not is_in_lines(shown.log):
        log_to(log_file(memory.file, run.id))
    try:
        with _shown(memory, run, plan, shown, view) as tell:
            newest = Newest(run, tell, plan.journey())
            with Leaving(lambda: last_words(newest, view)) as leaving:
                ended = execute(memory, run, plan, wired, newest, leaving.asked)
    except StoreError:  # the store cannot say any more where the run is left
        last_words(newest, view)
        raise
    view.left(where(memory, ended))
    return plan.journey(ended.heading).exits[ended.state]


@contextmanager
def _shown(memory: Store, run: Run, plan: Plan, shown: Aside, view: View) -> Iterator[Callable[[Progress], None]]:
    """Give the function that shows each turn: the live view, or nothing beside JSON lines; and measure, if asked."""
    from migrator.cli.journal_lines import journal_lines
    from migrator.cli.keys.keypad import Keypad
    from migrator.cli.serving.measuring import measuring
    from migrator.cli.views.echo import echo

    as_lines = is_in_lines(shown.log)
    with ExitStack() as stack:
        if as_lines:
            stack.enter_context(journal_lines(memory, run))
        tell = logging.getLogger("migrator.measures").info if as_lines else partial(echo, err=True)
        stack.enter_context(measuring(memory.file, run.id, shown.metrics, shown.metrics_file, tell))
        keys = Keypad(memory, run.id, lambda: nullcontext(memory), drives=True)
        yield (lambda _: None) if as_lines else stack.enter_context(view.live(plan, keys))


class Newest:
    """Keeps the newest turn, for the last line of a process whose driver is stuck."""

    def __init__(self, run: Run, tell: Callable[[Progress], None], journey: Journey) -> None:
        self._tell, self.run, self.journey = tell, run, journey
        self.progress: Progress | None = None
        self.look: Snapshot | None = None

    def __call__(self, progress: Progress) -> None:
        """Keep it and pass it on."""
        self.progress, self.run = progress, progress.run
        if progress.seen is not None:
            self.look = looked(progress.seen, self.look)
        self._tell(progress)


def looked(seen: Sighting, before: Snapshot | None) -> Snapshot | None:
    """Give the newest look at the balancer: this one, or the one before while the balancer is silent."""
    from migrator.domain.model.balancer import Pools
    from migrator.domain.observation.sighting import Clocks, Stale
    from migrator.domain.observation.snapshot import Snapshot

    if any(kind not in seen for kind in (Pools, Clocks, Stale)) or Pools in seen[Stale]:
        return before
    return Snapshot(seen[Clocks].wall, seen[Pools].share())


def last_words(newest: Newest, view: View) -> int:
    """Print the last line of a process whose driver is stuck, from memory alone; return the exit code."""
    from migrator.app.inspect.status import Left
    from migrator.app.wiring import CLOCK, end_programs
    from migrator.cli.keys.terminal import give_back

    run, progress = newest.run, newest.progress
    if sys.stderr.isatty():
        click.echo("\x1b[?25h", err=True)  # the live panel hides the cursor
        give_back()
    end_programs()
    step = progress.titles[run.cursor] if progress else None
    view.left(Left(run, step, newest.look, CLOCK.now(), journey=newest.journey))
    sys.stdout.flush()
    sys.stderr.flush()
    return newest.journey.exits[run.state]


def detach(memory: Store, run: Run, view: View) -> int:
    """Start a separate process that carries the run out, wait until it holds the run, and show how to watch it."""
    from migrator.cli.diagnostics import appending, log_file
    from migrator.cli.helping.language import VARIABLE
    from migrator.wording.language import spoken

    file = log_file(memory.file, run.id)
    with open(appending(file), "ab") as log:
        words = [*resuming(memory.file, run.id), *aside().words()]
        surroundings = {**os.environ, VARIABLE: spoken()}
        process = subprocess.Popen(  # noqa: S603 - our own command line, with arguments of our own
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=surroundings
        )
    holder = _holder(memory, run, process)
    if holder is None:
        from migrator.domain.messages.errors import MigratorError
        from migrator.domain.messages.message import say

        raise MigratorError(say("run.not-taken", run=run.id, file=str(file)))
    view.detached(memory.run(run.id), holder, str(file))
    return 0


def resuming(store: Path, run_id: int) -> list[str]:
    """Give the command line that carries a run on. `-P`: no file of the directory that we are in is taken for a library."""
    return [sys.executable, "-P", "-m", "migrator", "resume", str(run_id), "--store", str(store)]


def _holder(memory: Store, run: Run, process: subprocess.Popen[bytes]) -> str | None:
    """Wait until somebody holds the run, or the run has ended already; None when the process ended or takes too long."""
    until = time.monotonic() + SHOW_UP_WITHIN
    while time.monotonic() < until:
        if holder := memory.holder(run.id):
            return holder
        if process.poll() is not None:
            return f"pid {process.pid} (it is done)" if process.returncode in (0, 3, 4, 5) else None
        time.sleep(LOOK_EVERY)
    return None
