"""A restart of the DaemonSet, node by node, on a fake world and a real store: there, back, and killed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.trial import Place
from migrator.domain.model.answers import AnswersSpec, Question
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, RequestKind, State
from tests.fakes.answers import OK
from tests.fakes.harness import Killed
from tests.fakes.restarted import SHORT, Restart

Make = Callable[..., Restart]


@pytest.fixture
def restart(memory: Path) -> Make:
    return lambda *args, **more: Restart(memory, *args, **more)


def test_every_node_is_taken_out_renewed_and_given_its_weight_back(restart: Make) -> None:
    r = restart()
    former = r.revisions()

    run = r.process()

    assert run.state is State.COMPLETED, (run.why, r.words()[-5:])
    assert r.revisions() == {r.wanted} != former
    assert r.weights() == r.before
    assert len(r.restarted.ended) == 3
    assert not r.restarted.harm
    assert not r.world.balancer.harm
    assert r.strategy == "RollingUpdate"


def test_a_revision_that_is_worse_is_turned_back_from_and_the_former_one_is_everywhere_again(restart: Make) -> None:
    r = restart()
    former = r.revisions()
    r.restarted.worse = 0.3

    run = r.process()

    assert (run.state, run.heading) == (State.ROLLED_BACK, Heading.BACK), (run.why, r.words()[-5:])
    assert "judge.abort" in str(run.why)
    assert r.revisions() == former
    assert r.weights() == r.before
    assert not r.restarted.harm
    assert r.strategy == "RollingUpdate"


@pytest.mark.parametrize("most", [19, 30])
def test_a_restart_that_is_killed_again_and_again_gets_there_all_the_same(restart: Make, most: int) -> None:
    r = restart()

    for life in range(400):
        try:
            run = r.process(dies_after=most + life % 3)
            break
        except Killed:
            continue

    assert run.state is State.COMPLETED
    assert r.revisions() == {r.wanted}
    assert r.weights() == r.before
    assert (len(r.restarted.ended), r.restarted.harm, r.world.balancer.harm) == (3, [], [])


ASKING = replace(SHORT, answers=AnswersSpec(questions=(Question("http", "shop.x", "/cart", port=80),), rate=100.0))


def test_a_revision_that_answers_otherwise_gets_no_weight_and_is_turned_back_from(restart: Make) -> None:
    r = restart(spec=ASKING)
    former = r.revisions()
    r.world.answers.says = lambda _question, place: OK if place.side is Side.OLD else Answer(404, body="n0t")

    run = r.process()

    assert run.state is State.ROLLED_BACK, (run.why, r.words()[-5:])
    assert "answers." in str(run.why)
    assert r.revisions() == former
    assert len(r.restarted.ended) == 2
    assert not r.restarted.harm


def test_both_revisions_are_asked_the_same_questions_while_there_are_both(restart: Make) -> None:
    r = restart(spec=ASKING)
    asked: set[Side] = set()

    def says(_question: Question, place: Place) -> Answer:
        asked.add(place.side)
        return OK

    r.world.answers.says = says
    run = r.process()

    assert run.state is State.COMPLETED, (run.why, r.words()[-5:])
    assert asked == {Side.OLD, Side.NEW}
    assert r.weights() == r.before


def test_a_person_can_send_it_back_at_any_node(restart: Make) -> None:
    r = restart()
    former = r.revisions()
    r.process(leaves=lambda progress: len(r.restarted.ended) == 2)
    r.ask(RequestKind.ROLLBACK)

    run = r.process()

    assert run.state is State.ROLLED_BACK, (run.why, r.words()[-5:])
    assert r.revisions() == former
    assert r.weights() == r.before
    assert not r.restarted.harm
