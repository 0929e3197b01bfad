"""The one place where a run is asked to wait before a step: may it begin now, and if not, what is waited for. Pure.

Gates stop only what goes forward. What watches, what takes back and what has begun goes on whatever they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.gates.calendar import beginning
from migrator.domain.gates.webhook import heard, question
from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Ask, Decision, Grant, Wait
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Spec
from migrator.domain.observation.gating import Ahead, Frozen, GateQuestion
from migrator.domain.observation.logins import instant
from migrator.domain.observation.sighting import Clocks, JournalFacts, RunPosition, Sighting, Workloads
from migrator.domain.steps.asking.hook import CallHook
from migrator.domain.steps.attach import Attach
from migrator.domain.steps.handing.hand_over import HandOver
from migrator.domain.steps.leave import Detach, Drain
from migrator.domain.steps.prepare import Deploy, Guard, Lead
from migrator.domain.steps.rehearse import RehearseUp
from migrator.domain.steps.retire import Retire
from migrator.domain.steps.traffic import Shift

if TYPE_CHECKING:
    from migrator.domain.steps import Step

FORWARD_STEPS = frozenset({Guard, Deploy, Lead, Attach, RehearseUp, Shift, Drain, Detach, Retire, HandOver, CallHook})
"""The steps that change something for the new side's sake. The others watch, ask, take back, or end what cannot go back."""

STOPS = frozenset({"gate.frozen", "gate.webhook", "gate.closed", "gate.zone-unknown"})
"""What a gate says while it keeps a running run from its next step."""

HOLD, OPEN = "gate.hold", "gate.open"
"""The questions by which the journal knows what a person, and what the plan's times, have said yes to at a step."""


def wait_before(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Ask or wait before the step begins, by the plan's gates; None: it may."""
    if seen[RunPosition].heading is Heading.BACK:
        return None
    return _frozen(step, seen) or _held(spec, step, seen) or _unopened(spec, step, seen)


def is_shut(spec: Spec, step: Step, seen: Sighting) -> bool | None:
    """Say whether a gate keeps the step from going on now, whatever else the run does: its deadlines do not run meanwhile.

    None: nobody has looked yet.
    """
    found = wait_before(spec, step, seen)
    if isinstance(found, Wait) and not seen[Frozen].looked:
        return None
    return isinstance(found, Ask) or (isinstance(found, Wait) and found.reason.code in STOPS)


def stopped(spec: Spec, step: Step, seen: Sighting) -> tuple[Message, ...]:
    """Say what a run waits for at its gates, as another process and the report tell it; of one at rest, that it is frozen."""
    if seen[RunPosition].heading is Heading.BACK:
        return ()
    found = wait_before(spec, step, seen) if seen[RunPosition].state is State.RUNNING else _frozen(step, seen)
    waits = (found.reason,) if isinstance(found, Wait) and found.reason.code in STOPS else ()
    return (*waits, *seen[Frozen].unread)


def _frozen(step: Step, seen: Sighting) -> Decision | None:
    """Let nothing go forward while somebody has frozen the run, also in the middle of a step: what is there is guarded.

    The removal of the old workload alone is carried to its end: half of it is of no use to anybody.
    """
    if type(step) not in FORWARD_STEPS or (isinstance(step, Retire) and not seen[Workloads].old.exists):
        return None
    if not seen[Frozen].looked:
        return Wait(say("freeze.not-looked"))
    if by := seen[Frozen].by:
        first = by[0]
        return Wait(
            say(
                "gate.frozen",
                where=first.where or None,
                cluster=first.cluster or None,
                by=first.by,
                at=first.at,
                reason=first.reason or None,
            )
        )
    return None


def _held(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Ask a person at the plan's shares, before whatever comes next."""
    share = seen[Ahead].after
    if share is None or share not in spec.gates.hold or seen[JournalFacts].said_yes(HOLD):
        return None
    return Ask(say("gate.hold", share=share, next=step.title))


def _unopened(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Wait until the plan's times and its webhook let the step begin. What has begun is never stopped by either.

    That it began is written down, so that it is known to the next process too.
    """
    if type(step) not in FORWARD_STEPS or seen[JournalFacts].said_yes(OPEN):
        return None
    asked = question(spec, step, seen)
    if not spec.gates.timed and asked is None:
        return None
    if closed := _closed(spec, step, seen):
        return closed
    return (asked and heard(spec, asked, seen)) or Grant(OPEN, "webhook" if asked else "plan")


def asks(spec: Spec, step: Step, seen: Sighting) -> GateQuestion | None:
    """Give what the webhook is to be asked now: nothing while another gate is shut, nor on the way back, nor after its yes."""
    if seen[RunPosition].heading is Heading.BACK or seen[JournalFacts].said_yes(OPEN):
        return None
    shut = _frozen(step, seen) or _held(spec, step, seen) or _closed(spec, step, seen)
    return None if shut else question(spec, step, seen)


def _closed(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Wait for a window in which the step can end and still be taken back."""
    ahead = seen[Ahead]
    if not spec.gates.timed:
        return None
    try:
        begins = beginning(spec.gates, seen[Clocks].wall, ahead.need)
    except LookupError:
        return Wait(say("gate.zone-unknown", zone=spec.gates.zone))
    if begins is not None and begins <= seen[Clocks].wall:
        return None
    opens = instant(begins) if begins is not None else None
    return Wait(say("gate.closed", step=step.title, worst=ahead.worst, back=ahead.back, opens=opens))
