"""Carrying a run out in this process: leases, heartbeat, watch and driver around one run. `run` and `resume` are this."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from migrator.app.one_run.gateway_lease import identity, take
from migrator.app.wiring import CLOCK, Wired, holder, witness
from migrator.domain.messages.errors import LeaseHeld, Refused, Unreachable, UsageError
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Heading, Move, Request, RequestKind, Run, State
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.memory import Memory
from migrator.domain.ports.outside import Readers
from migrator.domain.steps import Step
from migrator.store import Journal, Store, StoreReader
from migrator.workflow.drive import Session, drive
from migrator.workflow.heartbeat import Heartbeat
from migrator.workflow.lifecycle.machine import moved
from migrator.workflow.progress import Tell
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.watch import Watch, Watched


@dataclass(frozen=True, slots=True)
class RunMemory:
    """What the store tells one run about itself."""

    store: Store
    journal: Journal
    plan: Plan
    run_id: int

    def past(self, run: Run) -> JournalFacts:
        """Give what the journal says of the run's present step."""
        return self.journal.past(run, self.plan)

    def pending(self) -> tuple[Request, ...]:
        """Give the requests nobody has answered."""
        return self.store.pending(self.run_id)

    def route(self, heading: Heading) -> tuple[Step, ...]:
        """Give the route of a heading."""
        return self.store.route(self.run_id, heading)


def execute(store: Store, run: Run, plan: Plan, wired: Wired, tell: Tell, leave: Callable[[], bool]) -> Run:
    """Drive the run until it ends or `leave` says so. LeaseHeld names another holder, LeaseLost a successor."""
    with ExitStack() as stack:
        lease = store.acquire(run.id, holder())
        stack.callback(lease.release)
        journal = store.journal(run.id, lease)
        try:
            take(wired.lease, store, run, stack)
        except (LeaseHeld, Refused, Unreachable) as error:
            if run.state is State.PLANNED:  # it has not begun, so nothing of it should stay behind
                _cancelled(journal, run, error.message)
            raise
        board = Board()
        heartbeat = Heartbeat(lease.renew, wired.lease, identity(store, run))
        memory: Memory = RunMemory(store, journal, plan, run.id)

        def check() -> None:
            lease.check()
            heartbeat.check()

        stack.enter_context(heartbeat)
        dialled = witness(plan.spec, wired.readers.balancer) if plan.journey().witnessed else None
        readers = replace(wired.readers, witness=dialled)
        watched = Watched(plan.spec, readers, board, CLOCK, partial(_checked, plan, readers))
        stack.enter_context(Watch(watched))
        session = Session(plan, readers, wired.writers, journal, memory, board, CLOCK, tell, check, board.await_facet)
        return drive(session, store.run(run.id), leave)


def _checked(plan: Plan, readers: Readers) -> tuple[Finding, ...]:
    """Run the preflight checks anew. They are loaded when a step asks for them, not before the first look at the balancer."""
    from migrator.app.plan.planning import checks

    return checks(plan, readers)()


def cancel(store: Store, run: Run, why: Message) -> Run:
    """End a run that never began. IllegalMove for any other, LeaseHeld when somebody is about to begin it."""
    moved(run.state, run.heading, Move.CANCEL)
    lease = store.acquire(run.id, holder())
    try:
        return _cancelled(store.journal(run.id, lease), store.run(run.id), why)
    finally:
        lease.release()


def _cancelled(journal: Journal, run: Run, why: Message) -> Run:
    state, _ = moved(run.state, run.heading, Move.CANCEL)
    return journal.move(run, state=state, why=why)


def require_startable(run: Run, store: Store) -> None:
    """Raise UsageError for a run that has ended, LeaseHeld for one that somebody carries out."""
    if run.ended:
        raise UsageError(say("run.ended", run=run.id, name=run.name, state=run.state))
    if by := store.holder(run.id):
        raise LeaseHeld(say("run.held-by", run=run.id, by=by))


def resting(store: StoreReader, run: Run) -> bool:
    """Say whether the run rests, or will by a pause that nobody has obeyed yet."""
    asked = any(request.kind is RequestKind.PAUSE for request in store.pending(run.id))
    return asked or run.state in (State.PAUSED, State.HALTED)


def wake(store: Store, run: Run, by: str) -> None:
    """Ask a run that rests, or was asked to, to go on: so `resume` both takes it over and moves it. Later wishes win."""
    if resting(store, run):
        store.ask_run(run.id, RequestKind.RESUME, by)
