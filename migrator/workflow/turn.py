"""One turn of a run: look, decide, write the intent down, act, write down that it was accepted.

Killed at any line, the next turn looks again and carries on. Settling, moving and waiting are the driver's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Action, Op
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


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn saw and decided; no write before monotonic `not_before`, because a vendor said: not now."""

    seen: Sighting
    decision: Decision
    not_before: float = 0.0


def turn(
    journey: Journey,
    spec: Spec,
    run: Run,
    step: Step,
    seen: Sighting,
    journal: Journal,
    perform: Callable[[Action], Op],
    not_before: float = 0.0,
) -> Turn:
    """Decide on what was seen and, if the decision is a write, make it. Raises UnsafeAction and LeaseLost."""
    decision, now = decide(journey, spec, step, seen), seen[Clocks].monotonic
    if isinstance(decision, Do) and now < not_before:
        decision = Wait(say("write.not-before", next=decision.why), not_before - now)
    if not isinstance(decision, Do):
        return Turn(seen, decision, not_before)
    require_safe(decision.action, seen)
    entry = journal.intend(run.heading, run.cursor, decision.action, decision.why)
    try:
        op = perform(decision.action)
    except (Unreachable, Refused) as error:
        log.warning("write.unanswered run=%s step=%s why=%s", run.id, step.title, error)
        return _unanswered(journey, step, seen, decision, error, lambda why: journal.fail(entry, why))
    journal.accept(entry, op)
    return Turn(seen, decision)


def _unanswered(
    journey: Journey,
    step: Step,
    seen: Sighting,
    decision: Do,
    error: Unreachable | Refused,
    fail: Callable[[Message], int],
) -> Turn:
    """Say what an answer other than yes means: no, not now, or (none at all) perhaps done."""
    why, now = error.message, seen[Clocks].monotonic
    if isinstance(error, Refused):
        fail(why)
        if (later := journey.retry_refused) is not None:
            return Turn(seen, Wait(say("write.tried-again", why=why, patience=later), later), now + later)
        return Turn(seen, Halt((_refused(step, error),)))
    if error.retry_after is not None:
        fail(why)
        return Turn(seen, Wait(why, error.retry_after), now + error.retry_after)
    return Turn(seen, decision)  # the entry stays open and a later look decides


def _refused(step: Step, error: Refused) -> Finding:
    return block("write.refused", step.title, why=error.message)
