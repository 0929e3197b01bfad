"""A turn waits for a system only so long, and pays for the same silence once."""

from __future__ import annotations

from threading import Event
from time import monotonic

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say, verbatim
from migrator.workflow import questions as asking
from migrator.workflow.questions import Asked

LATE = say("look.cluster-late")


def test_an_answer_in_time_is_given_and_asked_for_anew_the_next_time() -> None:
    questions, numbers = Asked(), iter((1, 2))
    said = []
    for _ in range(2):
        questions.begin("pods", lambda: next(numbers))
        said.append(questions.answer("pods", 5.0, LATE))

    assert said == [1, 2]


def test_what_a_question_meets_is_raised_where_the_answer_is_wanted() -> None:
    def refused() -> None:
        raise Refused(verbatim("401"))

    questions = Asked()
    questions.begin("pods", refused)

    with pytest.raises(Refused, match="401"):
        questions.answer("pods", 5.0, LATE)


def test_a_system_without_a_thread_left_is_met_where_the_answer_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoThread:
        def __init__(self, **_how: object) -> None: ...

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(asking, "Thread", NoThread)
    questions = Asked()
    questions.begin("pods", lambda: 1)

    with pytest.raises(RuntimeError):
        questions.answer("pods", 5.0, LATE)


def test_who_is_late_is_waited_for_once_and_its_answer_is_taken_by_a_later_turn() -> None:
    questions, answers = Asked(), Event()
    questions.begin("pods", lambda: answers.wait(30.0))
    with pytest.raises(Unreachable, match="cluster-late"):
        questions.answer("pods", 0.05, LATE)
    began = monotonic()
    questions.begin("pods", lambda: pytest.fail("it is being asked already"))
    with pytest.raises(Unreachable):
        questions.answer("pods", 30.0, LATE)
    waited = monotonic() - began
    answers.set()
    until = monotonic() + 10.0
    found = None
    while found is None and monotonic() < until:
        try:
            found = questions.answer("pods", 5.0, LATE)
        except Unreachable:
            continue

    assert waited < 5.0
    assert found is True


def test_other_things_of_the_same_kind_are_asked_for_beside_what_is_still_open() -> None:
    questions, never = Asked(), Event()
    questions.begin("objects", lambda: never.wait(30.0), of="a")
    questions.begin("objects", lambda: "b", of="b")

    assert questions.answer("objects", 5.0, LATE) == "b"
    never.set()


def test_an_answer_from_before_a_write_is_never_taken() -> None:
    questions, answers = Asked(), Event()
    questions.begin("weights", lambda: answers.wait(30.0) and "before")
    questions.forget()
    answers.set()
    questions.begin("weights", lambda: "after")

    assert questions.answer("weights", 5.0, LATE) == "after"
