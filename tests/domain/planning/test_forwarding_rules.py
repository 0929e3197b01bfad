"""A layer-7 listener in a plan: its rules that lead to the gateway, each a listener of its own, and none that does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.settings import Rule
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Target
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.observation.world import World
from migrator.domain.planning.checks.balancer.forwarding import other_rules, witness_asks_a_rule_of_the_plan
from migrator.domain.planning.forwarding_rules import aside, by_rule, taking
from migrator.domain.planning.proposal import propose
from tests.fakes.world import NEW_PORT, SPEC, FakeWorld

A, B = "lbl-80/loc-a", "lbl-80/loc-b"


def plan_of(*listeners: str) -> Spec:
    rows = tuple(ListenerSpec(name, 80, 8080) for name in listeners)
    return replace(SPEC, balancer=replace(SPEC.balancer, listeners=rows))


def rule(name: str, *addresses: str, port: int = 8080) -> Rule:
    targets = tuple(Target(Backend(name, address, port), 10) for address in addresses)
    return Rule(name.partition("/")[0], name, f"{name[-1]}.example", "/", targets)


def seen(*rules: Rule) -> World:
    return replace(FakeWorld().look(), rules=rules)


PODS = tuple(pod.ref.ip for pod in FakeWorld().look().old.live)
NODE = FakeWorld().look().nodes[0].address


def named(spec: Spec) -> list[str]:
    return [listener.id for listener in spec.balancer.listeners]


def test_a_listener_stands_for_its_rules_that_lead_to_the_gateway_on_either_side() -> None:
    world = seen(
        rule(A, *PODS),
        rule(B, NODE, port=NEW_PORT),
        rule("lbl-80/loc-c", "10.9.9.9"),
        rule("lbl-80/loc-d"),
        rule("lbl-443/loc-e", *PODS),
    )
    world = replace(world, new=replace(world.new, uid="u-new"))

    found = by_rule(world, plan_of("lbl-80"))

    assert named(found) == [A, B]
    assert {(row.port, row.backend_port, row.layer) for row in found.balancer.listeners} == {(80, 8080, 7)}
    assert found.balancer.steers_requests


def test_a_rule_that_is_named_stays_alone_and_twice_is_once() -> None:
    world = seen(rule(A, *PODS), rule(B, *PODS))

    assert named(by_rule(world, plan_of(B))) == [B]
    assert named(by_rule(world, plan_of(B, "lbl-80"))) == [B, A]


def test_a_plan_by_rules_is_not_changed_again() -> None:
    world = seen(rule(A, *PODS), rule(B, *PODS))
    once = by_rule(world, plan_of("lbl-80"))

    assert by_rule(world, once) == once


def test_layer_4_stays_as_it_is_and_beside_it_connections_are_counted() -> None:
    found = by_rule(seen(rule(A, *PODS)), plan_of("lbl-22", "lbl-80"))

    assert named(found) == ["lbl-22", A]
    assert not found.balancer.steers_requests


def test_a_listener_without_a_rule_to_the_gateway_is_found_out_by_its_missing_old_backends() -> None:
    spec = plan_of("lbl-80")
    world = seen(rule("lbl-80/loc-c", "10.9.9.9"))

    assert by_rule(world, spec) == spec
    assert aside(world, spec) == ()


def test_a_rule_that_leads_to_the_old_side_and_is_not_the_plans_blocks() -> None:
    """It was left out by name, or it came after the plan was made: Retire would leave it to nobody."""
    (found,) = other_rules(propose(seen(rule(A, *PODS), rule(B, *PODS)), plan_of(A)))

    assert (found.code, found.severity, found.subject) == ("balancer.rule-left-behind", "block", listeners_subject([B]))
    assert any(PODS[0] in str(backend) for backend in found["backends"])


def test_rules_of_others_are_told_of_and_left_alone() -> None:
    world = seen(rule(A, *PODS), rule("lbl-80/loc-c", "10.9.9.9"), rule("lbl-80/loc-d"))
    (found,) = other_rules(propose(world, plan_of(A)))

    assert (found.code, found.severity) == ("balancer.other-rule", "info")
    assert found["rules"] == ("lbl-80/loc-c (c.example/)", "lbl-80/loc-d (d.example/)")


def test_a_balancer_without_rules_has_no_such_finding() -> None:
    assert list(other_rules(propose(seen(), SPEC))) == []
    assert by_rule(seen(), SPEC) == SPEC


# --- the witness --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "named", "why"),
    [
        pytest.param("a.example", A, None, id="a rule of the plan"),
        pytest.param("b.example", A, say("witness.taken", asked="b.example/", rule="lbl-80/loc-b"), id="another rule"),
        pytest.param("x.example", A, None, id="no rule: it will not be answered, and that is told elsewhere"),
        pytest.param("", A, say("witness.no-host"), id="no host, and every rule has a domain"),
        pytest.param("b.example", "lbl-22", None, id="layer 4"),
    ],
)
def test_a_witness_that_is_answered_by_another_rule_is_told(host: str, named: str, why: Message | None) -> None:
    spec = plan_of(named)
    spec = replace(spec, gateway=replace(spec.gateway, probe_host=host))
    found = list(witness_asks_a_rule_of_the_plan(propose(seen(rule(A, *PODS), rule(B, "10.9.9.9")), spec)))

    assert [(row.code, row["why"]) for row in found] == ([("witness.other-rule", why)] if why else [])


def test_without_a_host_a_rule_for_any_will_do() -> None:
    world = seen(replace(rule(A, *PODS), domain=""))

    assert list(witness_asks_a_rule_of_the_plan(propose(world, plan_of(A)))) == []


@pytest.mark.parametrize(
    ("host", "path", "taker"),
    [
        pytest.param("a.example", "/cart", "long", id="the longest path"),
        pytest.param("a.example", "/", "host", id="the whole host"),
        pytest.param("b.example", "/cart", "end", id="the end of a host"),
        pytest.param("b.test", "/", None, id="nobody"),
    ],
)
def test_a_request_is_taken_by_the_most_exact_rule(host: str, path: str, taker: str | None) -> None:
    rules = [
        Rule("l", "end", "*.example", "/"),
        Rule("l", "host", "a.example", "/"),
        Rule("l", "long", "a.example", "/cart"),
    ]
    found = taking(rules, host, path)

    assert (found.id if found else None) == taker
    assert taking([*rules, Rule("l", "pattern", "~^a", "/")], host, path) is None
