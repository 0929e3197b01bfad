"""A plan whose sides are of two products: each is known by its own kind, and answers alone prove the new one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.drift.recalled import watched_kinds
from migrator.domain.gateways import gateway_profiles
from migrator.domain.model.answers import AnswersSpec, Question
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest, mapping
from migrator.domain.model.spec import GatewaySpec, Spec
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.judging.parity import answers_take_its_place
from migrator.domain.planning.make_plan import make
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.planning.reverse import reversed_spec
from migrator.domain.planning.route import back
from migrator.domain.steps import Drain, Shift, VerifyConfig
from tests.fakes.objects import NAMESPACE
from tests.fakes.standing import SHORT, standing
from tests.fakes.world import DAEMONSET, DEPLOYMENT, FakeWorld
from tests.fakes.world import SPEC as FILE

ASKED = AnswersSpec(questions=(Question("http", "shop.x"),))
ENVOY = GatewaySpec("envoy", 19000, "envoy")
SPEC = replace(SHORT, gateway=GatewaySpec("nginx"), target=replace(SHORT.target, gateway=ENVOY), answers=ASKED)


def proposal(spec: Spec = SPEC, world: FakeWorld | None = None, *more: Manifest) -> Proposal:
    look = (world or standing()).look(spec)
    listed = tuple((str(each["kind"]), (each,)) for each in more)
    return propose(replace(look, objects=(*look.objects, *listed)), spec)


def codes(spec: Spec = SPEC, world: FakeWorld | None = None) -> set[str]:
    return {row.code for row in preflight(proposal(spec, world))}


def test_each_side_has_the_profile_of_its_own_kind() -> None:
    found = gateway_profiles(SPEC)

    assert [each.kind for each in found.each] == ["nginx", "envoy"]
    assert (found.of(Side.OLD).kind, found.of(Side.NEW).kind, found.differ) == ("nginx", "envoy", True)
    assert (SPEC.gateway_of(Side.OLD).admin_port, SPEC.gateway_of(Side.NEW).admin_port) == (15000, 19000)


def test_what_stands_in_the_end_is_of_the_new_product_alone() -> None:
    found = SPEC.settled()

    assert [found.gateway_of(side) for side in Side] == [ENVOY, ENVOY]
    assert (SHORT.settled(), FILE.settled()) == (SHORT, FILE)


def test_a_side_that_says_nothing_is_as_the_old_one() -> None:
    found = gateway_profiles(SHORT)

    assert (len(found.each), found.differ) == (1, False)
    assert SHORT.gateway_of(Side.NEW) == SHORT.gateway


def test_the_kinds_of_both_products_are_watched() -> None:
    keys = {kind.key for kind in watched_kinds(SPEC)}

    assert {"IngressClass", "EnvoyProxy", "HTTPRoute"} <= keys


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        pytest.param(SPEC, "parity.by-answers", id="answers prove the new side"),
        pytest.param(replace(SPEC, answers=None), "parity.nothing-compares", id="nothing would"),
        pytest.param(replace(SPEC, answers=AnswersSpec()), "answers.nothing-asked", id="there is no question"),
        pytest.param(
            replace(SPEC, target=replace(SPEC.target, gateway=GatewaySpec("none"))),
            "judge.blind",
            id="it counts nothing",
        ),
    ],
)
def test_two_products_need_questions_and_counters(spec: Spec, code: str) -> None:
    assert code in codes(spec)


def test_configurations_are_neither_compared_nor_watched_and_that_is_told() -> None:
    found = proposal()
    verify = next(
        step for step in make(found, standing().clock.now(), "a@b", digest).steps if isinstance(step, VerifyConfig)
    )
    both = replace(SPEC, gateway=GatewaySpec("istio"))

    assert not verify.compared
    assert "drift.unwatched" in codes()
    assert "drift.unwatched" in codes(both)
    assert found.gateways.matrix(found) == ()


def test_only_the_side_that_can_be_told_to_go_is_told() -> None:
    plan = make(proposal(), standing().clock.now(), "a@b", digest)
    forth = [step for step in plan.steps if isinstance(step, Drain)]
    home = [step for step in back(plan, plan.steps[0]) if isinstance(step, Drain | Shift)]

    assert [step.tells for step in forth] == [False]
    assert [step.tells for step in home] == [True, True]


def test_what_one_workload_says_is_checked_by_its_own_kind() -> None:
    world = standing()
    for ref in (DEPLOYMENT, DAEMONSET):
        template = mapping(world.cluster.objects[ref], "spec", "template", "spec")
        containers: list[Json] = [{"name": "gateway", "args": ["--enable-metrics=false"]}]
        template["containers"] = containers
    turned = replace(SPEC, gateway=ENVOY, target=replace(SPEC.target, gateway=GatewaySpec("nginx")))

    for spec, ref in ((SPEC, DEPLOYMENT), (turned, DAEMONSET)):
        rows = [row for row in preflight(proposal(spec, world)) if row.code == "nginx.metrics-off"]
        assert [row.subject for row in rows] == [str(ref)]


def test_ingresses_of_the_old_side_give_the_questions() -> None:
    rules: list[Json] = [{"host": "a.x", "http": {"paths": [{"path": "/"}]}}]
    ingress: Manifest = {
        "kind": "Ingress",
        "metadata": {"name": "a", "namespace": NAMESPACE},
        "spec": {"ingressClassName": "nginx", "rules": rules},
    }
    found = proposal(replace(SPEC, answers=AnswersSpec()), None, ingress)

    assert found.spec.answers is not None
    assert {row.host for row in found.spec.answers.questions} == {"a.x"}
    assert "answers.nothing-asked" not in {row.code for row in preflight(found)}


def test_the_way_back_has_the_products_the_other_way_round() -> None:
    turned = reversed_spec(make(proposal(), standing().clock.now(), "a@b", digest), 7)
    same = reversed_spec(make(proposal(SHORT), standing().clock.now(), "a@b", digest), 7)

    assert [turned.gateway_of(side).kind for side in Side] == ["envoy", "nginx"]
    assert same.target.gateway is None


def test_on_the_way_back_answers_take_the_place_of_configurations_where_the_products_are_two() -> None:
    turned, same = (
        reversed_spec(make(proposal(spec), standing().clock.now(), "a@b", digest), 7) for spec in (SPEC, SHORT)
    )
    for spec, compared in ((turned, False), (same, True)):
        found = proposal(spec)
        made = make(found, standing().clock.now(), "a@b", digest)

        assert [step.compared for step in made.steps if isinstance(step, VerifyConfig)] == [compared]
        assert [row.code for row in answers_take_its_place(found)] == ([] if compared else ["parity.by-answers"])
