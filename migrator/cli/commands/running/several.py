"""`follow FILE...`: look after gateways by their plan files alone, each in a run of its own, all in this process."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from migrator.cli.options import aside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.app.run.off import Off
    from migrator.app.run.several import Carry, Several
    from migrator.cli.carrying import Newest
    from migrator.cli.views.view import View
    from migrator.domain.messages.message import Message
    from migrator.domain.model.runs import Run
    from migrator.domain.model.spec import Spec
    from migrator.workflow.progress import Progress


WIRING = Lock()
"""Libraries are loaded when a port is connected, and the cluster's must not be loaded by two threads at once: each would wait
for what the other has half loaded, and Python then gives one of them the half."""


def specs_of(files: Sequence[str]) -> tuple[Spec, ...]:
    """Read the plan files, of two clusters as the new side's alone. UsageError as of `require_distinct`."""
    from migrator.adapters.planfile.read import read_file
    from migrator.domain.model.balancer import Side
    from migrator.domain.planning.clusters.alone import alone

    specs = tuple(alone(read_file(file), Side.NEW) for file in files)
    require_distinct(specs)
    return specs


def require_distinct(specs: Sequence[Spec]) -> None:
    """Raise UsageError where two have one name or one gateway: each is a run of its own."""
    from migrator.app.one_run.in_progress import same
    from migrator.app.run.several import doubled
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    if name := doubled([spec.name for spec in specs]):
        raise UsageError(say("follow.same-name", name=name))
    for i, spec in enumerate(specs):
        if other := next((each for each in specs[:i] if same(each, spec)), None):
            raise UsageError(say("follow.same-gateway", one=other.name, other=spec.name))


def follow_files(specs: Sequence[Spec], view: View, store: str | None) -> None:
    """Look after the gateways until told to leave."""
    from migrator.app.run.off import Off
    from migrator.app.run.several import Several
    from migrator.app.wiring import open_store
    from migrator.cli.carrying import last_words
    from migrator.cli.diagnostics import log_to
    from migrator.cli.leaving import Leaving
    from migrator.cli.serving.living import living
    from migrator.cli.views.echo import echo
    from migrator.domain.messages.message import say
    from migrator.wording import render

    with open_store(store) as memory:  # one process makes the file, before several threads want it
        log_to(memory.file.with_name(f"{memory.file.name}.follow.log"))
    newest: dict[str, Newest] = {}
    off = Off(time.monotonic)

    def said(name: str, why: Message) -> None:
        echo(f"{name}: {render(why)}", err=True)

    def all_words() -> int:
        for each in list(newest.values()):
            last_words(each, view)
        return 0

    with Leaving(all_words) as leaving, ExitStack() as stack:
        carries: dict[str, Carry] = {spec.name: partial(_carry, spec, store, view, newest, off) for spec in specs}
        several: Several = Several(carries, leaving.asked, said, time.monotonic)
        if where := aside().metrics:
            server = stack.enter_context(living(where, several, off, store))
            echo(render(say("view.serving", what="measures", url=f"{server.url}metrics")), err=True)
        several.until_told()


def _carry(
    spec: Spec,
    store: str | None,
    view: View,
    newest: dict[str, Newest],
    off: Off,
    alive: Callable[[], None],
    leave: Callable[[], bool],
) -> Run:
    """Begin or go on with a gateway's run, and carry it out; the last line is printed when it is left."""
    from migrator.app.inspect.status import where
    from migrator.app.run.execution import execute, require_startable
    from migrator.app.run.standing import begin
    from migrator.app.wiring import open_store, wire
    from migrator.cli.carrying import Newest

    with open_store(store) as memory:
        with WIRING:
            wired = wire(spec, memory)
        run, plan = begin(memory, spec, wired.readers)
        require_startable(run, memory)
        with view.live(plan) as tell:

            def told(progress: Progress) -> None:
                alive()
                off.see(spec.name, progress)
                tell(progress)

            newest[spec.name] = Newest(run, told, plan.journey())
            try:
                ended = execute(memory, run, plan, wired, newest[spec.name], leave)
            finally:
                newest.pop(spec.name)
        view.left(where(memory, ended))
        return ended


def end_files(specs: Sequence[Spec], view: View, store: str | None) -> None:
    """End the runs that earlier processes have left of these plan files. UsageError where there is none."""
    from migrator.app.run.following import end
    from migrator.app.run.standing import left
    from migrator.app.wiring import open_store
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    with open_store(store) as memory:
        for spec in specs:
            found = left(memory, spec)
            if not found:
                raise UsageError(say("follow.file-not-begun", name=spec.name))
            for run, _ in found:
                view.ended(end(memory, run))
