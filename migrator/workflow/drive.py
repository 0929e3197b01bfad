"""The driver: takes turn after turn until the run ends or the process is told to leave. It alone writes to the world."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from migrator.domain.gates.begin import asks, is_shut, stopped, wait_before
from migrator.domain.messages.errors import Unreachable, UnsafeAction
from migrator.domain.messages.findings import block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Decision, Do, Fail, Halt, Wait
from migrator.domain.model.runs import Move, Run, State
from migrator.domain.observation.drifted import PodsMoved
from migrator.domain.observation.gating import GateQuestion
from migrator.domain.observation.sides import Vouched
from migrator.domain.observation.sighting import Clocks, JournalFacts, Requests, Sighting, Witnessed
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.memory import Journal, Memory
from migrator.domain.ports.outside import Clock, Readers, Writers
from migrator.domain.steps import Step
from migrator.domain.turn import rules
from migrator.domain.turn.expiry import unanswered
from migrator.domain.turn.holding import hold_on_drift, holds
from migrator.domain.turn.live import overridden
from migrator.domain.turn.protection import returning
from migrator.domain.turn.words import words
from migrator.workflow.lifecycle.machine import moved
from migrator.workflow.looking.look import Look
from migrator.workflow.notes import filed, tallies, to_do, told
from migrator.workflow.pacing import moments, nap
from migrator.workflow.perform import perform
from migrator.workflow.progress import Progress, Tell
from migrator.workflow.questions import Questions
from migrator.workflow.record import record
from migrator.workflow.snapshot_keeper import SnapshotKeeper
from migrator.workflow.soak_accounting import Account
from migrator.workflow.turn import AT_ONCE, NotBefore, turn
from migrator.workflow.unseen import Unseen
from migrator.workflow.watching.asking import proved_alike, wish
from migrator.workflow.watching.board import Board

log = logging.getLogger(__name__)

HEARS_WITHIN = 0.4
"""Seconds within which a process that sleeps hears that it is to leave."""

LEFT_BY_ERROR = 1.0

Kinds: TypeAlias = "frozenset[type[object]]"


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a run needs to be driven by this process. `check` raises LeaseLost when it may no longer write; `rest`
    waits for the watch to publish a facet of these kinds, at most so many seconds, and returns whether it has.
    `questions` are how a turn asks the cluster and the balancer. `vouched` is what the process before saw of the old pods,
    `starter` who began the run; `noted` is what the process before it has noted and nobody has called over yet.
    """

    plan: Plan
    readers: Readers
    writers: Writers
    journal: Journal
    memory: Memory
    board: Board
    clock: Clock
    tell: Tell
    check: Callable[[], None]
    rest: Callable[[Kinds, float], bool]
    questions: Questions
    vouched: tuple[Vouched, ...] = ()
    starter: str = ""
    noted: tuple[Message, ...] = ()


def drive(session: Session, run: Run, leave: Callable[[], bool]) -> Run:
    """Drive the run until it ends, halts with no traffic at stake, or `leave` says so; give it as it is then.

    Raises LeaseLost (another process has it) and StoreError. Nothing else gets out: what cannot be looked at is waited
    for, a write that is refused halts the run.
    """
    return Driver(session, run).until(leave)


class Driver:
    """The run, its route and the sums of its samples, between turns. Everything else is looked up anew each turn."""

    def __init__(self, session: Session, run: Run) -> None:
        self._session, self._run = session, run
        self._look = Look(
            session.readers,
            session.plan,
            session.board,
            session.clock,
            session.questions,
            session.vouched,
            session.starter,
        )
        self._account = Account(session.plan.spec.judge, session.journal)
        self._snapshots = SnapshotKeeper(session.journal)
        self._unseen = Unseen()
        self._route = session.memory.route(run.heading)
        self._journey = session.plan.journey(run.heading)
        self._not_before = AT_ONCE
        self._changed_at = session.clock.monotonic()
        self._troubles = session.noted

    def until(self, leave: Callable[[], bool]) -> Run:
        """Take turns until the end."""
        self._snapshots.begin()
        if self._run.state is State.PLANNED:
            self._run = self._moved(Move.START)
        while not self._run.ended and not leave():
            self._session.check()
            step = self._route[self._run.cursor]
            decision, seen = self._turn(step)
            if self._nothing_at_stake(seen):
                break
            self._rest(step, nap(decision, seen, self._journey.pace), leave)
        self._snapshots.leave()
        return self._run

    def _turn(self, step: Step) -> tuple[Decision, Sighting | None]:
        past = self._session.memory.past(self._run)
        step = overridden(step, past.live)
        seen: Sighting | None = None
        try:
            seen = self._summed(step, self._look(self._run, step, past, Requests(self._session.memory.pending())))
            seen = self._unseen.take(self._run, seen, is_shut(self._session.plan.spec, step, seen))
            said = (*troubles(step, seen), *self._holds(step, seen), *self._session.board.mentioned)
            self._snapshots.take(seen, self._account, said, returning(step, seen), self._look.vouched)
            decision = self._decided(step, seen)
            self._note(step, decision, seen, (*said, *to_do(decision)))
        except Unreachable as error:
            decision = Wait(say("look.blind", why=error.message), LEFT_BY_ERROR)
            now = Clocks(self._session.clock.now(), self._session.clock.monotonic())
            self._snapshots.blind(error.message, now)
            self._unseen.nothing(self._run, now.wall)
        except UnsafeAction as error:
            decision = Halt((block("system.refused", step.title, why=error.message),))
        if not (isinstance(decision, Halt) and self._run.state is State.HALTED):
            self._write_down(decision)
        self._tell(decision, seen)
        return decision, seen

    def _holds(self, step: Step, seen: Sighting) -> tuple[Message, ...]:
        spec, moving = self._session.plan.spec, self._journey.moving
        found = holds(spec, step, seen) if hold_on_drift in moving else ()
        return (*found, *stopped(spec, step, seen), *unanswered(spec, seen)) if wait_before in moving else found

    def _note(self, step: Step, decision: Decision, seen: Sighting, said: tuple[Message, ...]) -> None:
        for kind, counts in tallies(step, decision, seen):
            self._session.journal.tally(kind, counts)
        for note in told(self._troubles, said):
            self._session.journal.note(filed(note), note)
        self._troubles = said

    def _summed(self, step: Step, seen: Sighting) -> Sighting:
        """Add the newest sample up, and return the sighting with what the journal says of the soak now."""
        opened = seen[JournalFacts].open
        moving = opened is not None and isinstance(opened.action, SetWeights)
        self._account.steady(seen, moving or not step.stands(seen))
        seen = self._account.of_these_weights(seen)
        if not self._journey.judged or not self._account.take(seen):
            return seen
        now = self._session.memory.past(self._run)
        return seen.having(replace(seen[JournalFacts], soaked=now.soaked, requests=now.requests))

    def _decided(self, step: Step, seen: Sighting) -> Decision:
        session = self._session
        compared = sum(ahead.compares for ahead in self._route[self._run.cursor + 1 :])
        wanted = wish(session.plan, step, seen, self._account.steady_since, compared)
        alike = proved_alike(self._run.heading, self._route[: self._run.cursor], step)
        wanted_at = moments(step, seen, self._account, self._changed_at)
        session.board.wish = replace(wanted, moments=wanted_at, parity=alike, gate=self._asks(step, seen))
        writers = session.writers.on(self._run.heading)
        took = turn(
            self._journey,
            session.plan.spec,
            self._run,
            step,
            seen,
            session.journal,
            lambda action: perform(writers, action),
            self._not_before,
        )
        self._not_before = took.not_before
        if isinstance(took.decision, Fail) and (later := self._journey.retry_failed):
            self._not_before = NotBefore(*(max(at, seen[Clocks].monotonic + later) for at in took.not_before))
        if isinstance(took.decision, Do):
            self._look.changed()
            self._changed_at = session.clock.monotonic()
            if isinstance(took.decision.action, SetWeights):
                self._account.steady(seen, True)
        return took.decision

    def _asks(self, step: Step, seen: Sighting) -> GateQuestion | None:
        return asks(self._session.plan.spec, step, seen) if wait_before in self._journey.moving else None

    def _write_down(self, decision: Decision) -> None:
        was = self._run
        self._run = record(self._session.plan, was, self._route, decision, self._session.journal)
        if (self._run.heading, self._run.cursor) != (was.heading, was.cursor):
            self._changed_at = self._session.clock.monotonic()
        if self._run.heading is not was.heading:
            self._route = self._session.memory.route(self._run.heading)
            self._journey = self._session.plan.journey(self._run.heading)
            log.warning("run.turned-back run=%s why=%s", self._run.id, self._run.why)

    def _moved(self, move: Move) -> Run:
        state, _ = moved(self._run.state, self._run.heading, move)
        return self._session.journal.move(self._run, state=state)

    def _tell(self, decision: Decision, seen: Sighting | None) -> None:
        titles = tuple(step.title for step in self._route)
        back = returning(self._route[self._run.cursor], seen) if seen is not None and not self._run.ended else None
        said, ended = words(decision), self._run.ended
        look = self._snapshots.decided(decision, said, self._session.clock.now(), ended)
        self._session.tell(Progress(self._run, titles, decision, seen, said, back, look, self._route))

    def _nothing_at_stake(self, seen: Sighting | None) -> bool:
        """Say whether a halted run may be left alone: the new side has no weight, so nobody needs to watch it."""
        if self._run.state is not State.HALTED or seen is None:
            return False
        return self._journey.left_when_halted and not any(row.weight for row in seen[Pools].of(Side.NEW))

    def _rest(self, step: Step, seconds: float, leave: Callable[[], bool]) -> None:
        """Sleep until what the step looks at is published anew, and hear within a moment that this process is to leave."""
        kinds = awaited(step) if self._journey.judged else frozenset()
        while seconds > 0:
            slept = min(seconds, HEARS_WITHIN)
            seconds -= slept
            if self._session.rest(kinds, slept) or (seconds > 0 and leave()):
                return


def awaited(step: Step) -> Kinds:
    """Give the facets for whose sake a turn is taken early: the step's, the guard's, and pods that changed.

    The witness asks too often for it.
    """
    return (rules.NEEDS | step.needs | {PodsMoved}) - {Witnessed}


def troubles(step: Step, seen: Sighting) -> tuple[Message, ...]:
    """Give what a person should know of the step; nothing while what it looks at was never seen."""
    return step.troubles(seen) if all(need in seen for need in step.needs) else ()
