"""A look and a plan of somebody else's gateway as its vendor renders it, in a cluster that has nothing else."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from migrator.app.plan.digest import digest
from migrator.app.plan.planning import look
from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, labels, mapping, number, text
from migrator.domain.model.spec import BalancerSpec, ClusterSpec, GatewaySpec, ListenerSpec, SourceSpec, Spec
from migrator.domain.model.target import Derived, Network, PortMapping
from migrator.domain.observation.world import containers, target_port
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.matrix import Audit, audit
from migrator.domain.planning.plan import Plan
from migrator.domain.ports.outside import Readers
from tests.fakes.balancer import PLAIN, FakeBalancer
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways
from tests.fakes.world import SPEC, FakeWorld, QuickCluster

STATUS = "sidecar.istio.io/status"
AT = datetime(2026, 1, 1, tzinfo=UTC)
OWNER = "test-owner-reference-uid-for-gatewayclass"


@dataclass(frozen=True)
class Planned:
    """What a plan is made of: its findings, the audit, and itself."""

    plan: Plan
    audit: Audit

    @property
    def blocks(self) -> set[str]:
        """Give the codes that block."""
        return {found.code for found in self.plan.findings if found.severity == "block"}

    def of(self, code: str) -> list[Finding]:
        """Give the findings of a code."""
        return [found for found in self.plan.findings if found.code == code]


def planned(
    objects: Sequence[Manifest], source: Manifest, kind: str, network: Network, moved: dict[int, int]
) -> Planned:
    """Plan the move of a Deployment among these objects; the balancer dials its pods' own addresses."""
    clock = FakeClock()
    cluster, balancer, rest = QuickCluster(clock), FakeBalancer(clock, PLAIN), FakeWorld()
    for index in range(3):
        cluster.add_node(f"node-{index}", f"10.1.0.{index + 1}", role="gateway")
        cluster.objects[ObjectRef("v1", "Node", "", f"node-{index}")]["metadata"]["labels"]["kubernetes.io/os"] = (
            "linux"  # type: ignore[index]  # a manifest's values are of any JSON type
        )
    space, name = text(source, "metadata", "namespace"), text(source, "metadata", "name")
    cluster.add(_thing("v1", "Namespace", space))
    cluster.add({**_thing("gateway.networking.k8s.io/v1", "GatewayClass", "envoy-gateway-class", OWNER), "spec": {}})
    for each in objects:
        if text(each, "kind") != "Namespace":
            cluster.add(each)
    clock.advance(5.0)
    inject(cluster)
    for pod in cluster.workload(ObjectRef("apps/v1", "Deployment", space, name)).pods:
        balancer.add(Backend("l-1", pod.ref.ip, port_of(source, objects)), 100)
    readers = Readers(balancer, cluster, FakeGateways(clock), rest, rest)
    proposal = look(_spec(space, name, kind, network, moved), readers)
    return Planned(planning.make(proposal, AT, "ann", digest), audit(proposal))


def inject(cluster: QuickCluster) -> None:
    """Fill in the pods that wait for Istio's webhook, as it does."""
    for ref, shared in list(cluster.objects.items()):
        pod = copy.deepcopy(shared)  # a pod shares its spec with the template that it was made from
        proxy: Json = next((row for row in items(pod, "spec", "containers") if text(row, "image") == "auto"), None)
        if ref.kind == "Pod" and isinstance(proxy, dict):
            proxy["image"] = "docker.io/istio/proxyv2:1.29.1"
            annotations_of_pod = mapping(pod, "metadata", "annotations")
            mapping(pod, "metadata")["annotations"] = {**annotations_of_pod, STATUS: "{}"}
            cluster.objects[ref] = pod
    cluster.clock.advance(1.0)


def _thing(api: str, kind: str, name: str, uid: str = "") -> Manifest:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **({"uid": uid} if uid else {})}}


def _spec(space: str, name: str, kind: str, network: Network, moved: dict[int, int]) -> Spec:
    ports = tuple(PortMapping(old, new) for old, new in moved.items())
    target = Derived(f"{name}-ds", network=network, node_selector=(("role", "gateway"),), ports=ports)
    return replace(
        SPEC,
        cluster=ClusterSpec(space),
        source=SourceSpec("Deployment", name),
        target=target,
        gateway=GatewaySpec(kind),
        balancer=BalancerSpec("fake", "lb-1", (ListenerSpec("l-1", 80),)),
    )


def port_of(source: Manifest, objects: Sequence[Manifest]) -> int:
    """Give the port on which the gateway answers clients: where a Service's port 80 or first port leads, else its own first."""
    having = labels(source, "spec", "template", "metadata", "labels").items()
    services = [each for each in objects if text(each, "kind") == "Service"]
    leading = [each for each in services if labels(each, "spec", "selector").items() <= having]
    rows = [row for each in leading for row in items(each, "spec", "ports")]
    led = [target_port(source, row) for row in sorted(rows, key=lambda row: number(row, "port") != 80)]
    own = [number(row, "containerPort") for container in containers(source) for row in items(container, "ports")]
    return next((port for port in (*led, *own) if port), 80)
