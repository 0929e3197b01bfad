"""The first rule of a turn: what people ask of a run, oldest first. A wish that a later one takes back is only answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, assert_never

from migrator.domain.messages.findings import info
from migrator.domain.messages.message import code_of, say
from migrator.domain.model.actions import DeleteObject
from migrator.domain.model.decisions import Decision, Obey, TurnBack
from migrator.domain.model.runs import Heading, Move, Request, RequestKind, State
from migrator.domain.model.spec import Approver, Spec
from migrator.domain.observation.sighting import JournalFacts, Requests, RunPosition, Sighting, Workloads
from migrator.domain.sides.way_back import lowered_bar
from migrator.domain.turn.live import refused, understood

if TYPE_CHECKING:
    from migrator.domain.steps import Step
    from migrator.domain.turn.rules import Rule

RESTING = (State.PAUSED, State.HALTED)
Answer: TypeAlias = Callable[[Request, Sighting], Decision | None]
"""What a journey answers to the request to roll back; None: the answer has to wait."""


def obeying(rollback: Answer) -> Rule:
    """Give the rule that carries out the oldest request; one that means nothing in this state is answered with why.

    `rollback` is what the journey answers to that request. A pause with a resume behind it was taken back before anybody
    carried it out: the later request wins. A rollback never is taken back.
    """

    def obey(spec: Spec, step: Step, seen: Sighting) -> Decision | None:
        pending = seen[Requests].pending
        if not pending:
            return None
        request, resting = pending[0], seen[RunPosition].state in RESTING
        match request.kind:
            case RequestKind.ROLLBACK:
                return rollback(request, seen)
            case RequestKind.PAUSE:
                return _pause(pending, resting)
            case RequestKind.RESUME:
                return Obey(request, Move.RESUME) if resting else Obey(request, None, say("answer.nothing-to-resume"))
            case RequestKind.APPROVE:
                return _answer(request, seen[RunPosition], spec)
            case RequestKind.SET:
                return _set(request, spec, seen[RunPosition])
            case _:
                assert_never(request.kind)

    return obey


def _pause(pending: tuple[Request, ...], resting: bool) -> Obey:
    if any(later.kind is RequestKind.RESUME for later in pending[1:]):
        return Obey(pending[0], None, say("answer.resumed-since"))
    return Obey(pending[0], None, say("answer.paused-already")) if resting else Obey(pending[0], Move.PAUSE)


def _answer(request: Request, now: RunPosition, spec: Spec) -> Obey:
    """Take a yes for the question that is open, unless it was given to another one."""
    if now.state is not State.WAITING:
        return Obey(request, None, say("answer.nothing-asked"))
    if request.question and request.question != code_of(now.why):
        return Obey(request, None, say("answer.other-question"))
    if not may_approve(spec, request.by, now.starter):
        return Obey(request, None, say("answer.same-person", starter=now.starter))
    return Obey(request, Move.ANSWER, bar=lowered_bar(now.why))


def may_approve(spec: Spec, by: str, starter: str) -> bool:
    """Say whether a yes of this person (`user@host`) counts; the same name on another host is the same person."""
    wants_another = spec.gates.approver is Approver.OTHER
    return not wants_another or not starter or by.partition("@")[0] != starter.partition("@")[0]


def _set(request: Request, spec: Spec, now: RunPosition) -> Obey:
    """Set a value that the plan lists for that; on the way back there is nothing to set."""
    if now.heading is Heading.BACK:
        return Obey(request, None, say("answer.on-the-way-back"))
    why, meant = refused(spec, request.note), understood(request.note)
    return Obey(request, None, why or say("answer.set", what=request.note), live=None if why else meant)


def turn_back_when_asked(request: Request, seen: Sighting) -> Decision | None:
    """Turn back, unless there is nothing left to go back to.

    While the old workload's deletion is neither seen nor known to have failed, the answer has to wait for that.
    """
    if not seen[Workloads].old.exists:
        return Obey(request, None, say("answer.old-gone"))
    if is_doomed(seen):
        return None
    asked = info("rollback.asked", "run", by=request.by, note=request.note)
    return TurnBack((asked,), request)


def already_on_the_way_back(request: Request, seen: Sighting) -> Decision | None:
    """Answer that the run has turned back already."""
    return Obey(request, None, say("answer.on-the-way-back"))


def no_way_back(request: Request, seen: Sighting) -> Decision | None:
    """Answer that there is no other side to go to."""
    return Obey(request, None, say("answer.no-way-back"))


def is_doomed(seen: Sighting) -> bool:
    """Say whether the old workload's deletion was asked for and nobody knows yet what became of it."""
    write, uid = seen[JournalFacts].open, seen[Workloads].old.uid
    return write is not None and isinstance(write.action, DeleteObject) and write.action.uid == uid
