"""Other answers of the new side turn a run back while that helps; nothing else of answer parity does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.compare import Difference
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.findings import Waiver
from migrator.domain.messages.message import say
from migrator.domain.model.answers import Concern, Question
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import TurnBack
from migrator.domain.model.spec import Approval
from migrator.domain.steps import Gate
from migrator.domain.turn.answers import turn_back_on_answers
from tests.domain.seen import pools, seen, workload, workloads
from tests.fakes.world import SPEC

OTHER = Difference(Question("http", "shop.x"), Concern.STATUS, "", ("200",), ("404",))
DIFFERS = AnswerParity(1.0, 2.0, 6, 1, (OTHER,))
STEP = Gate(say("gate.approved-by-plan"), Approval.AUTO)


def test_a_difference_turns_back_while_the_new_side_has_weight() -> None:
    decision = turn_back_on_answers(SPEC, STEP, seen(pools(50, 50), DIFFERS))

    assert isinstance(decision, TurnBack)
    assert [finding.code for finding in decision.findings] == ["answers.different"]


@pytest.mark.parametrize(
    "facets",
    [
        pytest.param((pools(100, 0), DIFFERS), id="no weight on the new side"),
        pytest.param((pools(50, 50), DIFFERS, workloads(old=workload(Side.OLD, uid=""))), id="no old side"),
        pytest.param((pools(50, 50), AnswerParity()), id="nothing compared"),
        pytest.param((pools(50, 50), replace(DIFFERS, differences=(), silent=(Side.NEW,))), id="a silent side"),
        pytest.param(
            (pools(50, 50), replace(DIFFERS, differences=(), unproved=("http://a.x",))), id="an unproved host"
        ),
    ],
)
def test_everything_else_turns_nothing_back(facets: tuple[object, ...]) -> None:
    assert turn_back_on_answers(SPEC, STEP, seen(*facets)) is None


def test_a_waived_difference_turns_nothing_back() -> None:
    spec = replace(SPEC, waivers=(Waiver("answers.different", "known"),))

    assert turn_back_on_answers(spec, STEP, seen(pools(50, 50), DIFFERS)) is None
