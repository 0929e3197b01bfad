"""Asking a webhook: only what the driver wishes to know, until it has said yes, and counted from the first time."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.spec import Before
from migrator.domain.observation.gating import GateQuestion, Heard
from migrator.domain.ports.gating import GateAnswer
from migrator.workflow.gating.asking import AskingGate
from migrator.workflow.watching.board import Board
from tests.fakes.clock import FakeClock

FIRST, SECOND = (GateQuestion(name, 7, "edge", "edge", Before.SHARES, 50.0) for name in ("a", "b"))


class Desk:
    """A gate that gives its answers one after the other."""

    def __init__(self, *answers: GateAnswer | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def ask(self, question: GateQuestion) -> GateAnswer:
        """Give the next answer."""
        self.asked.append(question.id)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def heard(board: Board) -> list[Heard]:
    return [facet for facet in board.facets() if isinstance(facet, Heard)]


def test_it_asks_until_there_is_a_yes_and_then_only_the_next_question() -> None:
    board, clock = Board(), FakeClock()
    desk = Desk(
        Unreachable(say("hook.status", status=500)), GateAnswer(False, "not now"), GateAnswer(True), GateAnswer(True)
    )
    asking, told = AskingGate(desk, board, clock), list[tuple[bool | None, float]]()
    asking()
    assert (desk.asked, heard(board)) == ([], [])

    began = clock.monotonic()
    for question in (FIRST, FIRST, FIRST, FIRST, SECOND):
        board.wish = replace(board.wish, gate=question)
        asking()
        told += [(each.allowed, each.since - began) for each in heard(board)]
        clock.sleep(3.0)

    assert desk.asked == ["a", "a", "a", "b"]
    assert [allowed for allowed, _ in told] == [None, False, True, True, True]
    assert [since for _, since in told[:4]] == [0.0] * 4
    assert told[4][1] > 0


def test_a_question_that_breaks_has_no_answer_and_is_asked_again() -> None:
    board = Board()
    board.wish = replace(board.wish, gate=FIRST)
    asking = AskingGate(Desk(KeyError("a secret"), GateAnswer(True)), board, FakeClock())

    asking()
    (broken,) = heard(board)
    asking()

    assert (broken.allowed, broken.why) == (None, say("hook.silent", error="KeyError"))
    assert heard(board)[0].allowed
