"""What a plan was reckoned with, and how it is said what of it has moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.manifests import uid_of
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.resting.facts import PLACES, WEIGHTS, facts, moved, resting_on
from tests.fakes.balancer import PLAIN
from tests.fakes.upheaval import end, followed, lose, scale, settled
from tests.fakes.world import DEPLOYMENT, SCALER, SPEC, FakeWorld, on


def test_the_same_world_gives_the_same_facts_and_a_moved_one_says_what_moved() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    world.balancer.hand(next(iter(world.weights)), 7)
    world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    said = moved(before, facts(propose(world.look(), SPEC), digest))

    assert moved(before, before) == ()
    assert len(said) == 2
    assert say("fact.nodes") in [change["fact"] for change in said]


@pytest.mark.parametrize(
    ("was", "now", "fact", "difference"),
    [
        pytest.param(
            {},
            {"x bounds": "1"},
            say("fact.bounds", object="x"),
            say("moved.appeared"),
            id="appeared",
        ),
        pytest.param({"a": "1"}, {}, verbatim("a"), say("moved.vanished"), id="gone"),
        pytest.param(
            {"x template and selector": "c0b4be23"},
            {"x template and selector": "135a13b3"},
            say("fact.template", object="x"),
            say("moved.changed"),
            id="a digest is nothing to read",
        ),
        pytest.param(
            {"Deployment gw uid": "u-1"},
            {"Deployment gw uid": "u-2"},
            say("fact.uid", object="Deployment gw"),
            say("moved.replaced", was="u-1", now="u-2"),
            id="made again",
        ),
        pytest.param(
            {"nodes": "n-1=10.0.0.1, n-2=10.0.0.2"},
            {"nodes": "n-1=10.0.0.1"},
            say("fact.nodes"),
            say("moved.entries", gone=("n-2=10.0.0.2",), come=say("moved.nothing")),
            id="only what differs in a list",
        ),
        pytest.param(
            {"backends and weights": ""},
            {"backends and weights": ", ".join(f"b{n}=1" for n in range(8))},
            say("fact.weights"),
            say("moved.all-entries", gone=say("moved.nothing"), come=tuple(f"b{n}=1" for n in range(8))),
            id="a long list",
        ),
        pytest.param(
            {"injected containers of the live pods": "1", "Service ns/s selector and ports": "2"},
            {"injected containers of the live pods": "1", "Service ns/s selector and ports": "3"},
            say("fact.selector", object="Service ns/s"),
            say("moved.changed"),
            id="a Service's selector",
        ),
        pytest.param(
            {"injected containers of the live pods": "1"},
            {"injected containers of the live pods": "2"},
            say("fact.live"),
            say("moved.changed"),
            id="other injected containers",
        ),
    ],
)
def test_each_change_names_its_fact_and_what_is_different(
    was: dict[str, str], now: dict[str, str], fact: Message, difference: Message
) -> None:
    (change,) = moved(tuple(was.items()), tuple(now.items()))

    assert (change["fact"], change["difference"]) == (fact, difference)


def test_a_workload_that_is_gone_is_said_to_be_gone_and_not_to_have_changed() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    world.cluster.objects.pop(DEPLOYMENT)

    changes = {
        change["fact"]: change["difference"] for change in moved(before, facts(propose(world.look(), SPEC), digest))
    }

    of_gateway = [
        difference
        for fact, difference in changes.items()
        if isinstance(fact, Message) and ("object", "Deployment gw") in fact.values
    ]
    assert of_gateway == [say("moved.gone")] * 2


def test_other_bounds_of_a_scaler_are_a_world_that_has_moved() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    scaler = world.cluster.get(SCALER)
    assert scaler is not None
    world.cluster.patch(PatchObject(SCALER, {"spec": {"maxReplicas": 77}}, uid_of(scaler)))

    (change,) = moved(before, facts(propose(world.look(), SPEC), digest))
    assert change["fact"] == say("fact.bounds", object=str(SCALER))


ONE = on(SPEC, "l-1")


def one() -> FakeWorld:
    return FakeWorld(listeners=("l-1",))


def as_before_places(plan: Plan) -> Plan:
    """Give a plan as older versions saved it: with each old pod's address among what it rests on."""
    said = dict(plan.seen.facts)
    said.pop(PLACES)
    said[WEIGHTS] = ", ".join(f"{row.backend}={row.weight}" for row in plan.seen.old)
    return replace(plan, seen=replace(plan.seen, facts=tuple(sorted(said.items()))))


def each(*acts: Callable[[FakeWorld], None]) -> Callable[[FakeWorld], None]:
    """Let one thing happen after another."""

    def happen(world: FakeWorld) -> None:
        for act in acts:
            act(world)

    return happen


REPLACED: dict[str, Callable[[FakeWorld], None]] = {
    "nobody has told the balancer": each(end, settled),
    "one of them, and nobody has told the balancer": each(lambda world: lose(world, 1), settled),
    "the balancer has their rows": each(end, followed),
    "the balancer has the row of one": each(lambda world: lose(world, 1), followed),
    "nobody": lambda world: None,
}


@pytest.mark.parametrize("saved", [pytest.param(lambda plan: plan, id="new"), pytest.param(as_before_places, id="old")])
@pytest.mark.parametrize("happens", REPLACED)
def test_a_plan_holds_when_old_pods_were_replaced_since(happens: str, saved: Callable[[Plan], Plan]) -> None:
    world = one()
    plan = saved(world.plan(ONE))
    REPLACED[happens](world)

    assert world.moved(plan) == ()


CHANGED: dict[str, Callable[[FakeWorld], None]] = {
    "fewer of them": each(lambda world: scale(world, 2), settled),
    "more of them, which are on the balancer": each(lambda world: scale(world, 4), followed),
    "their rows have another weight": each(end, lambda world: followed(world, 50)),
    "one has another weight": lambda world: world.balancer.hand(next(iter(world.weights)), 7),
}


@pytest.mark.parametrize("saved", [pytest.param(lambda plan: plan, id="new"), pytest.param(as_before_places, id="old")])
@pytest.mark.parametrize("happens", CHANGED)
def test_a_plan_does_not_hold_with_another_number_of_places_or_other_weights(
    happens: str, saved: Callable[[Plan], Plan]
) -> None:
    world = one()
    plan = saved(world.plan(ONE))
    CHANGED[happens](world)

    assert say("fact.places") in [change["fact"] for change in world.moved(plan)]


def test_what_a_controller_has_registered_by_itself_counts_with_the_weight_of_its_place() -> None:
    world = FakeWorld(replace(PLAIN, controlled=True), listeners=("l-1",))
    plan = world.plan(ONE)
    lose(world, 2)
    followed(world, 10)

    assert world.moved(plan) == ()


def test_the_rows_of_nodes_are_told_by_their_addresses() -> None:
    world = FakeWorld(listeners=("l-1",), node_port=30080)
    plan = as_before_places(world.plan(ONE))

    assert world.moved(plan) == ()
    assert dict(resting_on(plan))[PLACES] == ""
    world.balancer.hand(next(iter(world.weights)), 7)
    assert [change["fact"] for change in world.moved(plan)] == [say("fact.weights")]
