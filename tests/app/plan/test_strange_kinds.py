"""Kinds of the gateway's own API groups: those that nobody understands are told, and a group that may not be seen is named."""

from __future__ import annotations

from dataclasses import replace

from migrator.app.plan.planning import look
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.observation.world import World
from tests.fakes.world import SPEC, FakeWorld


def seen(world: FakeWorld, kind: str = "istio") -> World:
    return look(replace(SPEC, gateway=GatewaySpec(kind)), world.readers).world


def test_a_kind_that_this_version_does_not_know_is_told() -> None:
    world = FakeWorld()
    world.cluster.served["networking.istio.io"] = ("Gateway", "Novelty")

    assert seen(world).strange == (("networking.istio.io", "Novelty"),)


def test_of_another_gateways_groups_nothing_is_asked() -> None:
    world = FakeWorld()
    world.cluster.served["networking.istio.io"] = ("Novelty",)

    assert seen(world, "nginx").strange == ()


def test_a_group_that_we_may_not_see_is_named_among_what_was_not_seen() -> None:
    world = FakeWorld()
    world.cluster.orders.fail("kinds", Refused(verbatim("no")), times=1)

    assert "networking.istio.io" in seen(world).unseen
