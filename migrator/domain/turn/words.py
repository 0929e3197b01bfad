"""What a turn has decided, as a message for people and for the journal. It decides nothing itself."""

from __future__ import annotations

from typing import assert_never

from migrator.domain.messages.findings import told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import (
    Ask,
    Decision,
    Do,
    Done,
    Fail,
    Grant,
    Halt,
    Obey,
    Settle,
    TurnBack,
    Wait,
    Withdraw,
)


def words(decision: Decision) -> Message:
    """Say what was decided."""
    match decision:
        case Do(_, why) | Wait(why, _) | Fail(_, why):
            return why
        case Halt(findings):
            return say("run.halts", why=told_of(findings))
        case Settle():
            return say("write.read-back")
        case _:
            return _rare(decision)


def _rare(decision: Ask | Withdraw | Grant | Done | TurnBack | Obey) -> Message:
    match decision:
        case Ask(question):
            return question
        case TurnBack(findings):
            return say("run.turns-back", why=tuple(finding.problem for finding in findings))
        case Withdraw(note):
            return note
        case Grant(_, by):
            return say("gate.opened", by=by)
        case Obey():
            return obeyed(decision)
        case Done(note):
            return note or say("step.done")
        case _:
            assert_never(decision)


def obeyed(decision: Obey) -> Message:
    """Say what became of a person's request."""
    request = decision.request
    return say("request.answered", request=request.kind, by=request.by, note=decision.note)
