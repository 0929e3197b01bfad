"""What each decision means for the run's row and journal. Writes of the world are not made here, only written down."""

from __future__ import annotations

from typing import assert_never

from migrator.domain.messages.findings import Finding, told_of
from migrator.domain.messages.message import Message, code_of, say
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
from migrator.domain.model.runs import Heading, Move, Run
from migrator.domain.planning.homeward import back
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.memory import Journal
from migrator.domain.steps import Step
from migrator.workflow.lifecycle.machine import moved


def record(plan: Plan, run: Run, route: tuple[Step, ...], decision: Decision, journal: Journal) -> Run:
    """Write the decision down and give the run as it is then."""
    match decision:
        case Settle(entry):
            journal.settle(entry)
        case Fail(entry, why):
            journal.fail(entry, why)
        case Obey():
            return _obey(run, route, decision, journal)
        case Grant(question, by):
            journal.approve(route[run.cursor].title, by, question=question)
        case Do() | Wait():
            pass
        case _:
            return _move(plan, run, route, decision, journal)
    return run


def _move(
    plan: Plan, run: Run, route: tuple[Step, ...], decision: Ask | Withdraw | Done | Halt | TurnBack, journal: Journal
) -> Run:
    match decision:
        case Ask(question):
            journal.ask(question)
            return journal.move(run, state=moved(run.state, run.heading, Move.ASK)[0], why=question)
        case Withdraw(note):
            return journal.move(run, state=moved(run.state, run.heading, Move.ANSWER)[0], note=note)
        case Done(note):
            return _advance(run, route, note, journal)
        case Halt(findings):
            state, _ = moved(run.state, run.heading, Move.HALT)
            return journal.move(run, state=state, why=told_of(findings), note=_evidence(findings))
        case TurnBack(findings, request, worst):
            state, heading = moved(run.state, run.heading, Move.TURN_BACK)
            # The person's own reason is part of the finding: it is shown wherever the run's is.
            why = say("run.turns-back", why=tuple(f.problem for f in findings))
            home = back(plan, route[run.cursor], worst)
            evidence = _evidence(findings)
            run = journal.move(run, state=state, heading=heading, cursor=0, why=why, note=evidence, route=home)
            if request is not None:
                journal.obeyed(request.id, say("answer.turns-back"))
            return run
        case _:
            assert_never(decision)


def _evidence(findings: tuple[Finding, ...]) -> Message:
    return say("evidence", of=tuple(finding.evidence for finding in findings))


def _advance(run: Run, route: tuple[Step, ...], note: Message | None, journal: Journal) -> Run:
    why = run.why if run.heading is Heading.BACK else None  # why it turned back is worth knowing to the end
    if run.cursor + 1 < len(route):
        return journal.move(run, state=run.state, cursor=run.cursor + 1, why=why, note=note)
    end = Move.COMPLETE if run.heading is Heading.FORWARD else Move.RETURN
    return journal.move(run, state=moved(run.state, run.heading, end)[0], note=note, why=why)


def _obey(run: Run, route: tuple[Step, ...], decision: Obey, journal: Journal) -> Run:
    request = decision.request
    if decision.move is Move.ANSWER:
        step = route[run.cursor]
        journal.approve(step.title, request.by, step.cuts, decision.bar, code_of(run.why))
    if decision.live is not None:
        journal.put(*decision.live, request.by)
    if decision.move is not None:
        state, _ = moved(run.state, run.heading, decision.move)
        asked = say("request.by", request=request.kind, by=request.by, note=request.note)
        if run.heading is Heading.BACK:  # why it turned back is worth knowing to the end
            run = journal.move(run, state=state, why=run.why, note=asked)
        else:
            run = journal.move(run, state=state, why=None if decision.move is Move.ANSWER else asked)
    journal.obeyed(request.id, decision.note or say("answer.done"))
    return run
