"""Gateways that are not Ready: one loses its weight after the plan's patience, few at a time, none when many are so at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.model.actions import Deregister, Register, Tell, Word
from migrator.domain.model.balancer import Backend
from migrator.domain.model.decisions import Do
from migrator.domain.model.spec import FollowSpec
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.steps.following.patience import MOST_AT_ONCE
from tests.domain.seen import at
from tests.domain.stage import LONG_AGO, PORT, WEIGHT, Stage, kinds, pooled, said, spot, three

FAULT = "follow.cluster-fault"
USUAL = FollowSpec()


def many(count: int, *unready: int, well: bool = True, policy: FollowSpec = USUAL) -> Stage:
    """Give so many nodes that serve, of which these are not Ready; the balancer finds them `well`."""
    spots = [spot(number, ready=number not in unready) for number in range(1, count + 1)]
    stage = Stage(spots, policy=policy, finds_well=frozenset(unready if well else ()))
    for number in range(1, count + 1):
        stage.stand(number)
    return stage


def zeroed(stage: Stage) -> list[int]:
    return [each.number for each in stage.spots if stage.at(each.number) == [0]]


@pytest.mark.parametrize(
    ("ago", "well", "goes"),
    [
        pytest.param(29.0, True, False, id="for 29 s, and the balancer calls it healthy"),
        pytest.param(30.0, True, True, id="for 30 s, though the balancer calls it healthy"),
        pytest.param(1.0, False, True, id="for a second, and the balancer has lost it too"),
    ],
)
def test_a_gateway_that_is_not_ready_loses_its_weight_after_the_plans_patience(
    ago: float, well: bool, goes: bool
) -> None:
    stage = many(3, well=well)
    stage.change(2, ready=False, unready_since=at(100 - ago))
    stage.finds_well = frozenset({2} if well else ())

    decision = stage.decide()

    assert isinstance(decision, Do) is goes
    assert not goes or (stage.turn() and zeroed(stage) == [2])


def test_time_in_which_nobody_could_be_asked_is_no_part_of_the_patience() -> None:
    stage = many(3)
    stage.change(2, ready=False, unready_since=at(0))
    stage.finds_well = frozenset({2})
    blind = replace(stage.seen()[JournalFacts], unseen=((at(0), at(90)),))

    assert isinstance(stage.decide(), Do)
    assert not isinstance(stage.step.decide(Sighting(*stage.seen()._facets.values(), blind)), Do)


def test_a_silent_kubelet_is_as_old_as_the_clusters_word_of_it() -> None:
    stage = many(3)
    stage.change(2, ready=False, node_ready=False, changed_at=LONG_AGO, unready_since=None)
    stage.finds_well = frozenset({2})

    stage.turn()

    assert zeroed(stage) == [2]


@pytest.mark.parametrize(
    ("count", "unready", "part", "gone"),
    [
        pytest.param(10, 2, 0.1, 1, id="10 %: one of ten"),
        pytest.param(10, 3, 0.2, 2, id="20 %: two of ten"),
        pytest.param(3, 1, 0.0, 1, id="one may always"),
        pytest.param(10, 3, 1.0, 3, id="everything: all of them"),
    ],
)
def test_no_more_of_the_weight_is_lost_at_a_time_than_the_plan_says(
    count: int, unready: int, part: float, gone: int
) -> None:
    stage = many(count, *range(1, unready + 1), policy=FollowSpec(max_zeroed=part))

    stage.settle()

    assert zeroed(stage) == list(range(1, gone + 1))
    assert ("node.waits-its-turn" in said(stage)) is (gone < unready)
    stage.change(1)
    stage.settle()
    assert len(zeroed(stage)) == min(gone, unready - 1)


def test_what_is_lost_is_weight_and_not_nodes() -> None:
    stage = many(9, 1, 2, 3, policy=FollowSpec(max_zeroed=0.3))
    stage.stand(2, 4 * WEIGHT)

    stage.settle()

    assert zeroed(stage) == [1, 3]


def test_one_that_has_lost_a_part_of_its_weight_loses_the_rest_before_the_next() -> None:
    stage = many(9, 1, 5)
    stage.listeners = ("l-1", "l-2")
    for number in range(1, 10):
        stage.stand(number)
    half = Backend("l-2", "10.1.0.5", PORT)
    stage.rows[half], stage.meant[half] = 0, (0,)

    stage.settle()

    assert [number for number in range(1, 10) if 0 in stage.at(number)] == [5]
    assert stage.at(5) == [0, 0]


@pytest.mark.parametrize("unready", [(1, 2, 3), (1, 2, 3, 4, 5, 6)], ids=["half", "all"])
@pytest.mark.parametrize("well", [True, False], ids=["the balancer calls them healthy", "the balancer has lost them"])
def test_many_that_are_not_ready_at_once_keep_their_weight_and_it_is_said(unready: tuple[int, ...], well: bool) -> None:
    stage = many(6, *unready, well=well)

    stage.settle()

    assert stage.done == []
    assert f"{FAULT} gateways={len(unready)} of=6" in said(stage)


def test_a_third_is_no_fault_of_the_cluster() -> None:
    stage = many(6, 1, 2)

    stage.settle()

    assert zeroed(stage) == [1]
    assert FAULT not in said(stage)


def test_pods_that_nobody_shows_while_the_balancer_finds_their_gateways_well_are_a_fault_of_the_cluster() -> None:
    stage = three()
    for number in (1, 2):
        stage.change(number, podless=True)
    stage.finds_well = frozenset({1, 2})

    stage.settle()

    assert stage.done == []
    assert FAULT in said(stage)


def test_one_pod_that_nobody_shows_loses_its_weight_at_once() -> None:
    stage = three()
    stage.change(2, podless=True)
    stage.finds_well = frozenset({2})

    stage.turn()

    assert zeroed(stage) == [2]


def test_half_of_the_gateways_ending_is_a_firm_word_and_no_fault() -> None:
    stage = many(6)
    for number in (1, 2, 3):
        stage.change(number, terminating=True)

    stage.settle()

    assert zeroed(stage) == [1, 2, 3]
    assert FAULT not in said(stage)


def test_out_of_a_pool_goes_a_gateway_that_ends_and_back_comes_the_next_one() -> None:
    stage = three(capabilities=pooled())
    stage.change(2, terminating=True)
    stage.settle()
    gone = stage.at(2)
    stage.change(2, word=Word.STAY)

    stage.settle()

    assert gone == []
    assert stage.at(2) == [WEIGHT]
    assert kinds(stage) == ["Deregister", "Tell", "Register"]
    moves = [each for each in stage.done if not isinstance(each, Tell)]
    assert all(isinstance(each, Deregister | Register) and each.standing for each in moves)


@settings(max_examples=20, deadline=None)
@given(
    count=st.integers(1, 9),
    among=st.frozensets(st.integers(1, 9)),
    well=st.booleans(),
    part=st.sampled_from([0.0, 0.1, 0.25, 1.0]),
    recovers=st.frozensets(st.integers(1, 9)),
)
def test_whoever_is_not_ready_no_more_is_lost_than_the_plan_allows(
    count: int, among: frozenset[int], well: bool, part: float, recovers: frozenset[int]
) -> None:
    unready = {number for number in among if number <= count}
    stage = many(count, *unready, well=well, policy=FollowSpec(max_zeroed=part))
    most = max(1, int(part * count)) if len(unready) * MOST_AT_ONCE <= count else 0
    for _ in range(12):
        stage.turn()
        assert len(zeroed(stage)) <= most
    for number in recovers & unready:
        stage.change(number)
    most = max(1, int(part * count)) if len(unready - recovers) * MOST_AT_ONCE <= count else most
    for _ in range(12):
        stage.turn()
        assert len(zeroed(stage)) <= most
