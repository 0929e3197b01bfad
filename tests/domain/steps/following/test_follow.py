"""What a follower does with one node at a time: who comes, who leaves, who only looks as if, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Word
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Side, Target
from migrator.domain.model.decisions import Do, Wait
from migrator.domain.model.spec import Cordoned, FollowSpec, OnTimeout
from migrator.domain.observation.sighting import Configs, ConnectionCounts, Probes, Sighting
from tests.domain.seen import at
from tests.domain.stage import GOES, LONG_AGO, PORT, WEIGHT, Stage, four, kinds, said, spot, three

Change = Callable[[Stage], None]


def test_a_new_node_is_registered_and_then_raised() -> None:
    stage = four()

    stage.settle()

    assert kinds(stage) == ["Register", "SetWeights"]
    assert stage.at(4) == [WEIGHT]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        pytest.param({"ready": False}, "", id="not Ready"),
        pytest.param({"terminating": True}, "", id="ending"),
        pytest.param({"podless": True}, "", id="without a gateway"),
        pytest.param(
            {"well": False},
            "follow.not-ready node=n-4 why=(stored.text text=no answer)",
            id="Ready, and does not answer",
        ),
        pytest.param({"leaving": GOES}, "", id="leaving already"),
    ],
)
def test_a_node_that_is_not_fit_is_not_registered(more: dict[str, object], words: str) -> None:
    stage = four(**more)

    stage.settle()

    assert stage.done == []
    assert said(stage) == words


@pytest.mark.parametrize(
    ("changes", "comes"),
    [
        pytest.param({"ready_since": at(95)}, False, id="Ready for 5 s"),
        pytest.param({"ready_since": at(85)}, True, id="Ready for 15 s"),
        pytest.param({"last_restart": at(60)}, False, id="restarted 40 s ago"),
        pytest.param({"last_restart": at(30)}, True, id="restarted 70 s ago"),
    ],
)
def test_a_gateway_that_has_just_begun_is_waited_for(changes: dict[str, object], comes: bool) -> None:
    stage = four()
    pod = stage.spots[3].pod
    assert pod is not None
    stage.spots[3].pod = replace(pod, **changes)  # type: ignore[arg-type]

    decision = stage.decide()

    assert isinstance(decision, Do) is comes
    assert comes or (isinstance(decision, Wait) and "follow.comes node=n-4 why=(coming.new)" in str(decision.reason))


def test_a_new_node_gets_the_weight_that_most_of_its_peers_have_now() -> None:
    stage = four()
    for number, weight in ((1, 60), (2, 60), (3, 80)):
        stage.stand(number, weight)

    stage.settle()

    assert stage.at(4) == [60]


def test_where_nobody_has_weight_the_first_gets_what_the_run_left() -> None:
    stage = Stage([spot(1)])

    stage.settle()

    assert stage.at(1) == [WEIGHT]


@pytest.mark.parametrize("sees_zero", [True, False])
def test_a_backend_that_the_balancer_calls_unhealthy_is_not_raised_though_it_answers_us(sees_zero: bool) -> None:
    stage = Stage([spot(1)])
    stage.stand(1, 0)
    row = Row(Target(Backend("l-1", "10.1.0.1", PORT), 0, Health.UNHEALTHY), Side.NEW)
    blind = Sighting(*stage.seen()._facets.values(), Pools((row,), Capabilities(health_at_zero=sees_zero)))

    decision = stage.step.decide(blind)

    assert isinstance(decision, Wait)
    assert "follow.comes node=n-1 why=(balancer.calls-it health=unhealthy)" in str(decision.reason)


CONFIGS = [
    pytest.param(Configs(), "peers.not-compared", id="not compared"),
    pytest.param(Configs(("gw-4",), (("gw-4", ("route/shop",)),)), "peers.differ first=route/shop", id="unlike"),
    pytest.param(
        Configs(unready=(("gw-4", say("config.warming", parts=("clusters",))),)),
        "peers.warming why=(config.warming parts=[clusters])",
        id="warming up",
    ),
]


@pytest.mark.parametrize(("configs", "words"), CONFIGS)
def test_a_gateway_with_another_configuration_than_its_peers_gets_no_traffic(configs: Configs, words: str) -> None:
    stage = four()
    stage.stand(4, 0)
    seen = Sighting(*stage.seen()._facets.values(), configs)
    alone = replace(stage, tells=False)

    decision = stage.step.decide(seen)

    assert isinstance(decision, Wait)
    assert f"follow.comes node=n-4 why=({words})" in str(decision.reason)
    assert isinstance(alone.step.decide(seen), Do)  # a gateway that cannot be asked for its configuration


def test_the_only_gateway_has_no_peers_to_be_like() -> None:
    stage = Stage([spot(1)])
    stage.stand(1, 0)

    assert isinstance(stage.step.decide(Sighting(*stage.seen()._facets.values(), Configs())), Do)
    assert stage.step.attends(stage.seen()).peers == ()


def test_a_backend_that_nobody_has_probed_yet_is_not_raised() -> None:
    stage = Stage([spot(1)])
    stage.stand(1, 0)

    decision = stage.step.decide(Sighting(*stage.seen()._facets.values(), Probes()))

    assert isinstance(decision, Wait)
    assert "why=(probe.none-yet)" in str(decision.reason)


def test_a_leaving_node_loses_its_weight_is_told_to_go_drained_and_removed() -> None:
    stage = three()
    stage.change(2, leaving=GOES, connections=2)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Tell", "Deregister"]
    assert stage.at(2) == []
    assert stage.done[2] == Deregister((Backend("l-1", "10.1.0.2", PORT),), consent=False)
    assert stage.at(1) == stage.at(3) == [WEIGHT]


def test_nobody_is_removed_before_the_data_plane_has_followed_the_weight() -> None:
    stage = three(capabilities=Capabilities(settle=12.0))
    stage.change(2, leaving=GOES)
    stage.turn()
    stage.turn()

    decision = stage.decide()
    assert isinstance(decision, Wait)
    assert "follow.leaves node=n-2 why=(node.deleted) still=(leaving.settling)" in str(decision.reason)

    stage.settle()
    assert stage.at(2) == []


@pytest.mark.parametrize("on_timeout", list(OnTimeout))
def test_clients_that_stay_are_cut_at_the_deadline_only_if_the_plan_says_so(on_timeout: OnTimeout) -> None:
    stage = three(on_timeout=on_timeout)
    stage.change(2, leaving=GOES, connections=4, polite=False)

    stage.settle()

    if on_timeout is OnTimeout.CUT:
        assert stage.done[-1] == Deregister((Backend("l-1", "10.1.0.2", PORT),), consent=True)
        assert stage.now > 120
    else:
        assert stage.at(2) == [0]
        assert "follow.held node=n-2" in said(stage)


def test_a_gateway_that_cannot_be_told_to_go_is_not_told() -> None:
    stage = three(tells=False)
    stage.change(2, leaving=GOES)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Deregister"]


def test_a_node_that_comes_back_is_told_to_stay_before_it_gets_weight_again() -> None:
    stage = three(on_timeout=OnTimeout.HOLD)
    stage.change(2, leaving=GOES, connections=4, polite=False)
    stage.settle()

    stage.change(2)
    stage.settle()

    assert kinds(stage)[-2:] == ["Tell", "SetWeights"]
    assert stage.spots[1].word is Word.STAY
    assert stage.at(2) == [WEIGHT]


def test_a_node_that_comes_back_before_it_was_told_to_stay_says_what_it_waits_for() -> None:
    stage = three()
    stage.change(2, word=None)
    stage.stand(2, 0)
    seen = stage.seen()

    decision = stage.step.decide(Sighting(*seen._facets.values(), ConnectionCounts((), (), 1100.0)))

    assert isinstance(decision, Wait)
    assert "follow.comes node=n-2 why=(coming.drains)" in str(decision.reason)


GONE = [
    pytest.param({"gone": True, "podless": True}, [], "", id="its Node is gone"),
    pytest.param({"leaving": GOES}, [], "", id="it is marked"),
    pytest.param(
        {"terminating": True}, [0], "follow.idle node=n-2 fate=rest why=(node.gateway-ends)", id="its pod ends"
    ),
    pytest.param({"podless": True}, [0], "follow.idle node=n-2 fate=rest why=(node.no-gateway)", id="its pod is gone"),
    pytest.param({"cordoned": True}, [WEIGHT], "follow.cordoned node=n-2", id="it is cordoned"),
    pytest.param(
        {"ready": False},
        [0],
        "follow.idle node=n-2 fate=rest why=(node.gateway-not-ready",
        id="not Ready, and lost by the balancer",
    ),
    pytest.param(
        {"ready": False, "node_ready": False, "changed_at": LONG_AGO},
        [0],
        "follow.idle node=n-2 fate=rest why=(node.lost)",
        id="its node NotReady, and lost by the balancer",
    ),
]


@pytest.mark.parametrize(("more", "weights", "words"), GONE)
def test_what_becomes_of_a_node(more: dict[str, object], weights: list[int], words: str) -> None:
    stage = three()
    stage.change(2, **more)

    stage.settle()

    assert stage.at(2) == weights
    assert words in said(stage)
    assert stage.at(1) == stage.at(3) == [WEIGHT]


def test_a_cordoned_node_is_drained_where_the_plan_says_so() -> None:
    stage = three(policy=FollowSpec(Cordoned.DRAIN))
    stage.change(2, cordoned=True)

    stage.settle()

    assert stage.at(2) == []


def test_a_gateway_that_is_replaced_keeps_its_registration_and_gets_its_weight_back() -> None:
    stage = three()
    stage.change(2, terminating=True)
    stage.settle()
    stage.change(2, word=Word.STAY)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "Tell", "SetWeights"]
    assert stage.at(2) == [WEIGHT]


def test_the_last_healthy_backend_keeps_its_weight_whatever_its_node_says() -> None:
    stage = three()
    for number in (1, 2, 3):
        stage.change(number, leaving=GOES)

    stage.settle()

    assert list(stage.rows.values()) == [WEIGHT]
    assert "follow.last-one" in said(stage)


def test_a_new_node_is_raised_before_the_only_old_one_goes() -> None:
    stage = Stage([spot(1, leaving=GOES), spot(2)])
    stage.stand(1)

    stage.settle()

    assert (stage.at(1), stage.at(2)) == ([], [WEIGHT])
    assert kinds(stage) == ["Register", "SetWeights", "SetWeights", "Tell", "Deregister"]
