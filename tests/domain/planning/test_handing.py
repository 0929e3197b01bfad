"""A plan whose sides somebody else makes: what is read of the new one, and what becomes of the owner of the old one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.app.plan.digest import digest
from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.change import Hand
from migrator.domain.model.manifests import Json, Manifest, dig, mapping, merged
from migrator.domain.model.pod_targets import Entry, PodPort, PodTargets
from migrator.domain.model.spec import After, Spec
from migrator.domain.model.target import Existing, Network, PortMapping
from migrator.domain.owners.owner import owner_of
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.existing.handing import handing, spared
from migrator.domain.planning.make_plan import make, permissions
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.steps import HandOver, Retire, Stand, VerifyConfig
from tests.fakes.objects import NAMESPACE, NEW, OLD_PORT
from tests.fakes.standing import SHORT, daemon_set, deployment, made_for, owned, standing
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, SPEC, FakeWorld

SCALED = replace(SHORT, cleanup=replace(SHORT.cleanup, hand_over=Hand.SCALE))
Alter = Callable[[FakeWorld], object]


def proposal(world: FakeWorld, spec: Spec = SHORT, *more: Manifest) -> Proposal:
    """Give what is worked out, with these objects of Envoy Gateway's and the Gateway API's besides."""
    look = world.look(spec)
    kinds = {"Gateway": "GatewayAPI"}
    listed: list[tuple[str, tuple[Json, ...]]] = []
    for kind in dict.fromkeys(str(each["kind"]) for each in more):
        listed.append((kinds.get(kind, kind), tuple(each for each in more if each["kind"] == kind)))
    return propose(replace(look, objects=(*look.objects, *listed)), spec)


def codes(found: Proposal) -> set[str]:
    """Give the codes of this room that the preflight finds."""
    families = ("existing", "handover", "ownership", "selectors", "labels")
    return {row.code for row in preflight(found) if row.code.split(".")[0] in families}


def gateway(name: str, proxy: str = "") -> Manifest:
    refs: Manifest = {"infrastructure": {"parametersRef": {"name": proxy}}} if proxy else {}
    meta: Manifest = {"name": name, "namespace": NAMESPACE}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": meta, "spec": refs}


def proxy(name: str = "first", **kubernetes: Json) -> Manifest:
    meta: Manifest = {"name": name, "namespace": NAMESPACE}
    spec: Manifest = {"provider": {"kubernetes": kubernetes}}
    return {"apiVersion": "gateway.envoyproxy.io/v1alpha1", "kind": "EnvoyProxy", "metadata": meta, "spec": spec}


def service(world: FakeWorld, **spec: Json) -> None:
    """Change the Service of the old pods."""
    mapping(world.cluster.objects[SERVICE], "spec").update(spec)


# --- what is read of the new side -------------------------------------------------------------------------------------
def test_a_daemon_set_on_its_nodes_is_dialled_there_and_told_apart_by_its_own_labels() -> None:
    found = proposal(standing())

    target = found.spec.target
    assert isinstance(target, Existing)
    assert (target.network, target.node_selector) == (Network.HOST, (("role", "gateway"),))
    assert target.labels == (("app", NEW), ("version", "v2"))
    assert target.ports == (PortMapping(OLD_PORT, NEW_PORT),)
    assert {slot.backend.address for slot in found.sides.new} == {node.address for node in found.nodes}
    assert codes(found) == {"existing.standing", "selectors.service-apart"}


def test_a_node_without_a_pod_is_none_of_the_plan() -> None:
    world = standing()
    world.cluster.add_node("other", "10.1.0.9")

    assert {node.name for node in proposal(world).nodes} == {"node-0", "node-1"}


def test_pods_in_their_own_network_are_known_by_their_number_and_port() -> None:
    spec = replace(SHORT, target=Existing(NEW, "Deployment"))
    world = standing(deployment(3))

    found = proposal(world, spec)

    assert found.spec.target.pod_targets == PodTargets(3, (PodPort("l-1", OLD_PORT, Entry.POD),))
    assert (found.nodes, found.sides.new) == ((), ())


@pytest.mark.parametrize(("kind", "entry"), [("Deployment", Entry.HOST_PORT), ("DaemonSet", Entry.POD)])
def test_a_host_port_is_dialled_in_place_of_the_port_inside(kind: str, entry: Entry) -> None:
    ports: Json = [{"containerPort": NEW_PORT, "hostPort": 8088}]
    containers: Json = [{"name": "gateway", "image": "envoy", "ports": ports}]
    made = daemon_set(host=False, containers=containers) if kind == "DaemonSet" else deployment(1)
    mapping(made, "spec", "template", "spec")["containers"] = containers
    spec = replace(SHORT, target=replace(SHORT.target, workload_kind=kind))

    found = proposal(standing(made), spec)

    assert found.spec.target.network is Network.HOST_PORT
    assert found.spec.target.port(OLD_PORT) == 8088
    assert {port.entry for port in found.spec.target.pod_targets.ports} <= {entry}


def test_a_port_that_the_file_does_not_map_is_found_by_the_two_services() -> None:
    world = standing()
    meta: Manifest = {"name": "theirs", "namespace": NAMESPACE}
    ports: Json = [{"port": 443, "targetPort": 1}, {"port": 80, "targetPort": 7777}]
    world.cluster.add(
        {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"selector": {"app": NEW}, "ports": ports}}
    )
    spec = replace(SHORT, target=Existing(NEW, "DaemonSet"))

    assert proposal(world, spec).spec.target.port(OLD_PORT) == 7777


def test_a_listener_of_which_no_port_is_known_has_none_on_the_new_side() -> None:
    world = standing()
    world.balancer.rows.clear()

    assert proposal(world).sides.new == ()


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        pytest.param(lambda world: world.cluster.lose(DAEMONSET), "existing.missing", id="gone"),
        pytest.param(
            lambda world: world.cluster.trouble(NEW, "CrashLoopBackOff"), "existing.not-ready", id="not Ready"
        ),
    ],
)
def test_a_new_side_that_is_not_whole_blocks(alter: Alter, code: str) -> None:
    world = standing()
    alter(world)

    assert code in codes(proposal(world))


def test_pods_that_are_placed_cannot_be_followed_by_node() -> None:
    spec = replace(SHORT, target=Existing(NEW, "Deployment"), after=After.MIGRATOR)

    assert "existing.nodes-by-hand" in codes(proposal(standing(deployment(1)), spec))


# --- whose the old side is, and what becomes of its owner -------------------------------------------------------------
def test_an_owned_workload_is_handed_over_and_nothing_of_its_owner_is_written() -> None:
    world = owned(standing())
    found = proposal(world)
    plan = make(found, world.clock.now(), "ann@ops", digest)

    step = plan.steps[-2]
    assert isinstance(step, HandOver)
    assert [order.command for order in step.orders] == [
        f"kubectl delete gateways.gateway.networking.k8s.io edge -n {NAMESPACE}"
    ]
    assert (plan.changes, plan.manifests, plan.seen.companions) == ((), (), ())
    assert any(isinstance(each, Stand) for each in plan.steps)
    assert codes(found) == {"existing.standing", "handover.orders", "handover.service-goes", "selectors.service-owned"}


@pytest.mark.parametrize("is_owned", [True, False])
def test_what_is_handed_over_need_not_be_removed(is_owned: bool) -> None:
    world = owned(standing()) if is_owned else standing()
    needed = permissions(SHORT, UNDECLARED)
    removal = ("delete", "apps/v1", "Deployment", NAMESPACE)
    assert removal in needed

    found = spared(needed, proposal(world).source, SHORT)

    assert set(needed) - set(found) == ({removal} if is_owned else set())
    assert spared(needed, None, SHORT) == needed


def test_a_workload_that_nobody_owns_is_retired_as_ever() -> None:
    world = standing()
    plan = make(proposal(world), world.clock.now(), "ann@ops", digest)

    assert type(plan.steps[-2]) is Retire
    assert handing(proposal(world)) is None


def test_what_somebody_unknown_owns_is_blocked_and_would_be_left_standing() -> None:
    world = standing()
    look = world.look(SHORT)
    owners: Json = [{"kind": "Edge", "name": "e", "uid": "u"}]
    mapping(look.source, "metadata")["ownerReferences"] = owners
    found = propose(look, SHORT)

    step = make(found, world.clock.now(), "ann@ops", digest).steps[-2]
    assert isinstance(step, HandOver)
    assert step.orders == ()
    assert "ownership.operator" in codes(found)


def test_a_derived_new_side_of_an_owned_workload_is_blocked_as_ever() -> None:
    world = FakeWorld()
    mapping(world.cluster.objects[DEPLOYMENT], "metadata", "labels").update(made_for("edge"))
    found = proposal(world, SPEC)

    assert "ownership.operator" in codes(found)
    given = handing(found)
    assert given is not None
    assert given.orders == ()


def at(address: str) -> Manifest:
    """Give what a Service's status says of its balancer."""
    return {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}}


OURS = "192.0.2.1"
BALANCING = [
    pytest.param({}, None, "handover.owns-balancer", id="nothing tells whose"),
    pytest.param(at(OURS), OURS, "handover.owns-balancer", id="by its address"),
    pytest.param(at("192.0.2.9"), OURS, "handover.orders", id="another one"),
    pytest.param({"metadata": {"annotations": {"any/id": "lb-1"}}}, OURS, "handover.owns-balancer", id="by its id"),
]


@pytest.mark.parametrize(("said", "address", "code"), BALANCING)
def test_nobody_is_told_to_delete_what_the_balancer_goes_with(said: Manifest, address: str | None, code: str) -> None:
    world = owned(standing())
    service(world, type="LoadBalancer")
    held = world.cluster.objects[SERVICE]
    mapping(held, "metadata").update(mapping(said, "metadata"))
    held.update({"status": said["status"]} if "status" in said else {})
    spec = replace(SHORT, balancer=replace(SHORT.balancer, address=address))

    found = proposal(world, spec)

    assert code in codes(found)
    given = handing(found)
    assert given is not None
    assert bool(given.orders) is (code == "handover.orders")


def test_an_owner_may_stay_and_its_pods_go_by_its_own_word() -> None:
    world = owned(standing())
    service(world, type="LoadBalancer")

    found = proposal(world, SCALED, gateway("edge", "first"), gateway("edge-ds", "second"), proxy())

    given = handing(found)
    assert given is not None
    assert given.orders[0].command.startswith(f"kubectl patch envoyproxy first -n {NAMESPACE} --type merge -p '")
    assert given.orders[0].hand is Hand.SCALE
    assert "handover.orders" in codes(found)
    assert "handover.service-goes" not in codes(found)


@pytest.mark.parametrize(
    "objects",
    [
        pytest.param((), id="no EnvoyProxy of its own"),
        pytest.param(
            (gateway("edge", "first"), gateway("edge-ds", "first"), proxy()), id="shared with the other Gateway"
        ),
        pytest.param((gateway("edge", "first"), proxy(envoyHpa={"maxReplicas": 3})), id="an autoscaler counts them"),
    ],
)
def test_without_a_word_for_it_nobody_is_told_to_scale(objects: tuple[Manifest, ...]) -> None:
    assert "handover.no-word" in codes(proposal(owned(standing()), SCALED, *objects))


def test_other_controllers_have_no_word_for_it() -> None:
    world = owned(standing())
    having = mapping(world.cluster.objects[DEPLOYMENT], "metadata")
    having["labels"] = {"gateway.networking.k8s.io/gateway-name": "edge"}

    assert "handover.no-word" in codes(proposal(world, SCALED))


def test_one_owner_of_both_sides_can_hand_over_neither() -> None:
    assert "handover.one-owner" in codes(proposal(owned(standing(), second="edge")))


def test_what_serves_several_gateways_at_once_is_handed_over_by_none() -> None:
    world = owned(standing())
    having = mapping(world.cluster.objects[DEPLOYMENT], "metadata")
    having["labels"] = {"gateway.envoyproxy.io/owning-gatewayclass": "eg"}

    found = proposal(world)

    assert "handover.shared" in codes(found)
    owner = owner_of(world.cluster.objects[DEPLOYMENT])
    assert owner is not None
    assert owner.named == "GatewayClass eg"


def test_an_owned_scaler_or_service_that_would_have_to_be_written_blocks() -> None:
    world = owned(standing())
    mapping(world.cluster.objects[SCALER], "spec").update(minReplicas=1)
    mapping(world.cluster.objects[SERVICE], "metadata")["annotations"] = {
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id": "lb-1"
    }

    assert {"handover.floor", "handover.weights"} <= codes(proposal(world))


def test_an_owned_service_that_would_catch_the_new_pods_blocks() -> None:
    world = owned(standing())
    mapping(world.cluster.objects[DAEMONSET], "spec", "template", "metadata", "labels").update(app="gw")
    mapping(world.cluster.objects[DAEMONSET], "spec", "selector")["matchLabels"] = {"app": "gw", "version": "v2"}

    assert "selectors.service-not-narrowed" in codes(proposal(world))


@pytest.mark.parametrize(
    ("address", "ip", "code"),
    [
        (None, "192.0.2.9", "existing.balances"),
        ("192.0.2.1", "192.0.2.9", "existing.second-balancer"),
        ("192.0.2.1", "", ""),
    ],
)
def test_a_new_side_with_a_balancer_of_its_own_is_told(address: str | None, ip: str, code: str) -> None:
    world = owned(standing())
    meta: Manifest = {"name": "theirs", "namespace": NAMESPACE, "labels": {**made_for("edge-ds")}}
    status: Manifest = {"loadBalancer": {"ingress": [{"ip": ip}]}}
    kind = "LoadBalancer" if ip else "ClusterIP"
    spec: Manifest = {"type": kind, "selector": {"app": NEW}, "ports": [{"port": 80}]}
    world.cluster.add({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec, "status": status})

    found = codes(proposal(world, replace(SHORT, balancer=replace(SHORT.balancer, address=address))))

    assert found & {"existing.balances", "existing.second-balancer"} == ({code} if code else set())


# --- routes of two Gateways -------------------------------------------------------------------------------------------
def route(*parents: Manifest, **accepted: str) -> Manifest:
    """Give an HTTPRoute with these parents, and by Gateway what its controller says of Accepted."""
    meta: Manifest = {"name": "shop", "namespace": NAMESPACE}
    said: Json = [
        {
            "parentRef": {"name": name.replace("_", "-")},
            "conditions": [{"type": "Accepted", "status": status, "reason": "NotAllowedByListeners"}],
        }
        for name, status in accepted.items()
    ]
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": meta,
        "spec": {"parentRefs": list[Json](parents)},
        "status": {"parents": said},
    }


EDGE, DS = {"name": "edge"}, {"name": "edge-ds"}
BY_PORT, DS_BY_PORT = {"name": "edge", "port": 80}, {"name": "edge-ds", "port": 80}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        pytest.param(route(EDGE, edge="True"), {"routes.one-gateway"}, id="the old one alone"),
        pytest.param(
            route(EDGE, {"name": "edge-ds", "namespace": "else"}), {"routes.one-gateway"}, id="another namespace"
        ),
        pytest.param(route(BY_PORT, DS, edge="True", edge_ds="True"), {"routes.one-gateway"}, id="another listener"),
        pytest.param(route(EDGE, DS, edge="True"), {"routes.not-accepted"}, id="nothing is said yet"),
        pytest.param(route(EDGE, DS, edge="True", edge_ds="False"), {"routes.not-accepted"}, id="refused"),
        pytest.param(route(EDGE, DS, edge="True", edge_ds="True"), set(), id="both"),
        pytest.param(route(BY_PORT, DS_BY_PORT, edge="True", edge_ds="True"), set(), id="both, by port"),
        pytest.param(route({"name": "other"}), set(), id="nobody of ours"),
    ],
)
def test_a_route_is_both_gateways_or_the_plan_is_refused(found: Manifest, wanted: set[str]) -> None:
    rows = preflight(proposal(owned(standing()), SHORT, found))

    assert {row.code for row in rows if row.code.startswith("routes.")} == wanted


@pytest.mark.parametrize("having", [{}, {"gateway.envoyproxy.io/owning-gatewayclass": "eg"}])
def test_routes_are_nobodys_business_where_a_side_has_no_gateway_of_its_own(having: dict[str, str]) -> None:
    world = owned(standing())
    mapping(world.cluster.objects[DAEMONSET], "metadata")["labels"] = {**having}

    rows = preflight(proposal(world, SHORT, route(EDGE)))

    assert not [row for row in rows if row.code.startswith("routes.")]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        pytest.param(route(DS), ["HTTPRoute edge/shop"], id="nothing is said yet"),
        pytest.param(route(DS, edge_ds="True"), [], id="accepted"),
        pytest.param(route(EDGE), [], id="another Gateway's"),
    ],
)
def test_a_gateway_on_the_new_side_alone_must_have_accepted_its_routes(found: Manifest, wanted: list[str]) -> None:
    world = owned(standing())
    mapping(world.cluster.objects[DEPLOYMENT], "metadata")["labels"] = {}

    rows = preflight(proposal(world, SHORT, found))

    assert [row.subject for row in rows if row.code == "routes.not-accepted"] == wanted


# --- the second gateway -----------------------------------------------------------------------------------------------
def shown(found: Proposal) -> list[Manifest]:
    """Give the objects that the preflight shows for a second gateway."""
    rows = [row for row in preflight(found) if row.code == "handover.second"]
    return [json.loads(str(line)) for row in rows for line in tuple(row["objects"])]  # type: ignore[arg-type]  # lines of it


def whole(name: str) -> Manifest:
    """Give a Gateway with a listener and an address of its own."""
    made = gateway(name, "first")
    spec: Manifest = {**mapping(made, "spec"), "gatewayClassName": "eg", "listeners": [{"name": "http", "port": 80}]}
    return {**made, "spec": {**spec, "addresses": [{"value": "192.0.2.1"}]}}


def test_what_makes_the_second_gateway_is_shown_as_long_as_none_stands() -> None:
    world = owned(standing())
    first = proxy(
        envoyDeployment={
            "replicas": 3,
            "pod": {"labels": {"team": "edge"}},
            "container": {"image": "envoy:own"},
            "patch": {
                "type": "StrategicMerge",
                "value": {"spec": {"template": {"spec": {"priorityClassName": "high"}}}},
            },
        },
        envoyHpa={"maxReplicas": 9},
        envoyService={"type": "LoadBalancer"},
    )
    assert shown(proposal(world, SHORT, whole("edge"), first)) == []

    world.cluster.lose(DAEMONSET)
    made, beside = shown(proposal(world, SHORT, whole("edge"), first, route(EDGE)))

    kubernetes = mapping(made, "spec", "provider", "kubernetes")
    pod = {"priorityClassName": "high", "hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
    assert kubernetes["envoyService"] == {"type": "ClusterIP"}
    assert kubernetes["envoyDaemonSet"] == {
        "name": NEW,
        "patch": {"type": "StrategicMerge", "value": {"spec": {"template": {"spec": pod}}}},
        "pod": {"labels": {"team": "edge"}},
        "container": {"image": "envoy:own"},
    }
    assert not {"envoyDeployment", "envoyHpa"} & set(kubernetes)
    assert beside["metadata"] == {"name": NEW, "namespace": NAMESPACE}
    assert beside["spec"] == {
        "gatewayClassName": "eg",
        "listeners": [{"name": "http", "port": 80}],
        "infrastructure": {"parametersRef": {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "name": NEW}},
    }


def test_a_plan_that_would_derive_shows_it_on_the_plans_own_nodes() -> None:
    world = FakeWorld()
    mapping(world.cluster.objects[DEPLOYMENT], "metadata", "labels").update(made_for("edge"))

    made, _ = shown(proposal(world, SPEC, gateway("edge")))

    daemon_set = mapping(made, "spec", "provider", "kubernetes", "envoyDaemonSet")
    assert daemon_set["pod"] == {"nodeSelector": {"role": "gateway"}}
    assert shown(proposal(world, SPEC)) == []


def test_how_another_controller_makes_one_is_said_in_its_page() -> None:
    world = FakeWorld()
    mapping(world.cluster.objects[DEPLOYMENT], "metadata", "labels")["gateway.networking.k8s.io/gateway-name"] = "edge"

    assert shown(proposal(world, SPEC, gateway("edge"))) == []


# --- what proves the new side -----------------------------------------------------------------------------------------
def of_istio(world: FakeWorld) -> FakeWorld:
    """Let istiod own both workloads."""
    for ref, name in ((DEPLOYMENT, "edge"), (DAEMONSET, "edge-ds")):
        mapping(world.cluster.objects[ref], "metadata")["labels"] = {"gateway.networking.k8s.io/gateway-name": name}
    return world


def one_side(world: FakeWorld) -> FakeWorld:
    mapping(owned(world).cluster.objects[DAEMONSET], "metadata")["labels"] = {}
    return world


ASKING = replace(SHORT, answers=AnswersSpec())


@pytest.mark.parametrize(
    ("alter", "spec", "wanted"),
    [
        pytest.param(lambda world: world, SHORT, set(), id="nobody owns them"),
        pytest.param(owned, SHORT, set(), id="Envoy Gateway's names are known"),
        pytest.param(of_istio, ASKING, {"parity.by-answers"}, id="istiod's are not"),
        pytest.param(of_istio, SHORT, {"parity.nothing-compares"}, id="and nobody is asked"),
        pytest.param(one_side, ASKING, {"parity.by-answers"}, id="one side alone is owned"),
    ],
)
def test_answers_prove_a_new_side_whose_configuration_cannot_be_compared(
    alter: Callable[[FakeWorld], FakeWorld], spec: Spec, wanted: set[str]
) -> None:
    world = alter(standing())
    found = proposal(world, spec)
    verify = next(
        step for step in make(found, world.clock.now(), "a@b", digest).steps if isinstance(step, VerifyConfig)
    )

    codes = {row.code for row in preflight(found)}
    assert codes & {"parity.by-answers", "parity.nothing-compares"} == wanted
    assert verify.compared is not bool(wanted)


def test_two_products_are_not_compared() -> None:
    spec = replace(ASKING, gateway=replace(SPEC.gateway, kind="envoy"))
    world = standing()
    template = mapping(world.cluster.objects[DAEMONSET], "spec", "template")
    mapping(template, "metadata", "labels")["app.kubernetes.io/managed-by"] = "envoy-gateway"

    assert "parity.by-answers" in {row.code for row in preflight(proposal(world, spec))}


def test_a_gateway_that_has_no_configuration_is_compared_with_nothing_as_ever() -> None:
    spec = replace(SHORT, gateway=replace(SPEC.gateway, kind="none"))

    assert "parity.nothing-compares" not in {row.code for row in preflight(proposal(of_istio(standing()), spec))}


def test_a_second_gateway_s_liveness_asks_for_nothing_that_turns_when_it_is_told_to_go() -> None:
    world = owned(standing())
    alive = {"httpGet": {"path": "/ready", "port": 19003}}
    live = world.cluster.objects[DEPLOYMENT]
    containers: list[Json] = [{"name": "envoy", "livenessProbe": alive}, {"name": "manager"}]
    world.cluster.add(merged(live, {"spec": {"template": {"spec": {"containers": containers}}}}))
    world.cluster.lose(DAEMONSET)
    own: Json = {"spec": {"template": {"spec": {"containers": [{"name": "envoy", "tty": True}]}}}}
    made, _ = shown(proposal(world, SHORT, whole("edge"), proxy(envoyDeployment={"patch": {"value": own}})))

    place = ("provider", "kubernetes", "envoyDaemonSet", "patch", "value", "spec", "template", "spec", "containers")
    steady = {"httpGet": None, "tcpSocket": {"port": 19003}}
    assert dig(made, "spec", *place) == [{"name": "envoy", "tty": True, "livenessProbe": steady}]
