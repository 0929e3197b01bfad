"""The rules at the two ends of a side: it is not taken apart while it may be needed, nor called back while it is going."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import DeleteObject, Word
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Ask, Decision, Do, TurnBack, Wait
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sighting import JournalFacts, Witnessed
from migrator.domain.steps import Detach, Drain, Remove, Step
from tests.domain.chain import ALIVE, HALF, PAUSED, RUNNING, WAITING, course, decided
from tests.domain.seen import NEW, NEW_REF, OLD, OLD_REF, at, counts, meant, opened, rows, seen, told, verdict
from tests.domain.turn.test_rules import asks

RESTORED = Pools((*rows(Side.OLD, OLD, 100), *rows(Side.NEW, NEW, 0)))
DETACH = Detach(Side.NEW, OnTimeout.CUT, 10.0)
REFUSED = Witnessed(tries=9, failed=4, refusals=4, last_error="reset")
LONG_AGO, JUST_NOW = at(0), at(98)


def back(
    step: Step,
    entered: object,
    *more: object,
    state: State = RUNNING,
    approved: bool = False,
    answered: tuple[str, ...] = (),
) -> Decision:
    """Decide on the way back, when the old side has its weights again."""
    past = JournalFacts(
        weights=meant(RESTORED),
        entered_at=entered,  # type: ignore[arg-type]
        approved=approved,
        answered=answered,
    )
    return decided(seen(RESTORED, past, counts(), course(state, Heading.BACK), *more), step)


@pytest.mark.parametrize("step", [DETACH, Remove((NEW_REF,))])
def test_a_person_is_asked_before_the_new_side_is_taken_apart_while_nobody_is_answered(step: Step) -> None:
    found = back(step, LONG_AGO, REFUSED)

    assert isinstance(found, Ask)
    assert found.question == say("back.ask-to-remove", refusals=4, error="reset")


def test_connections_from_before_the_step_get_a_moment_to_be_answered() -> None:
    found = back(DETACH, JUST_NOW, REFUSED)

    assert isinstance(found, Wait)
    assert found.seconds == 1.0


def test_the_question_stands_while_nobody_is_answered_and_goes_when_somebody_is() -> None:
    assert isinstance(back(DETACH, LONG_AGO, REFUSED, state=WAITING), Wait)
    assert not isinstance(back(DETACH, LONG_AGO, Witnessed(tries=9, failed=4), state=WAITING), Wait)


def test_a_yes_takes_the_new_side_apart_all_the_same() -> None:
    assert isinstance(back(DETACH, LONG_AGO, REFUSED, approved=True), Do)


def test_a_yes_to_taking_the_new_side_apart_cuts_nobody() -> None:
    """Both questions are put at the same step: who says yes to the first has not been asked the second."""
    step, live = Detach(Side.NEW, OnTimeout.HOLD, 10.0), (REFUSED, counts(new=3), told(new=Word.GO))
    found = back(step, LONG_AGO, *live, answered=("back.ask-to-remove",))

    assert isinstance(found, Ask)
    assert found.question.code == "detach.ask"
    assert isinstance(back(step, LONG_AGO, *live, answered=("back.ask-to-remove", "detach.ask")), Do)


def test_a_paused_way_back_asks_nothing() -> None:
    assert isinstance(back(DETACH, LONG_AGO, REFUSED, state=PAUSED), Wait)


def test_draining_takes_nothing_apart() -> None:
    found = back(Drain(Side.NEW, 50.0, OnTimeout.CUT), LONG_AGO, REFUSED, told())

    assert isinstance(found, Do)


GOING = JournalFacts(weights=meant(HALF), open=opened(DeleteObject(OLD_REF, "u")), entered_at=at(0))


@pytest.mark.parametrize("state", ALIVE)
def test_nothing_turns_back_while_the_old_workloads_deletion_may_still_come_true(state: State) -> None:
    bad = verdict(Ruling.ABORT)
    asked = decided(seen(HALF, GOING, course(state), asks(RequestKind.ROLLBACK)))
    judged = decided(seen(HALF, GOING, course(state), bad, REFUSED))

    assert not isinstance(asked, TurnBack)
    assert not isinstance(judged, TurnBack)


def test_another_objects_deletion_keeps_nobody_from_turning_back() -> None:
    other = JournalFacts(weights=meant(HALF), open=opened(DeleteObject(NEW_REF, "u-9")), entered_at=at(0))

    assert isinstance(decided(seen(HALF, other, course(), asks(RequestKind.ROLLBACK))), TurnBack)
