"""What the tests of the adapters in a lab stand on: the lab with our ports to it, and the new gateways' manifests."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from migrator.adapters.cluster import Cluster
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Manifest, ObjectRef, items, mapping
from migrator.domain.model.spec import BalancerSpec, ClusterSpec, GatewaySpec, JudgeSpec, LatencySpec, SourceSpec, Spec
from migrator.domain.model.target import Derived, PortMapping
from migrator.domain.ports.outside import GatewayReader, GatewayWriter
from migrator.lab.world.record import Record
from tests.adapters import lab

NEW = ObjectRef("apps/v1", "DaemonSet", lab.OLD.namespace, "gw-ds")
SERVICE = ObjectRef("v1", "Service", NEW.namespace, NEW.name)
NEW_PORT = 18080


@dataclass(frozen=True)
class World:
    """A lab, our ports to it, and its old gateways."""

    record: Record
    cluster: Cluster
    reader: GatewayReader
    writer: GatewayWriter
    old: tuple[PodRef, ...]


def plan_spec(cluster: ClusterSpec) -> Spec:
    return Spec(
        "lab",
        cluster,
        SourceSpec("Deployment", lab.OLD.name),
        Derived(NEW.name, ports=(PortMapping(8080, NEW_PORT),)),
        GatewaySpec("istio"),
        BalancerSpec("tencent", "lb-lab", ()),
        judge=JudgeSpec(latency=LatencySpec(over=1.0)),
    )


def pods_of(cluster: Cluster, ref: ObjectRef) -> tuple[PodRef, ...]:
    return tuple(pod.ref for pod in cluster.reader.workload(ref).live)


def daemon_set(world: World) -> Manifest:
    """The old gateways' template with hostNetwork, under labels of its own."""
    found = world.cluster.reader.get(lab.OLD)
    template = copy.deepcopy(mapping(found, "spec", "template"))
    own: Manifest = {"app": "gw-ds", "istio": "ingressgateway"}
    mapping(template, "metadata")["labels"] = own
    spec = mapping(template, "spec")
    spec |= {"hostNetwork": True, "nodeSelector": {"node-role": "gateway"}}
    for container in items(spec, "containers"):
        for port in items(container, "ports"):
            port["containerPort"] = NEW_PORT if port["containerPort"] == 8080 else port["containerPort"]
            port["hostPort"] = port["containerPort"]
    meta: Manifest = {
        "name": NEW.name,
        "namespace": NEW.namespace,
        "labels": {"app.kubernetes.io/managed-by": "migrator"},
    }
    body: Manifest = {"selector": {"matchLabels": own}, "template": template, "updateStrategy": {"type": "OnDelete"}}
    return {"apiVersion": NEW.api_version, "kind": NEW.kind, "metadata": meta, "spec": body}


def service(port: int = 80) -> Manifest:
    """A Service over the new gateways: its targetPort is what makes Istio listen there, as a free port above 1024."""
    ports: Manifest = {"selector": {"app": "gw-ds"}, "ports": [{"name": "http2", "port": port, "targetPort": NEW_PORT}]}
    meta: Manifest = {"name": SERVICE.name, "namespace": SERVICE.namespace}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": ports}
