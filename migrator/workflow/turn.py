"""One turn of a run: look, decide, write the intent down, act, write down that it was accepted.

Killed at any line, the next turn looks again and carries on. Settling, moving and waiting are the driver's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from migrator.domain.messages.errors import Denied, Gone, MigratorError, Refused, Unreachable
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Action, BalancerWrite, Op
from migrator.domain.model.decisions import Decision, Do, Halt, Wait
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Spec
from migrator.domain.observation.sighting import Clocks, Sighting
from migrator.domain.ports.memory import Journal
from migrator.domain.steps import Step
from migrator.domain.turn.decide import decide
from migrator.domain.turn.invariants import require_safe
from migrator.domain.turn.journeys import Journey

log = logging.getLogger(__name__)


LOOK_AGAIN = 1.0
"""Seconds until the next write after one whose row was gone: meanwhile it is looked again who is there."""

DENIED_AGAIN = 10.0
"""Seconds until a write is tried again that was not let in: a token is renewed, or a right granted, by a person."""


class NotBefore(NamedTuple):
    """When (monotonic) the next write may be made. Who keeps the cluster's waiting never keeps the balancer's waiting."""

    balancer: float = 0.0
    others: float = 0.0

    def of(self, action: Action) -> float:
        """Give the moment for an action."""
        return self.balancer if isinstance(action, BalancerWrite) else self.others

    def put_off(self, action: Action, until: float) -> NotBefore:
        """Return the moments with this action's put off."""
        at_balancer = isinstance(action, BalancerWrite)
        return NotBefore(until, self.others) if at_balancer else NotBefore(self.balancer, until)


AT_ONCE = NotBefore()


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn saw and decided; no write before `not_before`, because a vendor said: not now."""

    seen: Sighting
    decision: Decision
    not_before: NotBefore = AT_ONCE


def turn(
    journey: Journey,
    spec: Spec,
    run: Run,
    step: Step,
    seen: Sighting,
    journal: Journal,
    perform: Callable[[Action], Op],
    not_before: NotBefore = AT_ONCE,
) -> Turn:
    """Decide on what was seen and, if the decision is a write, make it. Raises UnsafeAction and LeaseLost."""
    decision, now = decide(journey, spec, step, seen), seen[Clocks].monotonic
    if isinstance(decision, Do) and now < (until := not_before.of(decision.action)):
        decision = Wait(say("write.not-before", next=decision.why), until - now)
    if not isinstance(decision, Do):
        return Turn(seen, decision, not_before)
    require_safe(decision.action, seen)
    entry = journal.intend(run.heading, run.cursor, decision.action, decision.why)
    try:
        op = _performed(perform, decision.action)
    except (Unreachable, Refused) as error:
        log.warning("write.unanswered run=%s step=%s why=%s", run.id, step.title, error)
        wait, decided = _unanswered(journey, step, decision, error, lambda why: journal.fail(entry, why))
        return Turn(seen, decided, not_before.put_off(decision.action, now + wait) if wait else not_before)
    journal.accept(entry, op)
    return Turn(seen, decision, not_before)


def _performed(perform: Callable[[Action], Op], action: Action) -> Op:
    try:
        return perform(action)
    except MigratorError:
        raise
    except Exception as error:  # nobody knows what was sent: a later look tells
        log.debug("write.broken", exc_info=True)
        raise Unreachable(say("write.broken", error=type(error).__name__)) from error


def _unanswered(
    journey: Journey, step: Step, decision: Do, error: Unreachable | Refused, fail: Callable[[Message], int]
) -> tuple[float, Decision]:
    """Say what an answer other than yes means: no, not now, or (none at all) perhaps done; and how long not to write."""
    why = error.message
    if isinstance(error, Refused):
        fail(why)
        spared = isinstance(error, Gone) or step.favour is not None  # what the run can do without halts nothing
        later = LOOK_AGAIN if spared else journey.retry_refused
        later = DENIED_AGAIN if later is None and isinstance(error, Denied) else later
        if later is not None:
            return later, Wait(say("write.tried-again", why=why, patience=later), later)
        return 0.0, Halt((_refused(step, error),))
    if error.retry_after is not None:
        fail(why)
        return error.retry_after, Wait(why, error.retry_after)
    return 0.0, decision  # the entry stays open and a later look decides


def _refused(step: Step, error: Refused) -> Finding:
    return block("write.refused", step.title, why=error.message)
