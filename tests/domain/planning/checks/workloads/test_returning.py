"""What is checked before an earlier workload returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.domain.balancers.settings import Quota
from migrator.domain.model.manifests import mapping
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.reverse import reversed_spec
from tests.fakes.objects import OLD
from tests.fakes.returned import codes, done, returning, stored_service
from tests.fakes.world import DAEMONSET, SCALER, FakeWorld


def test_a_sound_world_lets_it_begin() -> None:
    world, plan = done()

    found = returning(world, plan)

    assert [f.code for f in found.findings if f.severity == "block"] == ["cleanup.keep-old-short"]
    assert "return.replicas" in codes(world, plan)
    assert "return.node-port" not in codes(world, plan)


SPOILED: list[object] = [
    pytest.param(lambda w: w.cluster.add(mapping(done()[1].seen.source)), "target.taken", id="it is there again"),
    pytest.param(lambda w: w.cluster.add({"apiVersion": "autoscaling/v2", "kind": SCALER.kind, "metadata": {"name": OLD, "namespace": "edge"}}), "return.name-taken", id="an HPA has its name"),  # noqa: E501
    pytest.param(lambda w: stored_service(w, f"{OLD}-back", app="else"), "return.name-taken", id="a Service has the name"),
    pytest.param(lambda w: _forget(w), "return.not-told-apart", id="nothing tells the leaving pods"),
    pytest.param(lambda w: w.cluster.lose(DAEMONSET), "source.missing", id="the DaemonSet is gone"),
]  # fmt: skip


def _forget(world: FakeWorld) -> None:
    """Let somebody give the DaemonSet's pods the label of the returning ones."""
    spec = mapping(world.cluster.objects[DAEMONSET], "spec")
    mapping(spec, "template", "metadata", "labels")["version"] = "v1"
    mapping(spec, "selector", "matchLabels").pop("version")


@pytest.mark.parametrize(("spoil", "code"), SPOILED)
def test_what_has_changed_since_is_found_before_anything_moves(spoil: Callable[[FakeWorld], None], code: str) -> None:
    world, plan = done()
    spoil(world)

    assert code in codes(world, plan)


def test_a_plan_back_is_made_even_where_nothing_tells_the_pods_apart() -> None:
    world, plan = done()
    _forget(world)

    assert returning(world, plan).changes == ()


def test_services_that_would_send_traffic_to_both_are_named() -> None:
    world, plan = done()
    _forget(world)
    stored_service(world, "wide", app=OLD)

    found = next(f for f in returning(world, plan).findings if f.code == "return.not-told-apart")

    assert "Service edge/wide" in found["services"]


def test_a_quota_counts_the_pods_that_are_to_come() -> None:
    world, plan = done()
    spec = reversed_spec(plan, 7)
    look = replace(world.look(spec), quotas=(Quota("the listener", ("l-1",), 2, 3),))

    full = next(f for f in preflight(propose(look, spec)) if f.code == "balancer.full")

    assert full["more"] == 2
