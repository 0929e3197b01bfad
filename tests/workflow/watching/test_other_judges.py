"""Asking a judge of the plan's own: what it said, or that it said nothing, is in the verdict at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec import JudgeSpec, OtherSpec, ScrapeSpec
from migrator.domain.observation.sighting import Judgement
from migrator.domain.ports.rates import JudgeAnswer, JudgeQuestion
from migrator.workflow.watching.board import Board
from migrator.workflow.watching.history import History
from migrator.workflow.watching.opinions.others import AskingJudge
from migrator.workflow.watching.watch import Watched, judges
from tests.fakes.clock import FakeClock
from tests.fakes.world import SPEC, FakeWorld

SLO = OtherSpec("slo", "https://a.example/")
JUDGE = JudgeSpec(scrape=ScrapeSpec(), others=(SLO,))


class Bench:
    """Judges that answer as they are told, one answer after the other."""

    def __init__(self, *answers: JudgeAnswer | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[dict[Side, tuple[PodRef, ...]]] = []

    def ask(self, judge: OtherSpec, question: JudgeQuestion) -> JudgeAnswer:
        """Answer."""
        self.asked.append(dict(question.pods))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("answer", "ruling"),
    [
        pytest.param(JudgeAnswer(Ruling.PASS), Ruling.PASS, id="a pass"),
        pytest.param(JudgeAnswer(Ruling.HOLD, "burn rate"), Ruling.HOLD, id="a hold"),
        pytest.param(Unreachable(say("judge.other-unreadable")), Ruling.HOLD, id="silence"),
        pytest.param(RuntimeError("broken"), Ruling.HOLD, id="a defect"),
    ],
)
def test_what_a_judge_says_is_published(answer: JudgeAnswer | Exception, ruling: Ruling) -> None:
    board, clock = Board(), FakeClock()
    AskingJudge(SLO, bench := Bench(answer), History(JUDGE), board, clock)()

    (found,) = [facet for facet in board.facets() if isinstance(facet, Judgement)]
    assert found.verdict is not None
    assert [(each.name, each.ruling) for each in found.verdict.named] == [("slo", ruling)]
    assert set(bench.asked[0]) == set(Side)


def test_each_judge_of_the_plan_is_asked_at_its_own_pace() -> None:
    world, spec = FakeWorld(), replace(SPEC, judge=JUDGE)
    readers = replace(world.readers, judges=Bench())

    def loops(found: object) -> int:
        watched = Watched(spec, found, Board(), world.clock, tuple)  # type: ignore[arg-type]  # readers of the fake
        return len(judges(watched, History(JUDGE)))

    assert (loops(readers), loops(world.readers)) == (1, 0)
