"""What a new pod cannot have: gates that nobody sets on it, and fields that the node's network or a DaemonSet forbids."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.target import Network
from migrator.domain.planning.checks.workloads.derivation import undecided
from migrator.domain.planning.derive import derive
from migrator.domain.planning.derive.live import template_of
from migrator.domain.planning.proposal import propose
from tests.domain.planning.derive.gateways import NAMESPACE, deployment, spec, world

GATES = ("cloud.example/ready", "health.example/")
CLOUDS = (
    "cloud.tencent.com/load-balancer-backendgroup-ready",
    "service.readiness.alibabacloud.com/gateway",
    "target-health.alb.k8s.alibabacloud",
    "target-health.elbv2.k8s.aws/k8s-edge-gw-1234",
)


def source(**pod: Any) -> Manifest:
    made = deployment()
    mapping(made, "spec", "template", "spec").update(pod)
    return made


def gated(*gates: str) -> Manifest:
    return source(readinessGates=[{"conditionType": gate} for gate in gates])


def pod_of(made: Manifest) -> Any:
    return mapping(made, "spec", "template", "spec")


def test_gates_of_clouds_controllers_go_and_others_stay() -> None:
    found, said = derive(gated("cloud.example/ready", "mine/ready", "health.example/x"), spec(), gates=GATES)

    assert pod_of(found)["readinessGates"] == [{"conditionType": "mine/ready"}]
    assert say("derived.controllers-gate") in [row.reason for row in said]
    assert "readinessGates" not in pod_of(derive(gated("cloud.example/ready"), spec(), gates=GATES)[0])


@pytest.mark.parametrize("gate", CLOUDS)
@pytest.mark.parametrize("network", [Network.HOST, Network.HOST_PORT])
def test_the_clouds_that_we_know_have_told_theirs(gate: str, network: Network) -> None:
    assert "readinessGates" not in propose(world(gated(gate)), spec(network=network)).new_pod


def told(seen: Any) -> list[tuple[str, str, Any]]:
    found = [f for f in undecided(propose(seen, spec())) if f.code == "derive.readiness-gate"]
    assert all(f.severity is Severity.WARN for f in found)
    return [(f.code, f.variant, f["gate"]) for f in found]


def live(**pod: Any) -> Manifest:
    made = pod_of(deployment())
    meta: Any = {"name": "gateway-x-1", "namespace": NAMESPACE, "labels": {"app": "gateway"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {**made, **pod}}


def test_a_gate_that_somebody_must_set_is_told() -> None:
    assert told(world(gated("mine/ready"))) == [("derive.readiness-gate", "", "mine/ready")]


def test_a_gate_that_a_webhook_puts_into_live_pods_is_told_once() -> None:
    rows = {"readinessGates": [{"conditionType": CLOUDS[3]}]}

    assert told(world(pods=(live(**rows),))) == [("derive.readiness-gate", "injected", CLOUDS[3])]
    assert told(world(gated(CLOUDS[3]), pods=(live(**rows),))) == []


def test_a_template_from_a_live_pod_has_the_gates_of_its_workload_and_no_others() -> None:
    pod = live(readinessGates=[{"conditionType": "injected"}])

    assert "readinessGates" not in pod_of({"spec": {"template": template_of(pod, deployment())}})
    assert pod_of({"spec": {"template": template_of(pod, gated("mine"))}})["readinessGates"] == [
        {"conditionType": "mine"}
    ]


IMPOSSIBLE = [
    pytest.param({"hostUsers": False}, "derived.nodes-users", id="users of its own"),
    pytest.param({"setHostnameAsFQDN": True}, "derived.nodes-host-name", id="a full host name"),
    pytest.param({"hostnameOverride": "edge"}, "derived.nodes-host-name", id="a host name of its own"),
]
GROUPED = [
    pytest.param({"schedulingGates": [{"name": "wait"}]}, "derived.no-gates", id="scheduling gates"),
    pytest.param({"schedulingGroup": {"podGroupName": "g"}}, "derived.no-group", id="a scheduling group"),
    pytest.param({"activeDeadlineSeconds": 60}, "derived.no-end", id="an end"),
]


@pytest.mark.parametrize(("given", "reason"), [*IMPOSSIBLE, *GROUPED])
def test_what_a_pod_in_its_nodes_network_cannot_have_goes_and_is_said(given: Any, reason: str) -> None:
    found, said = derive(source(**given), spec())

    assert not given.keys() & pod_of(found).keys()
    assert reason in [row.reason.code for row in said]


@pytest.mark.parametrize(("given", "reason"), IMPOSSIBLE)
def test_in_its_own_network_a_pod_keeps_it(given: Any, reason: str) -> None:
    found, said = derive(source(**given), spec(network=Network.HOST_PORT))

    assert given.items() <= pod_of(found).items()
    assert reason not in [row.reason.code for row in said]


def test_the_nodes_users_stay_and_a_mount_that_needs_own_users_goes_with_them() -> None:
    rows = [{"name": "proxy", "image": "x", "securityContext": {"procMount": "Unmasked", "runAsUser": 0}}]

    (proxy,) = pod_of(derive(source(hostUsers=False, containers=rows), spec())[0])["containers"]
    assert proxy["securityContext"] == {"runAsUser": 0}
    assert pod_of(derive(source(hostUsers=True), spec())[0])["hostUsers"] is True


def beside(*names: str, network: Network = Network.HOST, template: Any = None) -> list[str]:
    rows = [{"name": name, "image": "i"} for name in ("proxy", "shutdown", *names)]
    seen = world(template or deployment(), pods=(live(containers=rows),))
    found = [f for f in undecided(propose(seen, spec(network=network))) if f.code == "derive.container-stays-away"]
    assert all(f.severity is Severity.BLOCK and f["pod"] == "gateway-x-1" for f in found)
    return [str(f.subject) for f in found]


def test_a_container_of_the_live_pods_that_new_ones_will_not_have_is_named() -> None:
    assert len(beside("linkerd-proxy")) == 1
    assert len(beside("kuma-sidecar", "vault-agent")) == 2


def test_a_sidecar_that_starts_first_counts_and_an_init_container_that_ends_does_not() -> None:
    rows = [{"name": "mesh", "image": "i", "restartPolicy": "Always"}, {"name": "once", "image": "i"}]
    seen = world(pods=(live(initContainers=rows),))

    assert [str(f.subject) for f in undecided(propose(seen, spec())) if f.code == "derive.container-stays-away"] == [
        "subject.container name=mesh part= side="
    ]


def test_containers_of_the_template_and_pods_in_their_own_network_are_no_matter() -> None:
    both = source(containers=[{"name": name, "image": "i"} for name in ("proxy", "shutdown", "linkerd-proxy")])

    assert beside("linkerd-proxy", template=both) == []
    assert beside("linkerd-proxy", network=Network.HOST_PORT) == []
