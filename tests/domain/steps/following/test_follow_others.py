"""What a follower makes of other hands, of pools, of unsure ground, and of what the nodes themselves say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.model.actions import Action, Deregister, Register, SetWeights, Tell, Word
from migrator.domain.model.balancer import Backend, Capabilities, Side
from migrator.domain.model.decisions import Wait
from migrator.domain.model.spec import FollowSpec, OnTimeout
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.steps.following.position import Disposition
from migrator.domain.steps.following.survey import survey
from migrator.domain.turn.invariants import violations
from tests.domain.seen import opened
from tests.domain.stage import GOES, PORT, WEIGHT, Stage, four, kinds, pooled, said, spot, three

Change = Callable[[Stage], None]


def test_a_weight_that_somebody_else_set_is_said_and_left_alone() -> None:
    stage = three()
    stage.stand(2, 37, meant=WEIGHT)

    stage.settle()

    assert stage.done == []
    assert "follow.drift backend=l-1/10.1.0.2:80 change=(drift.changed weight=37 meant=100)" in said(stage)


def test_a_leaving_node_that_somebody_set_to_0_is_taken_off_all_the_same() -> None:
    stage = three()
    stage.stand(2, 0, meant=WEIGHT)
    stage.change(2, leaving=GOES)

    stage.settle()

    assert stage.at(2) == []


def test_a_backend_that_somebody_took_off_is_not_put_back() -> None:
    stage = three()
    for backend in [b for b in stage.rows if b.address == "10.1.0.2"]:
        stage.rows.pop(backend)

    stage.settle()

    assert stage.at(2) == []
    assert "(drift.gone" in said(stage)


def test_a_later_node_with_the_address_of_one_that_people_removed_begins_anew() -> None:
    stage = three()
    stage.rows = {b: w for b, w in stage.rows.items() if b.address != "10.1.0.2"}
    stage.change(2, gone=True, podless=True)
    stage.settle()
    stage.change(2)

    stage.settle()

    assert kinds(stage) == ["Deregister", "Register", "SetWeights"]
    assert stage.at(2) == [WEIGHT]


def test_strangers_are_never_touched() -> None:
    stage = three()
    stage.strangers[Backend("l-1", "10.9.9.9", PORT)] = 5
    stage.change(2, gone=True, podless=True)

    stage.settle()

    assert stage.strangers == {Backend("l-1", "10.9.9.9", PORT): 5}


def test_in_a_pool_nodes_join_and_leave_with_the_weight_that_it_has() -> None:
    stage = four()
    stage.capabilities = pooled()
    stage.change(2, leaving=GOES)

    stage.settle()

    assert [a for a in stage.done if not isinstance(a, Tell)] == [
        Deregister((Backend("l-1", "10.1.0.2", PORT),), standing=True),
        Register((Backend("l-1", "10.1.0.4", PORT),), standing=True),
    ]
    assert not any(isinstance(action, SetWeights) for action in stage.done)


def test_a_pools_backend_that_is_being_removed_is_nobody_elses_doing() -> None:
    stage = three(capabilities=pooled())
    gone = Backend("l-1", "10.1.0.2", PORT)
    stage.rows.pop(gone)
    write = opened(Deregister((gone,), standing=True))
    past = replace(stage.seen()[JournalFacts], open=write)

    assert "(drift.gone" in said(stage)
    meanwhile = stage.step.troubles(Sighting(*stage.seen()._facets.values(), past))
    assert "(drift.gone" not in "; ".join(map(str, meanwhile))


def test_the_last_healthy_backend_of_a_pool_stays_in_it() -> None:
    stage = Stage([spot(1, leaving=GOES)], capabilities=pooled())
    stage.stand(1)

    stage.settle()

    assert stage.at(1) == [WEIGHT]
    assert "node=n-1 fate=leave" in said(stage)


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        pytest.param(lambda s: setattr(s, "exists", False), "follow.no-workload", id="no DaemonSet"),
        pytest.param(lambda s: setattr(s, "spots", []), "follow.no-node", id="no node at all"),
    ],
)
def test_without_ground_to_stand_on_nothing_is_done(arrange: Change, words: str) -> None:
    stage = three()
    arrange(stage)

    decision = stage.settle()

    assert stage.done == []
    assert isinstance(decision, Wait)
    assert words in str(decision.reason)
    assert words in said(stage)


def test_only_gateways_that_come_or_go_are_watched() -> None:
    stage = four()
    stage.change(2, leaving=GOES)

    attention = stage.step.attends(stage.seen())

    assert {pod.ip for pod in attention.pods} == {"10.1.0.2", "10.1.0.4"}
    assert {backend.address for backend in attention.backends} == {"10.1.0.4"}
    assert [pod.ip for pod in attention.peers] == ["10.1.0.1"]
    assert [pod.ip for pod in attention.compared] == ["10.1.0.4"]


def test_a_pod_behind_a_host_port_is_found_by_its_node_and_a_stray_one_counts_everywhere() -> None:
    stage = three(on_timeout=OnTimeout.HOLD)
    for each, ip in ((stage.spots[1], "10.244.0.2"), (stage.spots[2], "10.244.0.3")):
        assert each.pod is not None
        each.pod = replace(each.pod, ref=replace(each.pod.ref, ip=ip))
    stage.spots[2].host = None
    places = {place.address: place for place in survey(stage.seen(), FollowSpec()).places}

    assert [pod.ref.ip for pod in places["10.1.0.2"].pods] == ["10.244.0.2"]
    assert [pod.ref.ip for pod in places["10.1.0.3"].pods] == ["10.244.0.3"]
    assert places["10.1.0.3"].fate is Disposition.LEAVE
    assert places["10.1.0.3"].name == "10.1.0.3"


def broken(stage: Stage, action: Action) -> str:
    return "; ".join(map(str, violations(action, stage.seen())))


def test_a_removal_must_leave_a_listener_something_healthy_and_touches_no_stranger() -> None:
    stage = three(capabilities=pooled())
    stranger = Backend("l-1", "10.9.9.9", PORT)
    stage.strangers[stranger] = 0
    every = tuple(stage.rows)

    assert "rule.listener-empty listener=l-1" in broken(stage, Deregister(every, False, True))
    assert broken(stage, Deregister(every[:2], standing=True)) == ""
    assert "rule.removes-weight" in broken(stage, Deregister(every[:2]))
    assert "rule.foreign backend=l-1/10.9.9.9:80" in broken(stage, Deregister((stranger,)))


def test_where_nodes_are_known_each_is_counted_and_told_by_itself() -> None:
    stage = three()
    stage.stand(2, 0)
    stage.change(2, connections=3)
    two, three_ = (each.pod.ref for each in stage.spots[1:] if each.pod)
    row = Deregister((Backend("l-1", "10.1.0.2", PORT),))

    assert broken(stage, row) == "rule.live-at connections=3 address=10.1.0.2"
    assert broken(stage, replace(row, consent=True)) == ""
    assert broken(stage, Tell(Side.NEW, Word.GO, (two,))) == ""
    assert "rule.drains-weight side=new backend=l-1/10.1.0.3:80" in broken(
        stage, Tell(Side.NEW, Word.GO, (two, three_))
    )


def test_a_balancer_that_takes_one_listener_in_a_call_gets_one() -> None:
    stage = three(listeners=("l-1", "l-2"), capabilities=Capabilities(several_listeners=False, batch=1))
    stage.change(2, leaving=GOES)

    stage.settle()

    assert kinds(stage) == ["SetWeights", "SetWeights", "Tell", "Deregister", "Deregister"]
    assert stage.at(2) == []
