"""What a follower takes over of a gateway that stands, by the plan file alone: rows, weights, the port behind each listener."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.balancer import Backend, Capabilities, Health, ProbeWay, Target, Weighted
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.model.target import Derived, PortMapping
from migrator.domain.observation.nodes import Host
from migrator.domain.planning.following.follower import follower, following
from migrator.domain.planning.following.standing import NO_RUN, Standing, as_it_stands, unclear
from migrator.domain.steps import Follow
from tests.domain.seen import at
from tests.fakes.world import SPEC

HOSTS = (Host("n-1", "10.1.0.1"), Host("n-2", "10.1.0.2", addresses=("10.1.0.2", "fd00::2")))
WAYS = (("l-1", ProbeWay.HTTP),)


def workload(*ports: int) -> Manifest:
    named: list[Json] = [{"containerPort": port} for port in ports]
    return {"metadata": {"uid": "u"}, "spec": {"template": {"spec": {"containers": [{"name": "c", "ports": named}]}}}}


def spec(*listeners: ListenerSpec) -> Spec:
    rows = listeners or (ListenerSpec("l-1", 80),)
    target = Derived("gw-ds", ports=(PortMapping(8080, 18080),))
    return replace(SPEC, target=target, balancer=replace(SPEC.balancer, listeners=rows))


def row(number: int, port: int, weight: int, listener: str = "l-1") -> Target:
    return Target(Backend(listener, f"10.1.0.{number}", port), weight, Health.HEALTHY)


def standing(*targets: Target, ports: tuple[int, ...] = ()) -> Standing:
    return Standing(workload(*ports), targets, Capabilities(), HOSTS)


CASES = [
    pytest.param(standing(row(1, 18080, 60), row(2, 18080, 0)), None, id="one port"),
    pytest.param(standing(row(1, 18080, 60), row(2, 31000, 0)), None, id="another has no weight"),
    pytest.param(standing(row(1, 18080, 60), row(1, 31000, 60), ports=(18080,)), None, id="the workload names it"),
    pytest.param(
        standing(row(1, 18080, 60), row(1, 31000, 60)), "follow.no-port listener=l-1 ports=(18080, 31000)", id="two"
    ),
    pytest.param(standing(row(9, 18080, 60)), "follow.no-port listener=l-1 ports=()", id="none on the plan's nodes"),
    pytest.param(standing(), "follow.no-port listener=l-1 ports=()", id="none at all"),
]


@pytest.mark.parametrize(("seen", "words"), CASES)
def test_which_port_is_the_gateways_is_told_by_what_stands_and_never_guessed(seen: Standing, words: str | None) -> None:
    said = unclear(spec(), seen)

    assert (said and str(said).replace("[", "(").replace("]", ")")) == words


def test_a_port_that_the_plan_names_is_mapped_as_the_migration_did() -> None:
    named = spec(ListenerSpec("l-1", 80, 8080))

    assert unclear(named, standing()) is None
    plan, weights = as_it_stands(named, standing(), (), at(0), "ann@ops")
    assert weights == {}
    assert plan.seen.new == (Backend("l-1", "10.1.0.1", 18080), Backend("l-1", "10.1.0.2", 18080))


def test_rows_of_the_gateway_are_taken_over_with_their_weights_and_those_of_others_are_not() -> None:
    seen = standing(row(1, 18080, 60), row(2, 18080, 0), row(9, 18080, 60), row(1, 31000, 5), ports=(18080,))

    plan, weights = as_it_stands(spec(), seen, WAYS, at(0), "ann@ops")

    ours = Backend("l-1", "10.1.0.1", 18080), Backend("l-1", "10.1.0.2", 18080)
    assert plan.seen.new == ours
    assert plan.seen.new_now == (Weighted(ours[0], 60), Weighted(ours[1], 0))
    assert weights == {ours[0]: 60, ours[1]: 0}
    assert (plan.seen.ways, plan.seen.old) == (WAYS, ())


def test_the_follower_of_a_plan_file_has_no_run_and_the_files_own_words() -> None:
    plan, weights = as_it_stands(spec(), standing(row(1, 18080, 60)), WAYS, at(0), "ann@ops")

    made = follower(plan, NO_RUN, weights, weights, frozenset({"10.1.0.1"}), at(0), "ann@ops", str)

    step = made.steps[0]
    assert isinstance(step, Follow)
    assert (step.run, [(each.port, each.weight) for each in step.ports]) == (NO_RUN, [(18080, 60)])
    assert made.spec == following(spec())
    assert made.seen.facts[0] == ("follows gateway", "gw")
