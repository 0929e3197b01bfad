"""Sides in two clusters: what has to be apart, what has to be there, what has to be alike, and who asks whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.drift.in_two import reached_in
from migrator.domain.drift.standing import Rests
from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import CLUSTER, Json, Manifest, mapping
from migrator.domain.model.refs import contexts, home, home_side, place, source_ref, target_ref
from migrator.domain.model.spec import After, Allowance, ClusterSpec, OnSilence, ParitySpec, SilenceSpec, Spec
from migrator.domain.model.target import Derived, PortConflict
from migrator.domain.observation.world import Beyond, Referred, World
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.apart.clusters import Ground
from migrator.domain.planning.clusters.alone import OF_ONE_CLUSTER, alone, stood_alone
from migrator.domain.planning.clusters.looking import recalled, recalled_there, seen_there
from migrator.domain.planning.clusters.referred import referred, says
from migrator.domain.planning.clusters.rights import needed_at
from migrator.domain.planning.make_plan import make, permissions
from migrator.domain.planning.port_conflicts import ways_out
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.planning.route import back
from migrator.domain.steps import Deploy, Remove, Retire
from tests.fakes.clusters import APART, THERE
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.world import SPEC, FakeWorld


def gateway(host: str = "*") -> Manifest:
    """Give an Istio Gateway of the pods of either side."""
    meta: Manifest = {"name": "public", "namespace": NAMESPACE}
    spec: Manifest = {"selector": {"app": "gw"}, "servers": [{"hosts": [host]}]}
    return {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": meta, "spec": spec}


def node(name: str, address: str, **spec: Json) -> Manifest:
    addresses: list[Json] = [{"type": "InternalIP", "address": address}]
    status: Manifest = {"addresses": addresses}
    meta: Manifest = {"name": name}
    return {"apiVersion": "v1", "kind": "Node", "metadata": meta, "spec": spec, "status": status}


def space(uid: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system", "uid": uid}}


def looked(
    here: tuple[tuple[str, tuple[Json, ...]], ...] = (), there: Beyond | None = None, spec: Spec = APART
) -> World:
    """Give a look at both clusters, with these lists of the first besides."""
    look = FakeWorld().look(spec)
    kinds = {"Node", *(kind for kind, _ in here)}
    objects = (*(row for row in look.objects if row[0] not in kinds), *here)
    return replace(look, objects=objects, beyond=there or Beyond())


def proposal(world: World, spec: Spec = APART) -> Proposal:
    return propose(world, spec)


def found(world: World, spec: Spec = APART) -> dict[str, Finding]:
    """Give the findings about clusters, by code."""
    return {row.code: row for row in preflight(proposal(world, spec)) if row.code.startswith("clusters.")}


# --- places --------------------------------------------------------------------------------------------------------
def test_the_side_that_is_not_at_home_names_its_cluster() -> None:
    assert (source_ref(APART).cluster, target_ref(APART).cluster) == ("", THERE)
    assert (place(APART, Side.OLD).cluster.context, place(APART, Side.NEW).cluster.context) == ("a", "b")
    assert (home_side(APART), home(APART).at) == (Side.OLD, "")
    assert contexts(APART) == ("a", "b")
    assert contexts(SPEC) is None
    assert place(SPEC, Side.NEW).at == ""


def test_a_reference_to_the_other_cluster_says_so_and_so_does_a_manifest() -> None:
    plan = make(proposal(looked()), FakeWorld().clock.now(), "me", digest)
    deploy = next(step for step in plan.steps if isinstance(step, Deploy))
    retire = next(step for step in plan.steps if isinstance(step, Retire))
    removed = next(step for step in back(plan, plan.steps[0]) if isinstance(step, Remove))

    assert {ref.cluster for ref in deploy.objects} == {THERE}
    assert {ref.cluster for ref in removed.made} == {THERE}
    assert retire.source.cluster == ""
    assert mapping(plan.manifests[-1], "metadata", "annotations")[CLUSTER] == THERE
    assert str(target_ref(APART)) == f"DaemonSet {THERE}:{NAMESPACE}/{APART.target.name}"


def test_no_service_of_the_old_cluster_is_narrowed_for_pods_of_another() -> None:
    made = proposal(looked())

    assert made.services.leading
    assert made.services.changed == ()
    assert {change.ref.kind for change in made.changes} <= {"HorizontalPodAutoscaler"}


# --- the cluster's identity ----------------------------------------------------------------------------------------
def test_a_plan_rests_on_both_clusters_being_the_ones_that_it_saw() -> None:
    world = looked((("Namespace", (space("c-1"),)),), Beyond((("Namespace", (space("c-2"),)),)))
    rests = make(proposal(world), FakeWorld().clock.now(), "me", digest).seen.rests

    assert (rests.cluster, rests.second) == ("c-1", "c-2")


# --- addresses -----------------------------------------------------------------------------------------------------
def test_clusters_whose_nodes_share_addresses_block() -> None:
    there = Beyond((("Node", (node("x", "10.9.0.1"),)),))
    world = looked((("Node", (node("y", "10.9.0.1"),)),), there)

    assert found(world)["clusters.addresses"]["addresses"] == ("10.9.0.1",)
    assert "clusters.addresses" not in found(looked())


@pytest.mark.parametrize(
    "spec",
    [{"podCIDR": "10.1.0.0/24"}, {"podCIDRs": ["fd00::/64", "10.1.0.0/24", 7, "no range"]}],
    ids=["one range", "several"],
)
def test_a_new_backend_in_the_old_clusters_range_for_pods_blocks(spec: Manifest) -> None:
    world = looked((("Node", (node("y", "10.9.0.1", **spec),)),))

    assert found(world)["clusters.addresses"]["count"] == 3  # the nodes of the plan are 10.1.0.1 to 10.1.0.3


def test_an_old_backend_that_is_a_pods_address_in_the_other_cluster_blocks() -> None:
    address = FakeWorld().look(APART).old.live[0].ref.ip
    pod: Manifest = {"kind": "Pod", "metadata": {"name": "p"}, "status": {"podIP": address}}

    assert found(looked(there=Beyond((("Pod", (pod,)),))))["clusters.addresses"]["addresses"] == (address,)


def test_what_is_no_address_is_nobodys() -> None:
    assert not Ground(looked((("Node", (node("y", "10.9.0.1", podCIDR="10.1.0.0/24"),)),))).has("i-12345")


# --- what the new pods refer to ------------------------------------------------------------------------------------
POD: Manifest = {
    "serviceAccountName": "gateway",
    "imagePullSecrets": [{"name": "registry"}],
    "volumes": [
        {"name": "a", "configMap": {"name": "settings"}},
        {"name": "b", "secret": {"secretName": "certificate"}},
        {
            "name": "c",
            "projected": {"sources": [{"configMap": {"name": "kube-root-ca.crt"}}, {"secret": {"name": "s"}}]},
        },
        {"name": "d", "configMap": {"name": "maybe", "optional": True}},
        {"name": "e", "emptyDir": {}},
    ],
    "containers": [
        {
            "name": "main",
            "envFrom": [{"configMapRef": {"name": "environment"}}, {"secretRef": {"name": "tokens"}}],
            "env": [
                {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "keys", "key": "a"}}},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "b"}}},
                {"name": "C", "value": "c"},
            ],
        }
    ],
}


def test_everything_that_a_pod_names_is_found_but_what_each_cluster_fills_by_itself() -> None:
    assert referred(POD) == (
        ("ConfigMap", "environment"),
        ("ConfigMap", "keys"),
        ("ConfigMap", "settings"),
        ("Secret", "certificate"),
        ("Secret", "keys"),
        ("Secret", "registry"),
        ("Secret", "s"),
        ("Secret", "tokens"),
        ("ServiceAccount", "gateway"),
    )
    assert referred({}) == (("ServiceAccount", "default"),)


def test_what_is_missing_there_or_has_other_data_blocks_and_secrets_are_named_unread() -> None:
    rows = (
        Referred("ConfigMap", "gone", "1", ""),
        Referred("ConfigMap", "other", "1", "2"),
        Referred("ConfigMap", "same", "1", "1"),
        Referred("Secret", "certificate", unread=True),
    )
    seen = found(looked(there=Beyond(referred=rows)))

    assert seen["clusters.referred"]["missing"] == ("ConfigMap gone",)
    assert seen["clusters.referred"]["differing"] == ("ConfigMap other",)
    assert seen["clusters.unread"]["objects"] == ("Secret certificate",)


def test_two_config_maps_say_the_same_when_their_data_is_the_same() -> None:
    first: Manifest = {"kind": "ConfigMap", "metadata": {"uid": "1"}, "data": {"a": "b"}}

    assert says(first) == says({**first, "metadata": {"uid": "2"}})
    assert says(first) != says({**first, "data": {"a": "c"}})
    assert says(None) == ""


# --- what configures both ------------------------------------------------------------------------------------------
def of_both(here: Manifest | None, there: Manifest | None) -> World:
    lists = [(("Gateway", (each,)),) if each is not None else () for each in (here, there)]
    return looked(lists[0], Beyond(lists[1]))


def test_what_says_the_same_in_both_clusters_is_both_sides() -> None:
    world = of_both(gateway(), gateway())
    made = proposal(world)

    assert {row.reach for row, _ in reached_in(recalled(made), recalled_there(made))} == {"both"}
    assert "clusters.resources" not in found(world)


@pytest.mark.parametrize(
    ("here", "there", "key"),
    [
        pytest.param(gateway(), gateway("other"), "differing", id="another content"),
        pytest.param(gateway(), None, "missing", id="not there"),
        pytest.param(None, gateway(), "more", id="only there"),
    ],
)
def test_what_configures_one_side_alone_blocks(here: Manifest | None, there: Manifest | None, key: str) -> None:
    assert found(of_both(here, there))["clusters.resources"][key] == (f"Gateway {NAMESPACE}/public",)


def test_of_one_cluster_nothing_of_this_is_asked() -> None:
    made = propose(FakeWorld().look(SPEC), SPEC)

    assert seen_there(made) is made
    assert recalled_there(made) is None
    assert not {row.code for row in preflight(made) if row.code.startswith("clusters.")}


def test_checks_about_nodes_ask_the_new_sides_cluster() -> None:
    taint: Json = {"key": "busy", "effect": "NoSchedule"}
    nodes = FakeWorld().cluster.list_objects("v1", "Node")
    tainted: tuple[Json, ...] = tuple({**each, "spec": {"taints": [taint]}} for each in nodes)
    world = looked(there=Beyond((("Node", tainted),)))

    assert "nodes.tainted" in {row.code for row in preflight(proposal(world))}
    assert "nodes.tainted" not in {row.code for row in preflight(proposal(looked()))}


# --- what stays behind, and what is not built ----------------------------------------------------------------------
def test_who_comes_through_a_service_of_the_old_cluster_is_told_of() -> None:
    assert found(looked())["clusters.callers"]["services"] == (f"{NAMESPACE}/{OLD}",)


def test_without_a_service_nobody_comes_so() -> None:
    assert "clusters.callers" not in found(looked((("Service", ()),)))


def test_who_looks_after_the_nodes_and_what_becomes_of_a_silent_run_is_as_with_one_cluster() -> None:
    wanted = replace(APART, after=After.MIGRATOR, on_silence=SilenceSpec(then=OnSilence.ROLLBACK))
    guards = next(row for row in preflight(proposal(looked(spec=wanted), wanted)) if row.code == "silence.guard")

    assert "clusters.not-built" not in found(looked(spec=wanted), wanted)
    assert guards["context"] == "a"


@pytest.mark.parametrize("way", PortConflict)
def test_no_way_out_of_a_port_conflict_is_built_for_two_clusters_and_none_is_shown(way: PortConflict) -> None:
    assert isinstance(APART.target, Derived)
    wanted = replace(APART, target=replace(APART.target, port_conflict=way))

    assert found(looked(spec=wanted), wanted)["clusters.not-built"]["what"] == ("portConflict",)
    assert ways_out(proposal(looked(spec=wanted), wanted)) == ()
    assert ways_out(proposal(looked())) == ()


def test_a_controller_of_one_cluster_registers_no_pods_of_another() -> None:
    world = looked()

    held = replace(world, capabilities=replace(world.capabilities, controlled=True))

    assert found(held)["clusters.not-built"]["what"] == ("balancer",)


# --- rights --------------------------------------------------------------------------------------------------------
def test_each_cluster_is_asked_for_the_rights_that_are_needed_there() -> None:
    needed = permissions(APART, UNDECLARED)
    old, new = (set(needed_at(needed, APART, side)) for side in (Side.OLD, Side.NEW))
    home = NAMESPACE

    assert ("delete", "apps/v1", "Deployment", home) in old - new
    assert ("patch", "apps/v1", "DaemonSet", home) in new - old
    assert ("patch", "autoscaling/v2", "HorizontalPodAutoscaler", home) in old - new
    assert ("create", "v1", "ConfigMap", home) in old - new
    assert ("get", "v1", "ConfigMap", home) in old & new
    assert ("create", "coordination.k8s.io/v1", "Lease", home) in old & new
    assert ("get", "v1", "ServiceAccount", home) in old & new
    assert needed_at(needed, SPEC, Side.NEW) == needed
    told = (("create", "v1", "Event", home),)
    assert all(needed_at(told, APART, side)[:1] == told for side in Side)  # each workload's, in its own cluster


def test_a_gateway_that_stands_is_in_one_cluster_whose_gateways_have_the_same_upstreams() -> None:
    mine = Allowance("route/x", "known")
    other = replace(
        APART,
        second=ClusterSpec(NAMESPACE, "b", "/kube/b"),
        parity=ParitySpec((mine, *OF_ONE_CLUSTER)),
    )
    there, here = (alone(other, side) for side in (Side.NEW, Side.OLD))

    assert (there.cluster, there.second) == (ClusterSpec(NAMESPACE, "b", "/kube/b"), None)
    assert (here.cluster, here.second) == (other.cluster, None)
    assert there.parity.allow == (mine,)
    assert alone(SPEC, Side.NEW) is SPEC


def test_a_run_that_has_completed_rests_on_the_new_sides_cluster_and_on_the_balancer_alone() -> None:
    world = looked((("Namespace", (space("c-1"),)),), Beyond((("Namespace", (space("c-2"),)),)))
    plan = make(proposal(world), FakeWorld().clock.now(), "me", digest)
    alone_there, rests = stood_alone(plan), plan.seen.rests

    assert alone_there.spec == alone(plan.spec, Side.NEW)
    assert alone_there.seen.rests == Rests("c-2", health=rests.health, steering=rests.steering)
    assert stood_alone(alone_there) is alone_there
