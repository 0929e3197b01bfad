"""Carrying a run out in this process: leases, heartbeat, watch and driver around one run. `run` and `resume` are this."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from migrator.app.adopt.keeping import Kept
from migrator.app.evidence import files as evidence
from migrator.app.evidence.collecting import Collector
from migrator.app.one_run.gateway_lease import identity, over_ended, take
from migrator.app.run.control import starter
from migrator.app.run.gating import gates
from migrator.app.series.recorder import Recorder
from migrator.app.telling.sender import Sender
from migrator.app.wiring import CLOCK, Wired, holder, who, witness
from migrator.domain.messages.errors import LeaseHeld, Refused, StoreError, Unreachable, UsageError
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import Heading, Move, Request, RequestKind, Run, State
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sides import Vouched
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.memory import Memory
from migrator.domain.ports.outside import Readers
from migrator.domain.steps import Step
from migrator.store import Journal, ProcessRecord, Store, StoreReader
from migrator.workflow.drive import Session, drive
from migrator.workflow.gating.fence import fenced, shuts_after
from migrator.workflow.heartbeat import Heartbeat
from migrator.workflow.lifecycle.machine import moved
from migrator.workflow.progress import Tell
from migrator.workflow.questions import Asked
from migrator.workflow.snapshot_keeper import UNTOLD_FOR
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.guarding import rested
from migrator.workflow.watching.watch import Watch, Watched

log = logging.getLogger(__name__)


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
    """Drive the run until it ends or `leave` says so.

    LeaseHeld names another holder, LeaseLost a successor, StoreError a journal that does not hold.
    """
    require_whole(run, store)
    with ExitStack() as stack:
        lease = store.acquire(run.id, holder())
        stack.callback(lease.release)
        journal = store.journal(run.id, lease)
        with_room(store, run, plan)
        for trouble in wired.untold:  # no reason to leave a run alone that has begun
            log.warning("notify.untold run=%s why=%s", run.id, trouble)
        stack.enter_context(Sender(store, run, plan.spec, wired.channels, leave, traces=wired.traces))
        board = Board()
        kept = Kept(store, plan, wired, run, board.mention)
        try:
            taken = take(wired.lease, store, run, stack)
            kept.begin(run)
        except (LeaseHeld, Refused, Unreachable) as error:
            if run.state is State.PLANNED:  # it has not begun, so nothing of it should stay behind
                _cancelled(journal, run, error.message)
            raise
        ours = identity(store, run)
        heartbeat = Heartbeat(lease.renew, wired.lease, ours, over=over_ended(store), taken=taken)
        memory: Memory = RunMemory(store, journal, plan, run.id)

        def check() -> None:
            lease.check()
            heartbeat.check()
            require_room(store, run, plan)

        def require_ours() -> None:
            lease.check()
            heartbeat.require_renewed()

        kept.only_while(require_ours)
        stack.enter_context(heartbeat)
        dialled = witness(plan.spec, wired.readers.balancer) if plan.journey().witnessed else None
        readers = replace(wired.readers, witness=dialled)
        guarded = rested(plan) if plan.journey().guarded else None
        records = store.process_records(run.id)
        asked = asked_before(plan.spec, records)
        checks = partial(_checked, plan, readers)
        watched = Watched(
            plan.spec, readers, board, CLOCK, checks, guarded, plan.seen.ways, asked, gates(store, plan, readers, board)
        )
        stack.enter_context(Watch(watched))
        where = evidence.folder(store, run.id)
        evident = stack.enter_context(Collector(wired.logs, plan.spec.evidence.logs, where, CLOCK))
        recorder = stack.enter_context(Recorder(store, run.id))
        told = recorder.telling(kept.telling(evident.telling(tell)))
        writers = fenced(wired.writers, heartbeat.unrenewed, shuts_after(plan.spec))
        session = Session(
            plan,
            readers,
            writers,
            journal,
            memory,
            board,
            CLOCK,
            told,
            check,
            board.await_facet,
            Asked(),
            vouched_before(records),
            starter(store, run.id) or who(),
            noted_before(records),
        )
        with kept:
            ended = drive(session, store.run(run.id), leave)
        if ended.ended:
            kept.end()
            store.free_room(run.id)
        return ended


def with_room(store: Store, run: Run, plan: Plan) -> None:
    """Keep room on the disk for the way back of a run that goes forward. StoreError: there is none."""
    turning = any(request.kind is RequestKind.ROLLBACK for request in store.pending(run.id))
    if run.heading is Heading.FORWARD and plan.journey().back and not turning:
        store.keep_room(run.id)


def require_room(store: Store, run: Run, plan: Plan) -> None:
    """Raise StoreError when the room of the way back is gone while the run goes forward: the disk is full.

    Whoever wrote first has freed it, the heartbeat perhaps, and every later write succeeds by it: the way forward must not.
    """
    if plan.journey().back is None or store.has_room(run.id):
        return
    turning = any(request.kind is RequestKind.ROLLBACK for request in store.pending(run.id))
    if store.run(run.id).heading is Heading.FORWARD and not turning:
        raise StoreError(say("store.disk-full-with-room", file=str(store.file)))


def asked_before(spec: Spec, records: Sequence[ProcessRecord]) -> int:
    """Give how many requests earlier processes of a run have made to compare both sides' answers, at most.

    One that was killed may have made some after its last look told so: as many as two looks lie apart while nothing hangs.
    """
    if spec.answers is None:
        return 0
    untold = ceil(spec.answers.rate * UNTOLD_FOR)
    return sum(record.look.asked + (0 if record.left_at else untold) for record in records)


def vouched_before(records: Sequence[ProcessRecord]) -> tuple[Vouched, ...]:
    """Give what the newest process that has seen anything knew of the old pods: each is checked against its pod again."""
    return next((record.look.vouched for record in reversed(records) if record.look.vouched), ())


def noted_before(records: Sequence[ProcessRecord]) -> tuple[Message, ...]:
    """Give what the newest process that has looked had noted: this one notes when it is over, also where nobody saw it end."""
    return next((record.look.noted for record in reversed(records) if record.look.looked_at is not None), ())


def _checked(plan: Plan, readers: Readers) -> tuple[Finding, ...]:
    """Run the preflight checks anew. They are loaded when a step asks for them, not before the first look at the balancer."""
    from migrator.app.run.rechecking import checks

    return checks(plan, readers, CLOCK)()


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


def require_whole(run: Run, store: StoreReader) -> None:
    """Raise StoreError for a run whose journal was changed or damaged: what it says was done cannot be trusted.

    A run on its way back, or one that is asked to turn back, goes on: that way writes what the plan recorded, whatever the
    journal says.
    """
    row = store.verify_chain(run.id)
    turns = any(request.kind is RequestKind.ROLLBACK for request in store.pending(run.id))
    if row is not None and run.heading is Heading.FORWARD and not turns:
        raise StoreError(say("store.chain-broken", file=str(store.file), run=run.id, row=row))


def resting(store: StoreReader, run: Run) -> bool:
    """Say whether the run rests, or will by a pause that nobody has obeyed yet."""
    asked = any(request.kind is RequestKind.PAUSE for request in store.pending(run.id))
    return asked or run.state in (State.PAUSED, State.HALTED)


def wake(store: Store, run: Run, by: str) -> None:
    """Ask a run that rests, or was asked to, to go on: so `resume` both takes it over and moves it. Later wishes win."""
    if resting(store, run):
        store.ask_run(run.id, RequestKind.RESUME, by)
