"""The rule that holds a run while something it rests on was changed by others. It halts nothing and turns nothing back.

A hold is a wait of a running run: nothing advances, the judge and every rule that turns back go on as before, and the run
goes on by itself once everything is as it was. On the way back there is no hold: nothing may keep traffic from the old side.
"""

from __future__ import annotations

from dataclasses import replace
from math import isinf
from typing import TYPE_CHECKING

from migrator.domain.drift.configuration import COMPARED_WITHIN
from migrator.domain.drift.contested import AGAIN, heard_of, held, is_led, leads, made_again, undone
from migrator.domain.drift.marking import marked
from migrator.domain.messages.findings import Finding, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Do, TurnBack, Wait
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Spec
from migrator.domain.observation.drifted import Drifted, GuardUndone, Undone
from migrator.domain.observation.sighting import JournalFacts, RunPosition, Sighting, Workloads
from migrator.domain.steps.prepare import Guard, Preflight
from migrator.domain.turn.protection import hopeless

if TYPE_CHECKING:
    from migrator.domain.steps import Step

ALWAYS = frozenset({"drift.foreign-row", "drift.cluster"})
"""What holds at every step, to the end."""


def hold_on_drift(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Advance nothing while the world that the plan was made for is another one, or nobody knows whether it is."""
    if found := held_by(spec, step, seen):
        return held(found)
    blind = seen[Drifted].blind
    if isinf(blind):
        return Wait(say("drift.not-looked"))
    if blind > spec.judge.no_data.rollback_after:
        return Wait(say("drift.blind", blind=blind))
    return Wait(_comparing(seen[Drifted])) if _is_compared(seen[Drifted]) and step.gains is Side.NEW else None


def _is_compared(drifted: Drifted) -> bool:
    return 0.0 < drifted.comparing <= COMPARED_WITHIN and not drifted.restless


def _comparing(drifted: Drifted) -> Message:
    """Say why both sides are compared: what a process has never compared has not changed for all that anybody knows."""
    return say("drift.comparing") if drifted.changed else say("drift.comparing-first")


def keep_guarded(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
    """Make again what somebody took off that this run had changed, once; the second time it is their word against ours.

    While a Service catches the new pods meanwhile, clients reach them past the weights: then the run goes back, unless that
    would not help.
    """
    found = taken_off(step, seen)
    if not found:
        return None
    past, position = seen[JournalFacts], seen[RunPosition]
    for one in found:
        if made_again(past, one.change.ref, one.change.patch) < AGAIN:
            patch = marked(one.change, one.among, position)
            return Do(PatchObject(one.change.ref, patch, one.change.uid), say("guard.again", by=one.by))
    caught = tuple(one for one in found if one.change.ref.kind == "Service" and not one.led)
    if caught and seen[Workloads].new.live and hopeless(seen) is None:
        return TurnBack(_told(past, caught))
    return held(_told(past, found))


def taken_off(step: Step, seen: Sighting) -> tuple[Undone, ...]:
    """Give what this run had changed and what does not stand; nothing before Guard has been, nor once the old side goes.

    A look from before our own last write of an object says nothing of it; nor does one from before this step. What was led
    to the new side already is to stand so, and is given as that change.
    """
    look, past = seen[GuardUndone], seen[JournalFacts]
    if step.is_final or isinstance(step, Preflight | Guard) or seen[RunPosition].heading is Heading.BACK:
        return ()
    if seen[RunPosition].state is State.HALTED:
        return ()
    rows = (_meant(one, past) for one in look.found)
    return tuple(one for one in rows if one is not None and _is_news(one, past))


def _is_news(one: Undone, past: JournalFacts) -> bool:
    if one.at is None:
        return False
    return all(one.at > moment for moment in (past.entered_at, heard_of(past, one.change.ref)) if moment is not None)


def _meant(one: Undone, past: JournalFacts) -> Undone | None:
    """Give what does not stand of a change as it is meant now: led to the new side, or as Guard made it; None: it stands."""
    if not is_led(past, one.change):
        stands = one.guarded or (one.led and not leads(one.change))
        return None if stands else replace(one, led=False)
    if one.led:
        return None
    return replace(one, change=one.change.led, among=tuple(each.led for each in one.among if each.after), led=True)


def _told(past: JournalFacts, found: tuple[Undone, ...]) -> tuple[Finding, ...]:
    return tuple(undone(past, one.change, one.by) for one in found)


def held_by(spec: Spec, step: Step, seen: Sighting) -> tuple[Finding, ...]:
    """Give what holds the run now; what the plan waives by its code does not.

    Once the old side is about to go, only what takes clients from the new one counts.
    """
    if seen[RunPosition].heading is Heading.BACK:
        return ()
    waived = {waiver.code for waiver in spec.waivers}
    counts = (found for found in seen[Drifted].found if found.code in ALWAYS or not step.is_final)
    return tuple(found for found in counts if found.code not in waived)


def holds(spec: Spec, step: Step, seen: Sighting) -> tuple[Message, ...]:
    """Say what holds the run, and what of the surroundings a person should know, as another process and the report tell it."""
    holding = (say("drift.held", what=told_of((finding,))) for finding in held_by(spec, step, seen))
    restless = (say("drift.restless"),) if seen[Drifted].restless else ()
    return (*holding, *restless, *seen[Drifted].told)
