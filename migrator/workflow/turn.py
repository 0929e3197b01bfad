"""One turn of a run: look, decide, write the intent down, act, write down that it was accepted.

Killed at any line, the next turn looks again and carries on. Settling, moving and waiting are the driver's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from migrator.domain.actions import Action, Op
from migrator.domain.decisions import Decision, Do, Halt, Wait
from migrator.domain.errors import Refused, Unreachable
from migrator.domain.findings import Finding, Severity
from migrator.domain.invariants import require_safe
from migrator.domain.memory import Journal
from migrator.domain.rules import decide
from migrator.domain.runs import Run
from migrator.domain.sighting import Sighting
from migrator.domain.spec import Spec
from migrator.domain.steps import Step

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn saw and decided."""

    seen: Sighting
    decision: Decision


def turn(spec: Spec, run: Run, step: Step, seen: Sighting, journal: Journal, perform: Callable[[Action], Op]) -> Turn:
    """Decide on what was seen and, if the decision is a write, make it. Raises UnsafeAction and LeaseLost."""
    decision = decide(spec, step, seen)
    if not isinstance(decision, Do):
        return Turn(seen, decision)
    require_safe(decision.action, seen)
    entry = journal.intend(run.heading, run.cursor, decision.action, decision.why)
    try:
        op = perform(decision.action)
    except Unreachable as error:
        log.warning("write.unanswered run=%s step=%s why=%s", run.id, step.title, error)
        if error.retry_after is not None:  # the vendor spoke: not now, and nothing was done
            journal.fail(entry, str(error))
            return Turn(seen, Wait(str(error), error.retry_after))
        return Turn(seen, decision)  # perhaps done: the entry stays open and a later look decides
    except Refused as error:
        journal.fail(entry, str(error))
        return Turn(seen, Halt((_refused(step, error),)))
    journal.accept(entry, op)
    return Turn(seen, decision)


def _refused(step: Step, error: Refused) -> Finding:
    remedy = "mend what the message names, then `migrator resume`, or `migrator rollback`"
    return Finding("write.refused", Severity.BLOCK, step.title, str(error), "", remedy)
