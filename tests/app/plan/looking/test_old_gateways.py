"""A plan reads the old gateways' configurations, a few of many, and none where none can be asked."""

from __future__ import annotations

from dataclasses import replace

from migrator.app.plan.looking.old_gateways import MOST, configurations
from tests.fakes.world import SPEC, FakeWorld


def test_a_plan_names_the_old_gateway_that_is_not_like_the_first() -> None:
    world = FakeWorld()
    pods = [pod.ref.name for pod in world.look().old.live]
    world.gateways.process(pods[1]).units = {}
    found = configurations(SPEC, world.look().old, world.readers)

    assert found is not None
    assert found.reference == pods[0]
    assert [name for name, _ in found.apart] == [pods[1]]


def test_of_many_old_gateways_a_few_are_read() -> None:
    world = FakeWorld(replicas=MOST + 2)
    pods = [pod.ref.name for pod in world.look().old.live]
    for name in pods:
        world.gateways.process(name).silent = "it does not answer"
    found = configurations(SPEC, world.look().old, world.readers)

    assert found is not None
    assert [name for name, _ in found.unready] == pods[:MOST]


def test_gateways_that_cannot_be_asked_are_not_asked() -> None:
    world = FakeWorld()
    spec = replace(SPEC, gateway=replace(SPEC.gateway, kind=type(SPEC.gateway.kind)("nginx")))

    assert configurations(spec, world.look().old, world.readers) is None
