"""The lines of the checklists, from a plan, from where its run stands, and from what people have ticked.

A fact fills a line in where there is one; only what no fact can tell is asked of a person. Nothing here is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.findings import Finding, blocking, counted
from migrator.domain.messages.message import Message, Value, say
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.observation.logins import instant
from migrator.domain.observation.sides import Rehearsed
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import (
    Attach,
    AwaitReady,
    Confirm,
    Detach,
    Keep,
    RehearseBack,
    RehearseUp,
    Retire,
    Shift,
    Step,
    Swap,
    VerifyConfig,
)

ALARMS, DOCUMENTS = "alarms", "documents"
PERSONS = (ALARMS, DOCUMENTS)
"""What no fact can tell: a person ticks it."""

_NO_SHARE = (Keep, RehearseBack, RehearseUp)
"""Steps that lead weights to a share, as a shift does, and are none of the plan's shares."""

UNPROVEN = "balancer.permission-unproven"


class Phase(StrEnum):
    """When a line is due."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Mark(StrEnum):
    """How a line stands: a fact or a person says it is so, a fact says it is not, it is not so yet, a person is asked."""

    DONE = "done"
    WRONG = "wrong"
    OPEN = "open"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Tick:
    """Who has said that a line is so, when (as text), and what they wrote beside it."""

    by: str
    at: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line: what is to be so, how it stands, and by what that is known."""

    phase: Phase
    key: str
    mark: Mark
    by: Message


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a run of the plan stands, and what its rehearsal came to."""

    run: Run
    rehearsed: Rehearsed | None = None


def checklist(plan: Plan, walked: Walked | None, ticks: Mapping[str, Tick]) -> tuple[Item, ...]:
    """Give every line of the three lists, in their order."""
    return (*_before(plan, walked, ticks), *_during(plan, walked), *_after(plan, walked, ticks))


def to_tick(items: tuple[Item, ...], phase: Phase | None = None) -> tuple[str, ...]:
    """Give what a person has still to tick (of this phase)."""
    return tuple(item.key for item in items if item.mark is Mark.PERSON and phase in (None, item.phase))


def _before(plan: Plan, walked: Walked | None, ticks: Mapping[str, Tick]) -> tuple[Item, ...]:
    blocks = blocking(plan.findings, plan.spec.waivers)
    of_balancer = tuple(finding for finding in blocks if finding.code.startswith("balancer."))
    others = tuple(finding for finding in blocks if finding not in of_balancer)
    workload = _blocked(others) or _workload(plan, walked)
    return (
        Item(Phase.BEFORE, "workload", *workload),
        Item(Phase.BEFORE, "backends", *(_blocked(of_balancer) or _backends(plan, walked))),
        Item(Phase.BEFORE, ALARMS, *_ticked(ALARMS, walked, ticks)),
        Item(Phase.BEFORE, "way-back", *_way_back(plan, walked)),
    )


def _workload(plan: Plan, walked: Walked | None) -> tuple[Mark, Message]:
    """Say whether the new configuration is verified: it is not before the step that compares both, where the plan has it."""
    counts: dict[str, Value] = {
        "differences": len(plan.differences),
        "counts": counted(plan.findings, plan.spec.waivers),
    }
    verify = next((step.title for step in plan.steps if isinstance(step, VerifyConfig)), None)
    is_back = walked is not None and walked.run.heading is Heading.BACK
    if verify is None or is_back or _passed(plan, walked, VerifyConfig):
        return Mark.DONE, say("checklist.workload-seen", **counts)
    return Mark.OPEN, say("checklist.workload-to-verify", step=verify, **counts)


def _blocked(findings: tuple[Finding, ...]) -> tuple[Mark, Message] | None:
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    return (Mark.WRONG, say("checklist.blocked", codes=codes)) if codes else None


def _backends(plan: Plan, walked: Walked | None) -> tuple[Mark, Message]:
    unproven = any(finding.code == UNPROVEN for finding in plan.findings)
    if swap := next((at for at, step in enumerate(plan.steps) if isinstance(step, Swap)), None):
        is_open = unproven and _cursor(plan, walked) <= swap
        return (Mark.OPEN if is_open else Mark.DONE), say("checklist.backends-stay", unproven=is_open or None)
    if _passed(plan, walked, Attach):
        return Mark.DONE, say("checklist.backends-registered")
    if unproven:
        went_back = walked is not None and walked.run.heading is Heading.BACK
        return Mark.OPEN, say("checklist.went-back" if went_back else "checklist.backends-unproven")
    return Mark.DONE, say("checklist.backends-seen")


def _way_back(plan: Plan, walked: Walked | None) -> tuple[Mark, Message]:
    if walked is not None and walked.rehearsed is not None:
        return Mark.DONE, say("checklist.way-back-rehearsed", took=walked.rehearsed.took)
    if plan.journey().back is None:
        return Mark.WRONG, say("checklist.no-way-back")
    return Mark.DONE, say("checklist.way-back-planned")


def _during(plan: Plan, walked: Walked | None) -> tuple[Item, ...]:
    shifts = [at for at, step in enumerate(plan.steps) if isinstance(step, Shift) and not isinstance(step, _NO_SHARE)]
    at = _cursor(plan, walked)
    swaps = [at for at, step in enumerate(plan.steps) if isinstance(step, Swap)]
    moves = swaps or shifts
    reached = sum(1 for each in moves if each < at)
    is_back = walked is not None and walked.run.heading is Heading.BACK
    if is_back:
        shares = say("checklist.went-back")
    elif swaps:
        shares = say("checklist.nodes", reached=reached, nodes=len(swaps))
    else:
        shares = say("checklist.shares", reached=reached, shares=len(shifts))
    return (
        *_by_step(plan, walked, Phase.DURING, "ready", AwaitReady),
        *_by_step(plan, walked, Phase.DURING, "healthy", Attach),
        Item(Phase.DURING, "shares", Mark.DONE if reached == len(moves) else Mark.OPEN, shares),
        *_by_step(plan, walked, Phase.DURING, "watched", Keep),
    )


def _after(plan: Plan, walked: Walked | None, ticks: Mapping[str, Tick]) -> tuple[Item, ...]:
    return (
        *_by_step(plan, walked, Phase.AFTER, "drained", Detach),
        *_by_step(plan, walked, Phase.AFTER, "retired", Retire),
        *_by_step(plan, walked, Phase.AFTER, "metrics", Confirm),
        Item(Phase.AFTER, DOCUMENTS, *_ticked(DOCUMENTS, walked, ticks)),
    )


def _by_step(plan: Plan, walked: Walked | None, phase: Phase, key: str, kind: type[Step]) -> Iterator[Item]:
    """Give a line that a step fills in; none where the plan has no such step."""
    title = next((step.title for step in plan.steps if isinstance(step, kind)), None)
    if title is None:
        return
    if _passed(plan, walked, kind):
        yield Item(phase, key, Mark.DONE, say("checklist.step-done", step=title))
    elif walked is not None and walked.run.heading is Heading.BACK:
        yield Item(phase, key, Mark.OPEN, say("checklist.went-back"))
    else:
        yield Item(phase, key, Mark.OPEN, say("checklist.step-to-come", step=title))


def _passed(plan: Plan, walked: Walked | None, kind: type[Step]) -> bool:
    """Say whether a run has done every step of this kind."""
    return all(at < _cursor(plan, walked) for at, step in enumerate(plan.steps) if isinstance(step, kind))


def _cursor(plan: Plan, walked: Walked | None) -> int:
    """Give how many steps of the way forward are done. A run on its way back has undone what it did."""
    if walked is None or walked.run.heading is Heading.BACK:
        return 0
    return len(plan.steps) if walked.run.state is State.COMPLETED else walked.run.cursor


def _ticked(key: str, walked: Walked | None, ticks: Mapping[str, Tick]) -> tuple[Mark, Message]:
    """Say whether a person has ticked a line; of one ticked after the run's end also that: the run itself is as it was."""
    tick = ticks.get(key)
    if tick is None:
        return Mark.PERSON, say("checklist.to-tick", item=key)
    told: dict[str, Value] = {"by": tick.by, "at": tick.at, "note": tick.note or None}
    if walked is not None and walked.run.ended and tick.at > (end := instant(walked.run.updated_at)):
        return Mark.DONE, say("checklist.ticked-after", end=end, **told)
    return Mark.DONE, say("checklist.ticked", **told)
