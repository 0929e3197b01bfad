"""What a person asks of a run from another process: a row that whoever carries the run out obeys at its next turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.app.inspect.totals import Judged, judged
from migrator.app.wiring import who
from migrator.domain.messages.errors import NotFound, UsageError
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
    run = pick(store, name)
    if run.ended:
        raise UsageError(
            say(
                "request.too-late",
                run=run.id,
                name=run.name,
                state=run.state,
                request=kind,
                instead=_instead(run, kind),
            )
        )
    if kind is RequestKind.ROLLBACK and store.plan(run.plan_id).journey().back is None:
        raise UsageError(say("request.no-way-back", run=run.id, name=run.name))
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


def _instead(run: Run, kind: RequestKind) -> Message:
    """Say what there is to do of a run that has ended."""
    if kind is RequestKind.ROLLBACK and run.state is State.COMPLETED:
        return say("request.reverse-instead", run=run.id)
    return say("request.see-report", run=run.id)


def pick(store: StoreReader, name: str | None) -> Run:
    """Give the run that was named, or the newest that has not ended, or the newest of all.

    A migration comes before a follower, and a run that began before one that was cancelled.
    """
    if name is not None:
        return store.run(name)
    every = store.runs()
    if not every:
        raise NotFound(say("run.none-yet"))
    going = [run for run in every if not run.ended]
    began = going or [run for run in every if run.state is not State.CANCELLED] or every
    return next((run for run in going if store.plan(run.plan_id).journey().half_way), began[0])
