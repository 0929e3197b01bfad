"""What a follower says to the clients of a gateway whose pod others end: nobody drains it before it goes but the follower."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import Deregister, SetWeights, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting
from tests.domain.seen import at
from tests.domain.stage import GOES, Stage, kinds, pooled, spot, three


def told(stage: Stage) -> list[tuple[str, Word]]:
    return [(pod.name, each.word) for each in stage.done if isinstance(each, Tell) for pod in each.pods]


def test_the_clients_of_a_pod_that_ends_are_told_to_go_once_its_weight_is_0() -> None:
    stage = three()
    stage.change(2, terminating=True, connections=2)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Tell"]
    assert told(stage) == [("gw-2", Word.GO)]
    assert stage.at(2) == [0]


def test_so_are_those_of_a_pod_that_ends_on_a_node_that_leaves() -> None:
    stage = three()
    stage.change(2, terminating=True, leaving=GOES)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Tell", "Deregister"]
    assert stage.at(2) == []


def test_the_last_one_that_serves_is_not_told_to_go_though_its_pod_ends() -> None:
    stage = three(finds_well=frozenset({1, 2, 3}))
    for number in (1, 2, 3):
        stage.change(number, terminating=True)

    stage.settle()

    [last] = [number for number in (1, 2, 3) if stage.at(number) != [0]]
    assert len(told(stage)) == 2
    assert f"gw-{last}" not in dict(told(stage))


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        pytest.param({"word": Word.GO}, {}, id="it drains already"),
        pytest.param({"word": None}, {}, id="nobody could ask it"),
        pytest.param({}, {"tells": False}, id="its kind cannot be told"),
    ],
)
def test_it_is_not_told_where(changes: dict[str, object], more: dict[str, object]) -> None:
    stage = three(**more)
    stage.change(2, terminating=True, **changes)

    stage.settle()

    assert kinds(stage) == ["SetWeights"]


def test_a_gateway_that_is_not_ready_rests_and_is_not_told() -> None:
    stage = three()
    stage.change(2, ready=False)

    stage.settle()

    assert kinds(stage) == ["SetWeights"]


def test_in_a_pool_it_leaves_the_pool_first() -> None:
    stage = three(capabilities=pooled())
    stage.change(2, terminating=True)

    stage.settle()

    assert [type(each) for each in stage.done] == [Deregister, Tell]


def test_it_is_watched_from_the_moment_in_which_its_end_is_seen() -> None:
    stage = three()
    stage.change(2, terminating=True)

    assert [pod.name for pod in stage.step.attends(stage.seen()).pods] == ["gw-2"]


@pytest.mark.parametrize(("counted", "tells"), [(1098.0, False), (1099.5, True)])
def test_it_is_told_again_only_by_what_it_said_after_the_last_write(counted: float, tells: bool) -> None:
    stage = three()
    stage.change(2, terminating=True)
    stage.turn()
    stage.now = 100.0
    seen = stage.seen()
    later = replace(seen[JournalFacts], settled_at=at(99))
    clocks = Clocks(at(100), 2 * 1100.0 - counted)  # the count is as old as `counted` was before now

    decision = stage.step.decide(Sighting(*seen._facets.values(), later, clocks))

    assert isinstance(getattr(decision, "action", None), Tell) is tells


def test_one_that_comes_to_its_node_afterwards_is_another_and_serves() -> None:
    stage = Stage([spot(1), spot(2)])
    stage.stand(1)
    stage.stand(2)
    stage.change(2, terminating=True)
    stage.settle()
    stage.change(2, word=Word.STAY)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Tell", "SetWeights"]
    assert isinstance(stage.done[-1], SetWeights)
    assert isinstance(stage.done[1], Tell)
    assert stage.done[1].side is Side.NEW
