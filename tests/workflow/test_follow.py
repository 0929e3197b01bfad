"""Looking after the nodes of a completed run, on a fake world and a real store: nodes come, leave, die, are touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Capabilities, Scope, Side
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.store.codec.messages import load
from migrator.workflow.progress import Progress
from tests.fakes.follower import AT_ONCE, Follower
from tests.fakes.harness import Killed
from tests.fakes.objects import manifests
from tests.fakes.world import FakeWorld

Make = Callable[..., Follower]
DOOMED = ["ToBeDeletedByClusterAutoscaler"]


@pytest.fixture
def follower(memory: Path) -> Make:
    return lambda **more: Follower(memory, **more)


def kinds(f: Follower) -> list[str]:
    """Give the writes that were intended, in order."""
    return [event.data["action"]["kind"] for event in f.events() if event.kind == "intended"]


def noted(f: Follower) -> list[str]:
    rows = [event.data for event in f.events() if event.kind == "noted" and event.data["about"] == "nodes"]
    return [str(load(row["text"])) for row in rows]


def test_a_new_node_is_registered_at_0_proved_fit_and_raised_to_its_peers_weight(follower: Make) -> None:
    f = follower()
    peers = f.weights()
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    f.turns(lambda: f.at("10.1.0.9") == f.at("10.1.0.1"))

    assert set(f.at("10.1.0.9")) == set(peers.values()) != {0}
    assert {k: v for k, v in f.weights().items() if "10.1.0.9" not in k} == peers
    assert not f.world.balancer.harm


def test_a_node_that_the_autoscaler_removes_is_drained_and_taken_off(follower: Make) -> None:
    f = follower()
    f.node("node-1", unschedulable=True, taints=DOOMED)

    f.turns(lambda: not f.at("10.1.0.2"))

    assert [set(tell.pods) for tell in f.world.gateways.tells if tell.pods[0].node == "node-1"]
    assert not f.world.balancer.harm
    assert all(f.weights().values())


@pytest.mark.parametrize("most", [6, 9])
def test_a_follower_that_is_killed_again_and_again_gets_there_all_the_same(follower: Make, most: int) -> None:
    f = follower()
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")
    f.node("node-1", unschedulable=True, taints=DOOMED)
    there = {"l-1/10.1.0.1", "l-1/10.1.0.3", "l-1/10.1.0.9", "l-2/10.1.0.1", "l-2/10.1.0.3", "l-2/10.1.0.9"}

    for life in range(200):
        try:
            f.turns(lambda: set(f.weights()) == there and all(f.weights().values()), dies_after=most + life % 2)
            break
        except Killed:
            continue

    assert set(f.weights()) == there
    assert len(set(f.weights().values())) == 1
    assert not f.world.balancer.harm
    assert life > 2


def test_a_new_gateway_with_another_configuration_than_its_peers_gets_no_weight_until_it_has_theirs(
    follower: Make,
) -> None:
    f = follower()
    units = f.world.gateways.process("gw-ds-node-9").units
    units["route/extra"] = {"to": "nowhere"}
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    f.rest(40)
    assert f.at("10.1.0.9") == [0, 0]
    assert "(peers.differ first=(config.extra unit=route/extra" in "; ".join(f.words())

    del units["route/extra"]
    f.turns(lambda: len(f.at("10.1.0.9")) == 2 and all(f.at("10.1.0.9")))


def test_a_paused_follower_writes_nothing_and_a_resumed_one_goes_on(follower: Make) -> None:
    f = follower()
    f.ask(RequestKind.PAUSE)
    f.rest(3)
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    f.rest(40)
    assert f.run.state is State.PAUSED
    assert not f.at("10.1.0.9")
    assert "rests state=paused what=(rests.following)" in f.words()

    f.ask(RequestKind.RESUME)
    f.turns(lambda: len(f.at("10.1.0.9")) == 2 and all(f.at("10.1.0.9")))


def test_a_wish_to_go_back_is_answered_and_changes_nothing_even_where_the_old_workload_is_there_again(
    follower: Make,
) -> None:
    f = follower()
    for manifest in manifests(2):
        f.world.cluster.add(manifest)
    f.world.traffic.refused = True
    f.ask(RequestKind.ROLLBACK)

    f.rest(10)

    assert (f.run.state, f.run.heading) == (State.RUNNING, "forward")
    assert kinds(f) == []
    assert any("answer.no-way-back" in str(event.data) for event in f.events() if event.kind == "obeyed")


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Refused(verbatim("the quota is full")), id="refused"),
        pytest.param(Unreachable(verbatim("too many requests"), retry_after=5.0), id="not now"),
    ],
)
def test_a_write_that_is_refused_is_tried_again_and_never_halts(follower: Make, error: Exception) -> None:
    f = follower()
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")
    f.world.balancer.orders.fail("register", error)

    f.turns(lambda: len(f.at("10.1.0.9")) == 2 and all(f.at("10.1.0.9")))

    assert kinds(f) == ["register", "register", "set-weights"]
    assert {progress.run.state for progress in f.progress} == {State.RUNNING}


def test_a_write_that_the_vendor_fails_is_tried_again_after_a_while(follower: Make) -> None:
    f = follower()
    f.node("node-1", taints=DOOMED)
    f.world.balancer.trouble.rows = 1

    f.turns(lambda: not f.at("10.1.0.2"))

    intents = [event.at for event in f.events() if event.kind == "intended"]
    assert kinds(f)[:2] == ["set-weights", "set-weights"]
    assert (intents[1] - intents[0]).total_seconds() >= 10.0


@pytest.mark.parametrize("what", ["hosts", "targets"])
@pytest.mark.parametrize(
    "error", [Unreachable(verbatim("no answer")), Refused(verbatim("403 Forbidden"))], ids=["silent", "refused"]
)
def test_while_somebody_cannot_be_asked_nothing_is_done_and_afterwards_it_goes_on(
    follower: Make, what: str, error: Exception
) -> None:
    f = follower()
    port = f.world.balancer if what == "targets" else f.world.cluster
    f.rest(3)
    f.node("node-1", taints=DOOMED)
    port.orders.fail(what, error, times=20)

    f.rest(15)
    assert kinds(f) == []
    assert f.run.state is State.RUNNING

    f.turns(lambda: not f.at("10.1.0.2"))


def test_somebody_elses_weight_is_noted_once_and_noted_again_when_it_is_over(follower: Make) -> None:
    f = follower()
    turns: list[int] = []

    def meanwhile(_progress: Progress) -> None:
        turns.append(1)
        if len(turns) in (3, 10):
            f.hand("10.1.0.2", 37 if len(turns) == 3 else 100)

    f.turns(lambda: len(turns) == 20, act=meanwhile)

    said = noted(f)
    assert len(said) == 4
    assert all("(drift.changed weight=37" in words for words in said)
    assert [words.startswith("nodes.over") for words in said] == [False, False, True, True]
    assert kinds(f) == []


def test_a_node_that_goes_without_a_word_is_taken_off_and_a_later_one_at_its_address_comes_in(follower: Make) -> None:
    f = follower()
    f.vanish("node-2")
    f.turns(lambda: not f.at("10.1.0.3"))
    f.world.cluster.add_node("node-7", "10.1.0.3", role="gateway")

    f.turns(lambda: len(f.at("10.1.0.3")) == 2 and all(f.at("10.1.0.3")))

    assert not [harm for harm in f.world.balancer.harm if "removed" in harm]


def test_clients_that_stay_on_a_leaving_node_are_cut_at_the_deadline_if_the_plan_says_so(follower: Make) -> None:
    f = follower(spec=replace(AT_ONCE, drain=DrainSpec(15.0, OnTimeout.CUT)))
    f.world.gateways.process("gw-ds-node-1").connections = 3
    f.world.traffic.stuck = {Side.NEW}
    f.node("node-1", taints=DOOMED)

    f.turns(lambda: not f.at("10.1.0.2"))

    last = [event.data["action"] for event in f.events() if event.kind == "intended"][-1]
    assert (last["kind"], last["consent"]) == ("deregister", True)


def test_in_a_target_group_nodes_join_and_leave_what_stands(follower: Make) -> None:
    caps = Capabilities(weights_of=Scope.POOL, several_listeners=False, health_at_zero=True)
    f = follower(world=FakeWorld(caps))
    f.node("node-1", taints=DOOMED)
    f.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    f.turns(lambda: not f.at("10.1.0.2") and len(f.at("10.1.0.9")) == 2)

    assert sorted(set(kinds(f))) == ["deregister", "register", "tell"]
    assert all(f.weights().values())
