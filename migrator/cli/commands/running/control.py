"""`pause`, `rollback`, `approve` and `cancel`: a request in the store; the process that carries the run out applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import clustered, observed, run_argument, shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View

_note = click.option("--note", default="", help="Why; it is kept in the journal.")


@click.command()
@run_argument
@_note
@shared
def pause(run: str | None, note: str, view: View, store: str | None) -> None:
    """Stop RUN from advancing. Its process still watches it, and turns back by itself if the new side turns bad."""
    _ask("pause", run, note, view, store)


@click.command()
@run_argument
@_note
@click.option(
    "--by-hand",
    is_flag=True,
    help="Change nothing: print the commands (kubectl and the balancer's) that bring the traffic back without migrator. "
    "RUN may be NAMESPACE/NAME then: the gateway of a run whose store is lost.",
)
@clustered
@observed
@shared
def rollback(
    run: str | None,
    note: str,
    by_hand: bool,
    context: str | None,
    kubeconfig: str | None,
    view: View,
    store: str | None,
) -> None:
    """Send RUN back to the old side now. Asks no question. Without another process, this one carries out the way back."""
    if by_hand:
        return _by_hand(run, context, kubeconfig, view, store)
    _back(run, note, view, store)


def _by_hand(run: str | None, context: str | None, kubeconfig: str | None, view: View, store: str | None) -> None:
    from migrator.app.adopt.by_hand import of_cluster, of_store
    from migrator.app.wiring import open_reader
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    if run is not None and "/" in run:
        return view.by_hand(of_cluster(run, context, kubeconfig))
    with open_reader(store) as memory:
        view.by_hand(of_store(memory, run))


def _back(run: str | None, note: str, view: View, store: str | None) -> None:
    import sys

    from migrator.app.run.control import ask
    from migrator.app.wiring import open_store, wire
    from migrator.cli import carrying
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.model.runs import RequestKind

    be_quiet()
    with open_store(store) as memory:
        asked = ask(memory, run, RequestKind.ROLLBACK, note)
        if asked.holder is not None:
            return view.asked(asked)
        plan = memory.plan(asked.run.plan_id)
        wired = wire(plan.spec, memory)
        sys.exit(carrying.carry_out(memory, asked.run, plan, wired, view))


@click.command()
@run_argument
@_note
@shared
def approve(run: str | None, note: str, view: View, store: str | None) -> None:
    """Answer the question of RUN with yes. `migrator status` shows the question."""
    _ask("approve", run, note, view, store)


def _ask(kind: str, run: str | None, note: str, view: View, store: str | None) -> None:
    from migrator.app.run.control import ask
    from migrator.app.wiring import open_store
    from migrator.domain.model.runs import RequestKind

    with open_store(store) as memory:
        view.asked(ask(memory, run, RequestKind(kind), note))


@click.command("set")
@click.argument("words", metavar="[RUN] KEY=VALUE", nargs=-1, required=True)
@shared
def set_(words: tuple[str, ...], view: View, store: str | None) -> None:
    """Set a value for the rest of RUN: one of soak, maxSoak, keepOld and drainTimeout that its plan lists under spec.live."""
    from migrator.domain.messages.message import say
    from migrator.wording import render

    if len(words) > 2 or "=" not in words[-1]:
        raise click.UsageError(render(say("usage.one-pair")))
    run = words[0] if len(words) > 1 else None
    _ask("set", run, words[-1], view, store)


@click.command()
@run_argument
@_note
@shared
def cancel(run: str | None, note: str, view: View, store: str | None) -> None:
    """End RUN before it begins. To stop a run that has begun, use `rollback`."""
    from migrator.app.run.execution import cancel as end
    from migrator.app.run.picking import pick_one
    from migrator.app.wiring import open_store
    from migrator.domain.messages.message import say, verbatim

    with open_store(store) as memory:
        view.ended(end(memory, pick_one(memory, run), verbatim(note) if note else say("run.cancelled")))
