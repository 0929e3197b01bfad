"""What becomes of a question that nobody answers, and whose yes counts, by the plan. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.findings import block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Decision, TurnBack
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import OnExpiry, Spec
from migrator.domain.observation.sighting import Clocks, RunPosition, Sighting, Workloads
from migrator.domain.turn.requests import is_doomed

if TYPE_CHECKING:
    from migrator.domain.steps import Step


def turn_back_when_unanswered(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Turn back when the plan wants that of a question which nobody has answered in time, as a person's rollback would."""
    if not is_expired(spec, seen) or spec.gates.on_expiry is not OnExpiry.ROLLBACK:
        return None
    if not seen[Workloads].old.exists or is_doomed(seen):
        return None
    return TurnBack((block("ask.expired", "run", question=seen[RunPosition].why, after=spec.gates.expires),))


def unanswered(spec: Spec, seen: Sighting) -> tuple[Message, ...]:
    """Tell of a question that nobody has answered in time and that goes on waiting."""
    return (say("ask.unanswered", after=spec.gates.expires),) if is_expired(spec, seen) else ()


def is_expired(spec: Spec, seen: Sighting) -> bool:
    """Say whether the run's question has been open for longer than the plan allows; on the way back none expires."""
    now, limit = seen[RunPosition], spec.gates.expires
    if limit is None or now.state is not State.WAITING or now.heading is Heading.BACK or now.since is None:
        return False
    return (seen[Clocks].wall - now.since).total_seconds() >= limit
