"""A sound world to spoil: an Istio gateway on pod addresses, three free nodes, and the plan that moves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from migrator.adapters.balancers import clouds, profile_of
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Finding
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, merged
from migrator.domain.model.spec import After, BalancerSpec, ClusterSpec, GatewaySpec, ListenerSpec, SourceSpec, Spec
from migrator.domain.model.target import Derived, Network, PortMapping
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.world import World

SPACE, OLD, NEW = "gateways", "gw", "gw-ds"
SHARED = {"app": "gw", "istio": "ingressgateway"}
LABELS = {**SHARED, "version": "v1"}
HASH = "6f7d"
SPEC = Spec(
    name="edge",
    cluster=ClusterSpec(SPACE),
    source=SourceSpec("Deployment", OLD),
    target=Derived(NEW, ports=(PortMapping(8080, 18080),), labels=(("version", "v2"),)),
    gateway=GatewaySpec("istio"),
    balancer=BalancerSpec("tencent", "lb-1", (ListenerSpec("l-1", 80),)),
    after=After.MANUAL,
)
HOST_PORT = replace(SPEC, target=replace(SPEC.target, network=Network.HOST_PORT))
HEALTHY = HealthCheck("l-1", port=15021, path="/healthz/ready")


def mapped(*pairs: tuple[int, int]) -> Spec:
    """Give the spec with these ports moved."""
    return replace(SPEC, target=replace(SPEC.target, ports=tuple(PortMapping(old, new) for old, new in pairs)))


def thing(kind: str, name: str, spec: Any = None, space: str = SPACE, api: str = "v1", **meta: Any) -> Manifest:
    """Give an object; `meta` adds labels, annotations, ownerReferences."""
    where = {"namespace": space} if space else {}
    made: Manifest = {"apiVersion": api, "kind": kind, "metadata": {"name": name, **where, "uid": f"u-{name}", **meta}}
    return made if spec is None else {**made, "spec": spec}


def template(**pod: Any) -> Manifest:
    """Give the sound pod template; `pod` is merged into its spec."""
    asked = {"httpGet": {"path": "/healthz/ready", "port": 15021}, "periodSeconds": 1, "failureThreshold": 60}
    container: Manifest = {
        "name": "istio-proxy",
        "image": "proxyv2:1.29",
        "ports": [{"name": "http2", "containerPort": 8080}, {"name": "status", "containerPort": 15021}],
        "startupProbe": asked,
        "readinessProbe": asked,
        "livenessProbe": asked,
        "lifecycle": {"preStop": {"sleep": {"seconds": 20}}},
    }
    spec = merged({"terminationGracePeriodSeconds": 90, "containers": [container]}, pod)
    return {"metadata": {"labels": dict(LABELS)}, "spec": spec}


def with_container(**changes: Any) -> Manifest:
    """Give a template whose one container is changed by a merge patch; None takes a key away."""
    sound = template()
    rows: Any = sound["spec"]
    return template(containers=[merged(rows["containers"][0], changes)])


def deployment(made: Manifest | None = None, **meta: Any) -> Manifest:
    """Give the source."""
    spec = {"replicas": 2, "selector": {"matchLabels": dict(SHARED)}, "template": made or template()}
    return thing("Deployment", OLD, spec, api="apps/v1", **meta)


def service(name: str = OLD, selector: Any = None, **spec: Any) -> Manifest:
    """Give a Service of the old pods."""
    ports = [{"name": "http2", "port": 80, "targetPort": 8080}]
    return thing("Service", name, {"selector": SHARED if selector is None else selector, "ports": ports, **spec})


def node(name: str = "node-1", address: str = "10.1.0.1", **more: Any) -> Manifest:
    """Give a Node object."""
    status = {"addresses": [{"type": "InternalIP", "address": address}]}
    return {**thing("Node", name, space=""), "status": status, **more}


def pod(
    name: str, having: dict[str, str], owner: str = "", kind: str = "ReplicaSet", where: str = "n", **spec: Any
) -> Manifest:
    """Give a Pod object, of a controller when `owner` names one."""
    owners = [{"kind": kind, "name": owner, "uid": f"u-{owner}", "controller": True}] if owner else []
    made = thing("Pod", name, {"nodeName": where, "containers": [], **spec}, labels=having, ownerReferences=owners)
    return {**made, "status": {"phase": "Running", "podIP": "10.0.0.1"}}


def world(
    *objects: Manifest, source: Manifest | None = None, plain: Iterable[Manifest] | None = None, **facts: Any
) -> World:
    """Give a look at two old pods, three nodes, the Service (unless `plain` names others) and `objects`."""
    listed: dict[str, list[Json]] = {}
    basis = [service()] if plain is None else list(plain)
    for each in [*basis, *objects]:
        api = (each["apiVersion"], each["kind"]) == ("gateway.networking.k8s.io/v1", "Gateway")
        key = "GatewayAPI" if api else str(each["kind"])
        listed.setdefault(key, []).append(each)
    pods = tuple(_old_pod(index) for index in (1, 2))
    looked = World(
        source or deployment(),
        Workload(ObjectRef("apps/v1", "Deployment", SPACE, OLD), f"u-{OLD}", wanted=2, ready=2, pods=pods),
        Workload(ObjectRef("apps/v1", "DaemonSet", SPACE, NEW)),
        tuple(Node(f"node-{index}", f"10.1.0.{index}") for index in (1, 2, 3)),
        tuple((kind, tuple(rows)) for kind, rows in listed.items()),
        tuple(Target(Backend("l-1", row.ref.ip, 8080), 100, Health.HEALTHY) for row in pods),
        health=(HEALTHY,),
        driver=profile_of(SPEC.balancer.provider),
        clouds=clouds(),
    )
    return replace(looked, **facts)


def _old_pod(index: int) -> Pod:
    ref = PodRef(SPACE, f"{OLD}-{HASH}-{index}", f"u-{index}", f"10.0.0.{index}", f"old-{index}")
    return Pod(ref, tuple(sorted({**LABELS, "pod-template-hash": HASH}.items())), ready=True)


def codes(findings: Iterable[Finding]) -> set[str]:
    """Give `code severity` of each finding."""
    return {f"{finding.code} {finding.severity}" for finding in findings}
