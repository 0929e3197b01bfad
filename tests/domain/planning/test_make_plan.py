"""From a look at the world to a plan and its two routes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.balancers.profile import UNDECLARED, ClusterRight
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend, Capabilities, Health, Scope, Side, Target
from migrator.domain.model.manifests import Manifest, mapping, merged, ref_of
from migrator.domain.model.runs import Heading
from migrator.domain.model.samples import Rate
from migrator.domain.model.spec import (
    Approval,
    CleanupSpec,
    GatewaySpec,
    JudgeSpec,
    ListenerSpec,
    PrometheusSpec,
    ScrapeSpec,
    Spec,
    Strategy,
)
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World, port_by_name, target_port
from migrator.domain.planning.backends import sides_of
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.make_plan import blocked_by, make, permissions, scaled_permissions
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.route import back, forward, window
from migrator.domain.ports.outside import Writers
from migrator.domain.steps import Attach, Drain, PointBack, PointBackAfterAll, Retire, Shift
from migrator.domain.weights.playing import played
from tests.domain.grounds import Ground
from tests.domain.seen import START
from tests.fakes.world import SPEC, FakeWorld
from tests.words import text


def planned(spec: Spec = SPEC, world: World | None = None) -> Plan:
    return make(propose(world or FakeWorld().look(spec), spec), START, "ann", digest)


def titles(plan: Plan) -> list[str]:
    return [text(step.title) for step in plan.steps]


def test_the_forward_route_climbs_and_then_leaves() -> None:
    found = titles(planned())

    assert found[6:10] == ["Shift 10 %", "Shift 50 %", "Shift 90 %", "Shift 100 %"]
    assert found[10:] == ["Keep", "Drain old", "Gate", "Detach old", "Retire", "Confirm new"]


def test_blue_green_is_the_same_route_with_one_share() -> None:
    found = planned(replace(SPEC, strategy=Strategy.BLUE_GREEN))

    assert [title for title in titles(found) if title.startswith("Shift")] == ["Shift 100 %"]
    assert len(found.forecast) == 1


def test_a_rehearsal_comes_before_the_first_share_where_the_plan_asks_for_it() -> None:
    found = titles(planned(replace(SPEC, traffic=replace(SPEC.traffic, rehearse=15.0))))

    assert found[5:9] == ["Attach new", "Rehearse up", "Rehearse back", "Shift 10 %"]


def test_the_route_back_restores_before_it_removes() -> None:
    plan = planned()
    found = [text(step.title) for step in back(plan, plan.steps[0])]

    assert found[:3] == ["Tell old to stay", "Attach old", "Restore old"]
    assert found[3:] == ["Drain new", "Detach new", "Remove new", "Undo guard", "Confirm old"]


def unmarked(thing: Manifest) -> Manifest:
    """Give an object without its annotations: the guard's mark is the turn's to write, and a patch leaves an empty map."""
    meta = mapping(thing, "metadata")
    return {**thing, "metadata": {key: value for key, value in meta.items() if key != "annotations"}}


def test_the_way_back_from_retire_first_points_back_what_retire_has_pointed_at_the_new_side() -> None:
    """Retire's Service patch takes an old Istio gateway's listener away: weights alone would lead to nobody."""
    world = FakeWorld().look(SPEC)
    plan = planned(world=world)
    first, *rest = back(plan, next(step for step in plan.steps if isinstance(step, Retire)))
    change = next(change for change in plan.changes if change.after is not None)
    service = next(each for each in world.all("Service") if ref_of(each) == change.ref)
    guarded = merged(service, change.patch)
    retired = merged(guarded, change.after)

    assert isinstance(first, PointBack)
    assert [step for step in rest if not isinstance(step, PointBackAfterAll)] == list(back(plan, plan.steps[0]))
    assert [type(step) for step in rest[2:4]] == [Shift, PointBackAfterAll]
    assert retired != guarded
    assert unmarked(merged(retired, change.back)) == unmarked(guarded)
    assert unmarked(merged(retired, change.original)) == unmarked(service)


@pytest.mark.parametrize(("kind", "tells"), [("istio", True), ("nginx", False)])
def test_only_a_gateway_that_can_be_told_to_stay_again_is_told_to_go(kind: str, tells: bool) -> None:
    plan = planned(replace(SPEC, gateway=GatewaySpec(kind)))

    assert {step.tells for step in (*plan.steps, *back(plan, plan.steps[0])) if isinstance(step, Drain)} == {tells}
    assert [step.tells for step in back(plan, plan.steps[0]) if isinstance(step, Shift)] == [tells]


def test_a_soak_is_never_longer_than_its_own_limit() -> None:
    plan = planned(replace(SPEC, traffic=replace(SPEC.traffic, soak=60.0, max_soak=10.0)))

    assert {step.max_soak for step in plan.steps if isinstance(step, Shift) and text(step.title) != "Keep"} == {60.0}


def test_the_window_is_the_longest_of_the_judges_sources() -> None:
    assert window(JudgeSpec(None)) == 0.0
    assert window(JudgeSpec(ScrapeSpec(window=5.0), PrometheusSpec("http://p", window=60.0))) == 60.0


def test_without_a_source_there_is_still_a_plan_and_it_says_what_blocks() -> None:
    world = replace(FakeWorld().look(), source=None, old=Workload(FakeWorld().look().old.ref), targets=())

    plan = planned(world=world)

    assert (plan.manifests, plan.changes, plan.seen.old, plan.forecast) == ((), (), (), ())
    assert "source.missing" in blocked_by(plan.findings)
    assert forward(SPEC, replace(plan.seen, source=None), (), ())[-2].objects[0].name == "gw"


def test_a_walk_that_cannot_end_is_counted_to_its_bound() -> None:
    ground = Ground((100,), 1)
    stuck = ground.pools(health=Health.UNHEALTHY)
    rows = tuple(replace(row, weight=0) for row in ground.originals)

    assert played(stuck, rows)[1] == 1000


def test_a_driver_that_writes_to_pods_needs_to_be_allowed_to() -> None:
    rights = (ClusterRight("patch", "v1", "Pod"), ClusterRight("get", "v1", "ConfigMap", "kube-system"))
    found = permissions(SPEC, replace(UNDECLARED, cluster_rights=rights))

    assert ("patch", "v1", "Pod", SPEC.cluster.namespace) in found
    assert ("get", "v1", "ConfigMap", "kube-system") in found
    assert not [need for need in permissions(SPEC, UNDECLARED) if need[:3] == ("patch", "v1", "Pod")]


@pytest.mark.parametrize(("kind", "asked"), [("envoy", True), ("none", False)])
def test_permissions_are_those_of_both_routes(kind: str, asked: bool) -> None:
    found = permissions(replace(SPEC, gateway=GatewaySpec(kind)), UNDECLARED)

    assert ("delete", "apps/v1", "Deployment", "edge") in found
    assert any("portforward" in need[2] for need in found) is asked


# --- backends -----------------------------------------------------------------------------------------------------


def by_node_port() -> World:
    world = FakeWorld()
    service: Manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "np", "namespace": "edge"},
        "spec": {"selector": {"app": "gw"}, "ports": [{"port": 80, "targetPort": "http", "nodePort": 30080}]},
    }
    world.cluster.add(service)
    targets = tuple(Target(Backend("l-1", f"10.1.0.{i + 1}", 30080), 10, Health.HEALTHY) for i in range(3))
    return replace(world.look(), targets=targets)


def test_behind_a_node_port_every_node_is_an_old_backend_and_new_ones_answer_on_the_mapped_port() -> None:
    world = by_node_port()

    assert [row.backend.port for row in sides_of(world, SPEC).old] == [30080] * 3
    assert [slot.backend.port for slot in sides_of(world, SPEC).new] == [18080] * 3
    assert "exposure.node-port" in {finding.code for finding in preflight(propose(world, SPEC))}


def test_a_listener_whose_old_port_is_given_needs_no_old_backend_to_find_the_new_one() -> None:
    spec = replace(SPEC, balancer=replace(SPEC.balancer, listeners=(ListenerSpec("l-9", 80, 8080),)))

    assert {slot.backend.port for slot in sides_of(FakeWorld().look(), spec).new} == {18080}


def test_without_a_source_there_are_no_node_ports() -> None:
    world = replace(FakeWorld().look(), source=None)

    assert len(sides_of(world, SPEC).old) == 6
    assert sides_of(replace(world, targets=()), SPEC).new == ()


def test_a_target_port_is_a_number_a_name_or_the_port_itself() -> None:
    source = FakeWorld().look().source
    assert source is not None

    assert target_port(source, {"port": 80, "targetPort": 8080}) == 8080
    assert target_port(source, {"port": 80, "targetPort": "http"}) == 8080
    assert target_port(source, {"port": 80}) == 80
    assert port_by_name(source, "nobody") == 0


# --- the oldest checks --------------------------------------------------------------------------------------------


def codes(world: World, spec: Spec = SPEC) -> set[str]:
    return {finding.code for finding in preflight(propose(world, spec))}


def looks() -> dict[str, tuple[World, Spec]]:
    world = FakeWorld()
    look = world.look()
    foreign = Target(Backend("l-1", "10.9.9.9", 80), 5, Health.UNHEALTHY)
    clash = Target(Backend("l-1", "10.1.0.1", 18080), 0)
    mine = Target(sides_of(look, SPEC).new[0].backend, 0)
    same = replace(SPEC, target=replace(SPEC.target, labels=(("app", "gw"),)))
    clashing = replace(look.old, pods=(replace(look.old.pods[0], ref=replace(look.old.pods[0].ref, ip="10.1.0.1")),))
    quick = replace(SPEC, traffic=replace(SPEC.traffic, soak=1.0))
    lonely = replace(quick, judge=JudgeSpec(None, PrometheusSpec("http://p")))
    return {
        "in-place.not-here": (look, replace(SPEC, strategy=Strategy.IN_PLACE)),
        "source.not-serving": (replace(look, old=replace(look.old, pods=())), SPEC),
        "source.rolling": (replace(look, old=replace(look.old, rolling=True)), SPEC),
        "target.taken": (replace(look, new=replace(look.new, uid="u-9")), SPEC),
        "labels.same": (look, same),
        "deploy.refused": (replace(look, refused=(("DaemonSet edge/gw-ds", "no"),)), SPEC),
        "deploy.untried": (replace(look, hanging=(("DaemonSet edge/gw-ds", verbatim("late")),)), SPEC),
        "deploy.pod-refused": (replace(look, refused=(("Pod of gw-ds", "no"),)), SPEC),
        "permission.denied": (replace(look, denied=("delete Deployment in edge",)), SPEC),
        "cleanup.keep-old-short": (look, replace(SPEC, cleanup=CleanupSpec(Approval.AUTO, 1.0))),
        "balancer.no-old-backend": (replace(look, targets=()), SPEC),
        "balancer.unhealthy": (replace(look, targets=(*look.targets, foreign)), SPEC),
        "balancer.foreign-backend": (replace(look, targets=(*look.targets, foreign)), SPEC),
        "balancer.same-backend": (
            replace(look, old=clashing, targets=(*look.targets, clash)),
            SPEC,
        ),
        "balancer.mixed-pool": (
            replace(look, targets=(*look.targets, mine), capabilities=Capabilities(weights_of=Scope.POOL)),
            SPEC,
        ),
        "balancer.slow-to-register": (replace(look, capabilities=Capabilities(registers=600.0)), SPEC),
        "judge.blind": (look, replace(SPEC, judge=JudgeSpec(None))),
        "judge.gateway-silent": (replace(look, silent=(("gw-1", "refused"),)), SPEC),
        "judge.soak-short": (look, quick),
        "judge.soak-short by Prometheus": (look, lonely),
    }


@pytest.mark.parametrize("code", looks())
def test_the_preflight_finds(code: str) -> None:
    world, spec = looks()[code]

    assert code.split()[0] in codes(world, spec)
    assert code.split()[0] not in codes(FakeWorld().look()) or code == "cleanup.keep-old-short"


def test_the_fake_world_itself_can_be_migrated() -> None:
    assert not blocked_by(tuple(f for f in preflight(propose(FakeWorld().look(), SPEC)) if f.severity == "block"))


# --- ports --------------------------------------------------------------------------------------------------------


def test_the_way_back_may_have_a_writer_of_its_own() -> None:
    world = FakeWorld()
    plain = world.writers
    reserve = FakeWorld().balancer
    both = Writers(plain.balancer, plain.cluster, plain.gateways, reserve)

    assert plain.on(Heading.BACK) is plain
    assert both.on(Heading.FORWARD).balancer is plain.balancer
    assert both.on(Heading.BACK).balancer is reserve


def test_a_side_and_a_rate_say_themselves() -> None:
    assert str(Side.NEW) == "new"
    assert Rate(10, 1).errors == 0.1


def test_a_selector_that_does_not_match_the_new_pods_is_not_worth_a_word() -> None:
    look = FakeWorld().look()
    assert look.source is not None
    apart = {**look.source, "spec": {**mapping(look.source, "spec"), "selector": {"matchLabels": {"version": "v1"}}}}

    assert "labels.old-selector-matches" not in codes(replace(look, source=apart))


def test_where_keda_scales_the_source_its_objects_must_be_ours_to_change() -> None:
    scaled: Manifest = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "gw", "namespace": "edge"},
        "spec": {"scaleTargetRef": {"name": "gw"}},
    }
    look = FakeWorld().look()

    assert scaled_permissions(propose(look, SPEC)) == ()
    assert (
        len(scaled_permissions(propose(replace(look, objects=(*look.objects, ("ScaledObject", (scaled,)))), SPEC))) == 3
    )


def test_no_step_before_attach_registers_anything_of_the_new_side() -> None:
    """The standing duty registers whoever comes of a side that a step keeps: before the proofs nobody may come."""
    steps = planned().steps
    at = next(number for number, step in enumerate(steps) if isinstance(step, Attach))

    assert at > 3
    assert [type(step).__name__ for step in steps[:at] if Side.NEW in step.keeps] == []
