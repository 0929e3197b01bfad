"""A question that nobody answers, and a yes of the one who began the run, by what the plan says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import DeleteObject
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Decision, Obey, TurnBack, Wait
from migrator.domain.model.runs import Heading, Move, Request, RequestKind, State
from migrator.domain.model.spec import Approver, GatesSpec, OnExpiry, Spec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.gating import Ahead
from migrator.domain.observation.sighting import JournalFacts, Requests, RunPosition, Sighting
from migrator.domain.turn.decide import decide
from migrator.domain.turn.expiry import unanswered
from migrator.domain.turn.journeys import FORWARD, journey_of
from tests.domain.chain import ALIVE, SHIFT
from tests.domain.seen import OLD_REF, START, at, meant, opened, pools, seen, workload, workloads
from tests.fakes.world import SPEC

HELD = say("gate.hold", share=10.0, next=say("step.keep"))
AFTER_HOLD = Ahead(after=10.0)


def gated(on_expiry: OnExpiry = OnExpiry.ROLLBACK, **gates: object) -> Spec:
    return replace(SPEC, gates=GatesSpec(hold=(10.0,), expires=60.0, on_expiry=on_expiry, **gates))  # type: ignore[arg-type]


def asking(
    since: float, state: State = State.WAITING, heading: Heading = Heading.FORWARD, starter: str = ""
) -> RunPosition:
    return RunPosition(state, heading, say("step.keep"), HELD, since=at(since), starter=starter)


def decided(spec: Spec, sighting: Sighting) -> Decision:
    return decide(journey_of(FORWARD.name, sighting[RunPosition].heading), spec, SHIFT, sighting)


def test_a_question_that_nobody_answers_in_time_sends_the_run_back_where_the_plan_wants_that() -> None:
    found = decided(gated(), seen(AFTER_HOLD, asking(40.0)))

    assert isinstance(found, TurnBack)
    assert [(finding.code, finding["after"]) for finding in found.findings] == [("ask.expired", 60.0)]


@pytest.mark.parametrize(
    ("spec", "since"),
    [
        pytest.param(gated(), 41.0, id="not yet"),
        pytest.param(gated(OnExpiry.HOLD), 40.0, id="where the plan goes on waiting"),
        pytest.param(replace(SPEC, gates=GatesSpec(hold=(10.0,))), 0.0, id="where no question expires"),
    ],
)
def test_a_question_waits_on_otherwise(spec: Spec, since: float) -> None:
    assert isinstance(decided(spec, seen(AFTER_HOLD, asking(since))), Wait)


def test_a_question_that_is_expired_and_waits_on_is_told() -> None:
    spec = gated(OnExpiry.HOLD)

    assert [said.code for said in unanswered(spec, seen(asking(40.0)))] == ["ask.unanswered"]
    assert unanswered(spec, seen(asking(41.0))) == ()


@pytest.mark.parametrize("state", [state for state in ALIVE if state is not State.WAITING])
def test_only_a_run_that_waits_for_an_answer_has_an_expired_question(state: State) -> None:
    assert not isinstance(decided(gated(), seen(asking(0.0, state))), TurnBack)


@pytest.mark.parametrize("state", ALIVE)
def test_no_question_expires_on_the_way_back(state: State) -> None:
    assert unanswered(gated(), seen(asking(0.0, state, Heading.BACK))) == ()


def test_no_question_is_expired_of_which_nobody_knows_since_when_it_waits() -> None:
    assert unanswered(gated(), seen(RunPosition(State.WAITING, Heading.FORWARD, say("step.keep"), HELD))) == ()


@pytest.mark.parametrize(
    "facets",
    [
        pytest.param((workloads(old=Workload(OLD_REF)),), id="it has gone"),
        pytest.param(
            (
                workloads(old=workload(Side.OLD, uid="u")),
                JournalFacts(weights=meant(pools()), entered_at=at(0), open=opened(DeleteObject(OLD_REF, "u"))),
            ),
            id="it is going",
        ),
    ],
)
def test_an_expired_question_sends_nobody_to_an_old_side_that_is_no_more(facets: tuple[object, ...]) -> None:
    assert not isinstance(decided(gated(), seen(AFTER_HOLD, asking(0.0), *facets)), TurnBack)


@pytest.mark.parametrize(
    ("approver", "by", "starter", "move"),
    [
        (Approver.OTHER, "ann@laptop", "ann@ops", None),
        (Approver.OTHER, "ben@ops", "ann@ops", Move.ANSWER),
        (Approver.OTHER, "ann@ops", "", Move.ANSWER),
        (Approver.ANYONE, "ann@ops", "ann@ops", Move.ANSWER),
    ],
)
def test_a_yes_counts_from_whom_the_plan_wants_it(approver: Approver, by: str, starter: str, move: Move | None) -> None:
    asked = Requests((Request(1, RequestKind.APPROVE, by, START, question="gate.hold"),))

    found = decided(gated(approver=approver), seen(AFTER_HOLD, asking(99.0, starter=starter), asked))

    assert isinstance(found, Obey)
    assert (found.move, found.note and found.note.code) == (move, None if move else "answer.same-person")


def test_a_yes_comes_before_the_end_of_the_question() -> None:
    asked = Requests((Request(1, RequestKind.APPROVE, "ben@ops", START, question="gate.hold"),))

    assert isinstance(decided(gated(), seen(AFTER_HOLD, asking(0.0), asked)), Obey)
