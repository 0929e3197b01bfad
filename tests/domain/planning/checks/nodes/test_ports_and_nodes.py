"""Ports on the nodes, and the nodes themselves: what keeps a new pod Pending, or lets it share a port without a sound."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.model.change import Node
from migrator.domain.model.kubernetes import quantity, requests_of
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.model.target import TolerationSpec
from migrator.domain.planning.checks.nodes import capacity, ports
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    HOST_PORT,
    NEW,
    SPEC,
    codes,
    deployment,
    mapped,
    node,
    pod,
    service,
    with_container,
    world,
)


def holding(port: int, owner: str = "other", kind: str = "ReplicaSet", where: str = "node-1", **more: Any) -> Manifest:
    return pod("p", {}, owner, kind, where, containers=[{"name": "c", "ports": [{"containerPort": port, **more}]}])


HELD = [
    pytest.param(holding(18080, hostPort=18080), True, id="a host port"),
    pytest.param(
        {**holding(18080), "spec": {**holding(18080)["spec"], "hostNetwork": True}},
        True,
        id="a port on its node's network",
    ),  # type: ignore[dict-item]
    pytest.param(holding(18080), False, id="a port in its own network"),
    pytest.param(holding(18080, hostPort=18080, protocol="UDP"), False, id="another protocol"),
    pytest.param(holding(18080, hostPort=18081), False, id="another port"),
    pytest.param(holding(18080, where="elsewhere", hostPort=18080), False, id="another node"),
    pytest.param(holding(18080, NEW, "DaemonSet", hostPort=18080), False, id="our own pod"),
    pytest.param(
        {**holding(18080, hostPort=18080), "status": {"phase": "Succeeded"}}, False, id="a pod that has ended"
    ),
    pytest.param(holding(18080, hostPort=18080, hostIP="127.0.0.1"), True, id="one address of the node"),
]


@pytest.mark.parametrize(("made", "taken"), HELD)
def test_a_host_port_that_somebody_holds_blocks(made: Manifest, taken: bool) -> None:
    assert codes(ports.ports_are_free(propose(world(made), SPEC))) == ({"ports.taken block"} if taken else set())


def test_the_same_owner_on_many_nodes_is_one_finding() -> None:
    others = [holding(18080, where=f"node-{index}", hostPort=18080) for index in (1, 2, 3)]

    (found,) = ports.ports_are_free(propose(world(*others), SPEC))

    assert found.subject == nodes_subject(["node-1", "node-2", "node-3"])


def test_a_sidecar_that_restarts_always_holds_its_ports_too() -> None:
    sidecar = {"name": "s", "restartPolicy": "Always", "ports": [{"containerPort": 1, "hostPort": 18080}]}
    once = {**sidecar, "restartPolicy": ""}

    assert codes(ports.ports_are_free(propose(world(pod("p", {}, where="node-1", initContainers=[sidecar])), SPEC)))
    assert not list(ports.ports_are_free(propose(world(pod("p", {}, where="node-1", initContainers=[once])), SPEC)))


def test_a_port_of_the_node_port_range_warns_and_a_given_one_blocks() -> None:
    given = service("other", {"app": "x"}, type="NodePort", ports=[{"port": 80, "nodePort": 30080}])

    assert codes(ports.node_ports_keep_out(propose(world(), mapped((8080, 30081))))) == {"ports.node-port-range warn"}
    assert "ports.node-port-taken block" in codes(
        ports.node_ports_keep_out(propose(world(given), mapped((8080, 30080))))
    )
    assert not list(ports.node_ports_keep_out(propose(world(given), SPEC)))


def test_no_listener_moves_to_a_port_of_istio_and_its_own_ports_may_stay() -> None:
    assert codes(ports.reserved_ports_stay(propose(world(), mapped((8080, 15090))))) == {"ports.istio-reserved block"}
    assert not list(ports.reserved_ports_stay(propose(world(), mapped((15021, 15021), (8080, 80)))))


def test_two_envoys_on_one_nodes_network_block() -> None:
    twin = pod("twin", {}, "other", where="node-2", hostNetwork=True, containers=[{"name": "istio-proxy"}])
    apart = pod("twin", {}, "other", where="node-2", containers=[{"name": "istio-proxy"}])
    nginx = replace(SPEC, gateway=GatewaySpec("nginx"))

    assert codes(ports.nobody_shares_a_port(propose(world(twin), SPEC))) == {"ports.shared-proxy block"}
    assert not list(ports.nobody_shares_a_port(propose(world(apart), SPEC)))
    assert not list(ports.nobody_shares_a_port(propose(world(twin), HOST_PORT)))
    assert not list(ports.nobody_shares_a_port(propose(world(twin), nginx)))


TAINT = {"key": "role", "value": "gateway", "effect": "NoSchedule"}
NODES = [
    pytest.param(node(), set(), id="a plain node"),
    pytest.param(node(spec={"taints": [TAINT]}), {"nodes.tainted block"}, id="a taint nobody tolerates"),
    pytest.param(
        node(spec={"taints": [{**TAINT, "effect": "PreferNoSchedule"}]}), set(), id="a taint that only advises"
    ),
    pytest.param(
        node(spec={"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]}),
        set(),
        id="a taint of Kubernetes",
    ),
    pytest.param(node(spec={"unschedulable": True}), {"nodes.cordoned warn"}, id="a cordoned node"),
    pytest.param(
        node(status={"conditions": [{"type": "Ready", "status": "Unknown"}]}),
        {"nodes.not-ready block"},
        id="a lost node",
    ),
    pytest.param(node(status={"conditions": [{"type": "Ready", "status": "True"}]}), set(), id="a Ready node"),
    pytest.param(node("elsewhere", spec={"taints": [TAINT]}), set(), id="a node that is not the plan's"),
]


@pytest.mark.parametrize(("made", "found"), NODES)
def test_each_node_of_the_plan_must_take_a_pod(made: Manifest, found: set[str]) -> None:
    assert codes(capacity.nodes_let_pods_in(propose(world(made), SPEC))) == found


def test_a_toleration_of_the_plan_lets_pods_in() -> None:
    tolerant = replace(
        SPEC, target=replace(SPEC.target, tolerations=(TolerationSpec("role", "Equal", "gateway", "NoSchedule"),))
    )

    assert not list(capacity.nodes_let_pods_in(propose(world(node(spec={"taints": [TAINT]})), tolerant)))


ROOM = {"status": {"allocatable": {"cpu": "2", "memory": "4Gi", "pods": "110"}}}
ASKING = {"resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}}


@pytest.mark.parametrize(
    ("used", "found"),
    [
        pytest.param({"cpu": "1500m"}, set(), id="just enough"),
        pytest.param({"cpu": "1501m"}, {"nodes.full block"}, id="a millicore too little"),
        pytest.param({"memory": "3.5Gi"}, {"nodes.full block"}, id="too little memory"),
    ],
)
def test_a_node_without_room_blocks(used: dict[str, str], found: set[str]) -> None:
    neighbour = pod("n", {}, "x", where="node-1", containers=[{"resources": {"requests": used}}])
    seen = world(node(**ROOM), neighbour, source=deployment(with_container(**ASKING)))

    assert codes(capacity.nodes_have_room(propose(seen, SPEC))) == found


def test_a_pod_of_high_priority_throws_others_out_which_warns() -> None:
    neighbour = pod("n", {}, "x", where="node-1", containers=[{"resources": {"requests": {"cpu": "2"}}}])
    made = with_container(**ASKING)
    made["spec"]["priorityClassName"] = "system-cluster-critical"  # type: ignore[index, call-overload]

    found = capacity.nodes_have_room(propose(world(node(**ROOM), neighbour, source=deployment(made)), SPEC))

    assert codes(found) == {"nodes.full warn"}


def test_nodes_must_exist_have_addresses_and_be_enough() -> None:
    assert codes(capacity.nodes_to_run_on(propose(replace(world(), nodes=()), SPEC))) == {"nodes.none block"}
    assert codes(
        capacity.nodes_to_run_on(propose(replace(world(), nodes=(Node("a", ""), Node("b", "10.1.0.2"))), SPEC))
    ) == {
        "nodes.no-address block",
        "nodes.few warn",
    }


STRATEGIES = [
    pytest.param({"type": "RollingUpdate"}, {"capacity.update-strategy block"}, id="rolling updates during the run"),
    pytest.param({"rollingUpdate": {"maxSurge": 1}}, {"capacity.surge block"}, id="a surge on host ports"),
    pytest.param({}, set(), id="nothing said"),
]


@pytest.mark.parametrize(("strategy", "found"), STRATEGIES)
def test_an_update_strategy_of_the_patch_is_checked(strategy: Any, found: set[str]) -> None:
    patched = replace(SPEC, target=replace(SPEC.target, patch={"spec": {"updateStrategy": strategy}}))

    assert codes(capacity.updates_are_safe(propose(world(), patched))) == found


@pytest.mark.parametrize(
    ("said", "number"),
    [("500m", 0.5), ("2", 2.0), ("1Gi", 2.0**30), ("1k", 1000.0), (3, 3.0), ("x", None), (True, None)],
)
def test_quantities_are_read_as_kubernetes_writes_them(said: Any, number: float | None) -> None:
    assert quantity(said) == number


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        pytest.param({}, {"cpu": 1.0}, id="its containers"),
        pytest.param({"resources": {"requests": {"cpu": "3", "memory": "odd"}}}, {"cpu": 3.0}, id="the pod as a whole"),
        pytest.param(
            {"overhead": {"cpu": "250m", "memory": None}}, {"cpu": 1.25, "memory": 0.0}, id="its runtime besides"
        ),
    ],
)
def test_what_a_pod_asks_of_its_node_is_what_the_scheduler_counts(spec: Any, asked: dict[str, float]) -> None:
    rows = [{"resources": {"requests": {"cpu": "500m"}}}, {"resources": {"requests": {"cpu": "0.5"}}}]

    assert requests_of({"containers": rows, **spec}) == asked
