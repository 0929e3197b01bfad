"""What a person asks of a run from another process: a row that whoever carries the run out obeys at its next turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.app.inspect.totals import Judged, judged
from migrator.app.run.instead import instead_of_rollback
from migrator.app.run.picking import pick_one
from migrator.app.wiring import who
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, code_of, say
from migrator.domain.model.runs import RequestKind, Run, State
from migrator.domain.turn.live import refused
from migrator.domain.turn.requests import may_approve

if TYPE_CHECKING:
    from migrator.store import Store, StoreReader


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was written: the run, who carries it out now (None: nobody, so it waits), and what comes next. `already`:
    it was true before, and nothing was written. `judged` is the judge's last word of a run that is sent back (None: none)."""

    run: Run
    kind: RequestKind
    holder: str | None
    already: bool = False
    judged: Judged | None = None

    @property
    def question(self) -> Message | None:
        """Give the question that an approval answers; None for any other request."""
        return self.run.why if self.kind is RequestKind.APPROVE else None


def ask(store: Store, name: str | None, kind: RequestKind, note: str = "") -> Asked:
    """Write a request. UsageError for a run that has ended; NotFound for one that does not exist."""
    run = pick_one(store, name)
    if run.ended:
        raise UsageError(
            say(
                "request.too-late",
                run=run.id,
                name=run.name,
                state=run.state,
                request=kind,
                instead=_instead(store, run, kind),
            )
        )
    if kind is RequestKind.ROLLBACK and (plan := store.plan(run.plan_id)).journey().back is None:
        instead = instead_of_rollback(run, plan)
        raise UsageError(
            say("request.no-way-back", run=run.id, name=run.name, doing=plan.journey().doing, instead=instead)
        )
    if kind is RequestKind.APPROVE and run.state is not State.WAITING:
        raise UsageError(say("request.nothing-to-approve", run=run.id, name=run.name, state=run.state))
    if kind is RequestKind.PAUSE and run.state is State.PAUSED and not store.pending(run.id):
        return Asked(run, kind, store.holder(run.id), already=True)
    if kind is RequestKind.SET and (why := refused(store.plan(run.plan_id).spec, note)):
        raise UsageError(say("live.refused", run=run.id, name=run.name, why=why))
    begun = starter(store, run.id)
    if kind is RequestKind.APPROVE and not may_approve(store.plan(run.plan_id).spec, who(), begun):
        raise UsageError(say("request.same-person", run=run.id, name=run.name, starter=begun))
    question = code_of(run.why) if kind is RequestKind.APPROVE else ""
    store.ask_run(run.id, kind, who(), note, question)
    last = judged(store.process_records(run.id), store.events(run.id)) if kind is RequestKind.ROLLBACK else None
    return Asked(run, kind, store.holder(run.id), judged=last)


def starter(store: StoreReader, run_id: int) -> str:
    """Give who began a run, as `user@host`: whose process was the first at it; "" while none was."""
    return next((record.holder.split(" ")[0] for record in store.process_records(run_id)), "")


def _instead(store: StoreReader, run: Run, kind: RequestKind) -> Message:
    """Say what there is to do of a run that has ended."""
    if kind is RequestKind.ROLLBACK:
        return instead_of_rollback(run, store.plan(run.plan_id))
    return say("request.see-report", run=run.id)
