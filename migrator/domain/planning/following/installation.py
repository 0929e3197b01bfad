"""A follower in the cluster, as manifests: who it is, what it may do, its plan files, and the process. It applies nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.gateways import gateway_profile
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.rbac import Permission, roles

NAME = "migrator-follow"
PORT = 9464
"""Where /metrics and the probes are answered."""

SECRET = f"{NAME}-credentials"
"""The Secret whose keys are the cloud's variables, where the cloud knows no workload identity."""

READ = frozenset({"DaemonSet", "Deployment", "StatefulSet", "ReplicaSet", "Pod", "Event", "Node", "ConfigMap"})
READING = frozenset({"get", "list"})


@dataclass(frozen=True, slots=True)
class Followed:
    """A gateway to look after: its plan, the plan file as it is without what leads to the cluster from outside, its driver."""

    spec: Spec
    file: str
    driver: BalancerProfile


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of the installation: its namespace, the image, and the cloud's role ("": an example stands for it)."""

    namespace: str
    image: str
    role: str = ""


def installation(gateways: Sequence[Followed], wanted: Wanted) -> tuple[Manifest, ...]:
    """Give the manifests, in the order in which they are applied."""
    needed = dict.fromkeys(need for each in gateways for need in needs(each))
    account: Manifest = {"kind": "ServiceAccount", "name": NAME, "namespace": wanted.namespace}
    return (
        _account(gateways, wanted),
        *roles(NAME, account, needed),
        _plans(gateways, wanted),
        _service(wanted),
        _deployment(gateways, wanted),
    )


def needs(gateway: Followed) -> tuple[Permission, ...]:
    """Give the least that looking after a gateway needs: to read what it decides by, its Lease, and to ask the gateways."""
    spec, home = gateway.spec, target_ref(gateway.spec).namespace
    asked = {(*right, home) for right in gateway_profile(spec, Side.NEW).rights}
    asked |= {
        (right.verb, right.api_version, right.kind, right.namespace or home) for right in gateway.driver.cluster_rights
    }
    whole = permissions(spec, gateway.driver)
    told = [("create", "v1", "Event", home)] if spec.events else []
    watched = ("watch", "v1", "Pod", home)  # without it pods are listed each time
    return (*(need for need in whole if need in asked or _is_read(need)), watched, *told)


def _is_read(need: Permission) -> bool:
    verb, _, kind, _ = need
    return kind == "Lease" or (kind in READ and verb in READING)


def namespace_labels(gateways: Iterable[Followed]) -> Mapping[str, str]:
    """Give the labels that the installation's namespace must have for the cloud's webhook to see the pod."""
    known = (each.driver.identity for each in gateways)
    return {key: value for identity in known if identity for key, value in identity.namespace_labels}


def _meta(wanted: Wanted, **more: Json) -> Manifest:
    return {"name": NAME, "namespace": wanted.namespace, "labels": {"app.kubernetes.io/name": NAME}, **more}


def _account(gateways: Sequence[Followed], wanted: Wanted) -> Manifest:
    annotations: dict[str, Json] = {}
    for each in gateways:
        if each.driver.identity is not None:
            annotations |= each.driver.identity.annotated(wanted.role)
    more: Manifest = {"annotations": annotations} if annotations else {}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(wanted, **more)}


def _plans(gateways: Sequence[Followed], wanted: Wanted) -> Manifest:
    files: dict[str, Json] = {f"{each.spec.name}.yaml": each.file for each in gateways}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _meta(wanted), "data": files}


def _deployment(gateways: Sequence[Followed], wanted: Wanted) -> Manifest:
    """Two replicas: one has the Lease of a gateway, the other stands by. The store is each pod's own, for what stands is taken
    over as it is.
    """
    labels: Manifest = {"app.kubernetes.io/name": NAME}
    apart: Json = {
        "weight": 100,
        "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": labels}},
    }
    pod: Manifest = {
        "serviceAccountName": NAME,
        "terminationGracePeriodSeconds": 30,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [apart]}},
        "containers": [_container(gateways, wanted)],
        "volumes": [
            {"name": "plans", "configMap": {"name": NAME}},
            {"name": "store", "emptyDir": {}},
        ],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _meta(wanted),
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels, "annotations": _scraped()}, "spec": pod},
        },
    }


def _service(wanted: Wanted) -> Manifest:
    """Give the name under which a container beside a gateway asks whether that one is off the balancer."""
    port: Json = {"name": "metrics", "port": PORT, "targetPort": "metrics", "protocol": "TCP"}
    spec: Manifest = {"type": "ClusterIP", "selector": {"app.kubernetes.io/name": NAME}, "ports": [port]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _meta(wanted), "spec": spec}


def _container(gateways: Sequence[Followed], wanted: Wanted) -> Manifest:
    files: list[Json] = [f"/plans/{each.spec.name}.yaml" for each in gateways]
    made: Manifest = {
        "name": "migrator",
        "image": wanted.image,
        "args": ["follow", *files, "--metrics", f"0.0.0.0:{PORT}"],
        "env": [{"name": "MIGRATOR_STORE", "value": "/store/migrator.db"}, {"name": "TMPDIR", "value": "/store"}],
        "ports": [{"name": "metrics", "containerPort": PORT}],
        "livenessProbe": _probe("/healthz", periodSeconds=20, failureThreshold=3),
        "readinessProbe": _probe("/readyz", periodSeconds=10, failureThreshold=3),
        "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "plans", "mountPath": "/plans", "readOnly": True},
            {"name": "store", "mountPath": "/store"},
        ],
    }
    if any(each.driver.identity is None for each in gateways):
        made["envFrom"] = [{"secretRef": {"name": SECRET, "optional": True}}]
    return made


def _probe(path: str, **more: Json) -> Manifest:
    return {"httpGet": {"path": path, "port": "metrics"}, "timeoutSeconds": 5, **more}


def _scraped() -> Manifest:
    return {"prometheus.io/scrape": "true", "prometheus.io/port": str(PORT), "prometheus.io/path": "/metrics"}
