"""What a plan was reckoned with, and how it is said what of it has moved."""

from __future__ import annotations

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.manifests import uid_of
from migrator.domain.planning.make_plan import facts, moved
from migrator.domain.planning.proposal import propose
from tests.fakes.world import DEPLOYMENT, SCALER, SPEC, FakeWorld


def test_the_same_world_gives_the_same_facts_and_a_moved_one_says_what_moved() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    world.balancer.hand(next(iter(world.weights)), 7)
    world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    said = moved(before, facts(propose(world.look(), SPEC), digest))

    assert moved(before, before) == ()
    assert len(said) == 2
    assert any(line.startswith("nodes: planned with") for line in said)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        pytest.param(
            {}, {"a": "1"}, "a: it has to do with this workload now, and the plan knows nothing of it", id="appeared"
        ),
        pytest.param({"a": "1"}, {}, "a: it is gone, or has nothing to do with this workload any more", id="gone"),
        pytest.param({"a": "c0b4be23"}, {"a": "135a13b3"}, "a: was changed", id="a digest is nothing to read"),
        pytest.param(
            {"Deployment gw uid": "u-1"},
            {"Deployment gw uid": "u-2"},
            "Deployment gw uid: another object of that name: planned with u-1, found u-2",
            id="made again",
        ),
        pytest.param(
            {"nodes": "n-1=10.0.0.1, n-2=10.0.0.2"},
            {"nodes": "n-1=10.0.0.1"},
            "nodes: planned with n-2=10.0.0.2, found nothing (the others are as they were)",
            id="only what differs in a list",
        ),
        pytest.param(
            {"backends and weights": ""},
            {"backends and weights": ", ".join(f"b{n}=1" for n in range(8))},
            "backends and weights: planned with nothing, found b0=1, b1=1, b2=1, b3=1, b4=1, b5=1 and 2 more",
            id="a long list",
        ),
    ],
)
def test_what_has_moved_is_said_in_words_that_can_be_read(was: dict[str, str], now: dict[str, str], said: str) -> None:
    assert moved(tuple(was.items()), tuple(now.items())) == (said,)


def test_a_workload_that_is_gone_is_said_to_be_gone_and_not_to_have_changed() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    world.cluster.objects.pop(DEPLOYMENT)

    said = [
        line for line in moved(before, facts(propose(world.look(), SPEC), digest)) if line.startswith("Deployment gw")
    ]

    assert len(said) == 2
    assert all("it is gone" in line for line in said)


def test_other_bounds_of_a_scaler_are_a_world_that_has_moved() -> None:
    world = FakeWorld()
    before = facts(propose(world.look(), SPEC), digest)
    scaler = world.cluster.get(SCALER)
    assert scaler is not None
    world.cluster.patch(PatchObject(SCALER, {"spec": {"maxReplicas": 77}}, uid_of(scaler)))

    assert [line.split(":")[0] for line in moved(before, facts(propose(world.look(), SPEC), digest))] == [
        f"{SCALER} bounds"
    ]
