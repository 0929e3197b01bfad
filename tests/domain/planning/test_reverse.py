"""From a completed run's plan to the plan back: roles swapped, everything kept, and what must not be so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PatchObject
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.manifests import ObjectRef, labels, mapping, merged
from migrator.domain.model.pod_targets import Entry, PodPort, PodTargets
from migrator.domain.model.refs import gateway_name, source_ref, target_ref
from migrator.domain.model.spec import GatewaySpec, SourceSpec
from migrator.domain.model.target import Kept, PortMapping
from migrator.domain.planning.checks.workloads.returning import replicas_as_kept
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.resting.facts import moved
from migrator.domain.planning.reverse import groups, kept, reversed_spec, telling
from migrator.domain.planning.route import back
from migrator.domain.planning.timeline import timeline
from migrator.domain.steps import Confirm, Lead, LeadBack, PointBack, Preflight, Restore, Retire
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY
from tests.fakes.objects import NEW, OLD, OLD_PORT
from tests.fakes.returned import ONE, codes, done, returning, stored_service
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, SPEC, FakeWorld
from tests.words import text

NODE_PORT = 30080
COMPANION = ObjectRef("v1", "Service", SERVICE.namespace, NEW)
RETURNING = ObjectRef("v1", "Service", SERVICE.namespace, f"{OLD}-back")


def test_the_two_workloads_change_places_and_the_gateway_keeps_its_name() -> None:
    _, plan = done()
    spec = reversed_spec(plan, 7)

    assert (source_ref(spec), target_ref(spec)) == (DAEMONSET, DEPLOYMENT)
    assert gateway_name(spec) == gateway_name(plan.spec) == OLD
    assert spec.target.ports == (PortMapping(NEW_PORT, OLD_PORT),)
    assert (spec.traffic, spec.drain, spec.judge) == (plan.spec.traffic, plan.spec.drain, plan.spec.judge)


def test_pods_that_were_dialled_on_their_own_port_are_known_only_once_they_run() -> None:
    _, plan = done()
    target = reversed_spec(plan, 7).target

    assert isinstance(target, Kept)
    assert (target.pod_targets, target.rows) == (PodTargets(2, (PodPort("l-1", OLD_PORT),)), ())


def test_rows_on_node_ports_are_the_same_rows_again() -> None:
    world, plan = done(node_port=NODE_PORT)

    found = returning(world, plan)

    assert found.seen.new == tuple(row.backend for row in plan.seen.old)
    assert {backend.port for backend in found.seen.new} == {NODE_PORT}
    assert found.seen.scattered == PodTargets(2)


def test_a_node_that_has_gone_has_no_row_any_more() -> None:
    world, plan = done(node_port=NODE_PORT)
    world.cluster.lose(ObjectRef("v1", "Node", "", "node-0"))

    assert {backend.address for backend in returning(world, plan).seen.new} == {"10.1.0.2"}


def test_the_returning_pods_are_told_by_their_own_label_or_by_one_that_is_added() -> None:
    assert telling(done()[1]) == (("version", "v1"),)
    assert telling(done(unlabelled=True)[1]) == (("version", "not-v2"),)


def test_an_added_label_is_told_of_and_stays_for_taking_it_out_would_restart_the_pods() -> None:
    world, plan = done(unlabelled=True)

    found = returning(world, plan)

    made = next(m for m in found.manifests if mapping(m)["kind"] == "Deployment")
    assert labels(made, "spec", "template", "metadata", "labels") == {"app": OLD, "version": "not-v2"}
    assert any(row.path == "spec.template.metadata.labels.version" for row in found.differences)


def test_what_is_applied_is_what_was_kept_without_what_the_server_kept_in_it() -> None:
    world, plan = done()

    made = mapping(returning(world, plan).manifests[-1])

    assert made["spec"] == mapping(plan.seen.source, "spec")
    assert "status" not in made
    assert not {"uid", "resourceVersion", "creationTimestamp"} & mapping(made, "metadata").keys()
    assert labels(made, "metadata", "labels") == {"app": OLD, MANAGED_BY: "migrator"}


def test_the_marks_of_the_run_go_at_its_end_and_so_does_the_last_label_of_the_services() -> None:
    world, plan = done()

    confirm = next(step for step in returning(world, plan).steps if isinstance(step, Confirm))

    by_ref = {change.ref: change.patch for change in confirm.restore}
    marks = {"metadata": {"labels": {MANAGED_BY: None}, "annotations": {DIGEST: None}}}
    assert by_ref == {SERVICE: {"spec": {"selector": {"version": None}}}, DEPLOYMENT: marks, SCALER: marks}


def test_a_service_that_selected_by_the_label_selects_by_it_at_the_end_and_one_of_an_older_plan_by_it_no_more() -> None:
    """The label that tells the returning pods may be one by which the Service has always selected."""
    world, plan = done()
    back = reversed_spec(plan, 7)
    kept = back.target
    assert isinstance(kept, Kept)
    assert kept.selected == {SERVICE.name: {"version": None}}

    always = replace(back, target=replace(kept, selected={SERVICE.name: {"version": "v1"}}))
    older = replace(back, target=replace(kept, selected=None))

    last = {
        name: [change.last for change in world.plan(spec).changes if change.ref == SERVICE]
        for name, spec in (("always", always), ("older", older))
    }
    assert last == {"always": [None], "older": [{"spec": {"selector": {"version": None}}}]}


def test_what_scaled_it_comes_back_when_it_serves_alone() -> None:
    world, plan = done()
    titles = [text(step.title) for step in returning(world, plan).steps]

    assert titles[-3:] == ["Retire", "Restore companions", "Confirm new"]
    assert ("create", "autoscaling/v2", "HorizontalPodAutoscaler", "edge") in permissions(
        reversed_spec(plan, 7), UNDECLARED
    )


def test_nothing_comes_back_where_nothing_was_removed_besides() -> None:
    world, plan = done()
    plan = replace(plan, seen=replace(plan.seen, companions=()))

    assert not any(isinstance(step, Restore) for step in returning(world, plan).steps)


def test_what_both_runs_made_for_themselves_is_removed_with_the_daemonset() -> None:
    world, plan = done()

    retire = next(step for step in returning(world, plan).steps if isinstance(step, Retire))

    assert (retire.source, retire.companions, retire.spare) == (DAEMONSET, (), (COMPANION, RETURNING))


def test_a_service_leads_to_the_leaving_pods_until_retire_and_its_undo_gives_back_what_it_is() -> None:
    world, plan = done()
    now = mapping(world.cluster.get(SERVICE), "spec")

    (change,) = [each for each in returning(world, plan).changes if each.ref == SERVICE]

    assert change.patch == {}
    after = mapping(merged(merged({"spec": now}, change.after), {}), "spec")
    assert after["selector"] == {"app": OLD, "version": "v1"}
    assert mapping(merged({"spec": after}, change.undo), "spec") == now
    assert mapping(merged({"spec": after}, change.last), "spec")["selector"] == {"app": OLD}


def test_a_service_that_would_catch_the_returning_pods_is_narrowed_to_the_leaving_ones() -> None:
    world, plan = done()
    stored_service(world, "wide", app=OLD)

    change = next(each for each in returning(world, plan).changes if each.ref.name == "wide")

    assert change.patch == {"spec": {"selector": {"version": "v2"}}}
    assert mapping(change.undo, "spec")["selector"] == {"version": None}


def test_a_node_port_is_led_over_before_weights_and_back_before_the_pods_go() -> None:
    world, plan = done(node_port=NODE_PORT)

    found = returning(world, plan)

    lead = next(step for step in found.steps if isinstance(step, Lead))
    route = [text(step.title) for step in found.steps]
    assert [change.ref for change in lead.changes] == [SERVICE]
    assert route.index("AwaitReady") < route.index("Lead") < route.index("VerifyConfig")
    way_back = [text(step.title) for step in back(found, Preflight())]
    assert way_back.index("Detach new") < way_back.index("Lead back") < way_back.index("Remove new")
    assert any(isinstance(step, LeadBack) for step in back(found, Preflight()))
    assert "return.node-port" in codes(world, plan)


@pytest.mark.parametrize(("node_port", "pointed"), [(0, True), (NODE_PORT, False)], ids=["inside alone", "node ports"])
def test_what_retire_leads_over_is_led_back_first_and_a_node_port_only_when_nobody_is_sent_there(
    node_port: int, pointed: bool
) -> None:
    world, plan = done(node_port=node_port)
    found = returning(world, plan)
    retire = next(step for step in found.steps if isinstance(step, Retire))

    way_back = back(found, retire)

    assert isinstance(way_back[0], PointBack) is pointed
    assert any(isinstance(step, LeadBack) for step in way_back) is not pointed


def test_what_was_narrowed_is_narrow_again_when_it_is_pointed_back() -> None:
    world, plan = done()
    stored_service(world, "wide", app=OLD)

    change = next(each for each in returning(world, plan).changes if each.ref.name == "wide")

    assert mapping(change.back, "spec")["selector"] == {"version": "v2"}


def test_the_forecast_names_pods_by_number_and_the_calls_count_them() -> None:
    world, plan = done()

    found = returning(world, plan)

    assert [str(backend) for backend in found.seen.coming] == ["l-1/pod 1:8080", "l-1/pod 2:8080"]
    calls = {text(span.title): span.calls for span in timeline(found).spans}
    assert calls["AwaitReady"] == (say("estimate.reads-pods", pods=2),)
    assert calls["Attach new"] == (say("estimate.register", backends=2, calls=1),)
    assert calls["Guard"] == (say("estimate.reads-only"),)


def test_a_service_that_changes_after_the_plan_is_told_as_moved() -> None:
    world, plan = done()
    before = returning(world, plan)
    world.cluster.patch(PatchObject(SERVICE, {"spec": {"selector": {"else": "x"}}}, str(before.changes[0].uid)))

    assert moved(before.seen.facts, returning(world, plan).seen.facts)


def test_a_gateway_without_istio_needs_no_service_of_its_own() -> None:
    world, plan = done(replace(ONE, gateway=GatewaySpec("envoy")))

    assert [mapping(m)["kind"] for m in returning(world, plan).manifests] == ["Deployment"]


def test_a_plan_without_a_manifest_kept_nothing() -> None:
    _, plan = done()

    assert kept(replace(plan, seen=replace(plan.seen, source=None))) == {}


def test_replicas_that_were_left_out_are_one() -> None:
    _, plan = done()
    source = mapping(merged(plan.seen.source, {"spec": {"replicas": None}}))
    target = reversed_spec(replace(plan, seen=replace(plan.seen, source=source)), 7).target

    assert target.pod_targets.replicas == 1


def test_pods_that_were_dialled_on_a_host_port_are_known_by_their_nodes_once_they_run() -> None:
    _, plan = done()
    port = {"containerPort": OLD_PORT, "hostPort": 9090}
    containers = [{"name": "gateway", "image": "envoy", "ports": [port]}]
    source = mapping(merged(plan.seen.source, {"spec": {"template": {"spec": {"containers": containers}}}}))  # type: ignore[dict-item]
    rows = (Weighted(Backend("l-1", "10.1.0.1", 9090), 100),)

    target = reversed_spec(replace(plan, seen=replace(plan.seen, source=source, old=rows, doors=())), 7).target

    assert target.pod_targets.ports == (PodPort("l-1", 9090, Entry.HOST_PORT),)


def test_the_groups_of_the_old_rows_are_the_new_sides_groups_of_the_plan_back() -> None:
    _, plan = done()
    rows = (Weighted(Backend("l-1", "10.0.0.1", OLD_PORT, "arn:one"), 100),)
    plan = replace(plan, seen=replace(plan.seen, old=rows))

    spec = reversed_spec(plan, 7, "newGroups")

    assert groups(plan) == {"l-1": "arn:one"}
    assert dict(spec.balancer.options)["newGroups"] == "l-1=arn:one"


def in_groups(*rows: tuple[str, int, int]) -> tuple[Weighted, ...]:
    """Give old rows by group, port and weight."""
    return tuple(
        Weighted(Backend("l-1", f"10.0.0.{i}", port, ref), weight) for i, (ref, port, weight) in enumerate(rows)
    )


@pytest.mark.parametrize(
    ("rows", "group"),
    [
        pytest.param(in_groups(("a", 8080, 30), ("b", 8080, 70), ("a", 8080, 30)), "b", id="the one with most weight"),
        pytest.param(in_groups(("b", 8080, 50), ("a", 8080, 50)), "a", id="alike: the first by name"),
        pytest.param(in_groups(("a", 8080, 50), ("b", 9090, 50)), "", id="several on different ports"),
        pytest.param(in_groups(("a", 8080, 50), ("a", 9090, 50)), "a", id="one on different ports"),
        pytest.param(in_groups(("a", 8080, 50), ("", 8080, 50)), "", id="one that nobody names"),
    ],
)
def test_pods_that_were_in_several_groups_return_to_the_heaviest_where_that_is_the_same_for_a_client(
    rows: tuple[Weighted, ...], group: str
) -> None:
    _, plan = done()

    assert groups(replace(plan, seen=replace(plan.seen, old=rows))) == {"l-1": group}


def test_the_spec_of_a_plan_back_says_what_it_is_of() -> None:
    _, plan = done()
    spec = reversed_spec(plan, 7)

    assert spec.source == SourceSpec("DaemonSet", NEW)
    assert isinstance(spec.target, Kept)
    assert (spec.name, spec.target.run, spec.target.plan) == ("edge-back", 7, plan.id)


def test_a_plan_forward_returns_nothing() -> None:
    world = FakeWorld()

    assert list(replicas_as_kept(propose(world.look(), SPEC))) == []
