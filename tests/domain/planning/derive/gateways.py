"""Gateways to derive from, of our own writing: a Deployment with everything that must change, and an injected pod."""

from __future__ import annotations

import copy
from dataclasses import replace

from migrator.adapters.balancers import clouds, profile_of
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.spec import BalancerSpec, ClusterSpec, GatewaySpec, ListenerSpec, SourceSpec, Spec
from migrator.domain.model.target import Derived, Network, PortMapping, TolerationSpec
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.world import World

NAMESPACE = "edge"
OLD = ObjectRef("apps/v1", "Deployment", NAMESPACE, "gateway")
NEW = ObjectRef("apps/v1", "DaemonSet", NAMESPACE, "gateway-ds")


def spec(
    ports: dict[int, int] | None = None,
    network: Network = Network.HOST,
    kind: str = "envoy",
    labels: tuple[tuple[str, str], ...] = (("version", "v2"),),
    **target: object,
) -> Spec:
    """Give a plan that moves `gateway` to `gateway-ds`."""
    mapped = tuple(PortMapping(old, new) for old, new in (ports or {}).items())
    wanted = Derived(
        "gateway-ds", network, (("role", "edge"),), (TolerationSpec("role", "Equal", "edge", "NoSchedule"),)
    )
    return Spec(
        "edge",
        ClusterSpec(NAMESPACE),
        SourceSpec("Deployment", "gateway"),
        replace(wanted, ports=mapped, labels=labels, **target),  # type: ignore[arg-type]
        GatewaySpec(kind),
        BalancerSpec("tencent", "lb-1", (ListenerSpec("l-80", 80), ListenerSpec("l-443", 443))),
    )


def deployment() -> Manifest:
    """Give a Deployment that has one of everything."""
    return copy.deepcopy(_DEPLOYMENT)


def world(source: Manifest | None = None, pods: tuple[Manifest, ...] = (), **seen: object) -> World:
    """Give what a look saw: these pods are the source's, live and Ready."""
    live = tuple(
        Pod(
            PodRef(NAMESPACE, pod["metadata"]["name"], pod["metadata"].get("uid", ""), "10.0.0.1", "n-1"),  # type: ignore[index,call-overload,union-attr,arg-type]
            tuple(sorted(pod["metadata"]["labels"].items())),  # type: ignore[index,call-overload,union-attr,arg-type]
            True,
        )
        for pod in pods
    )
    objects = (("Pod", tuple(pods)), *dict(seen.pop("objects", {})).items())  # type: ignore[call-overload]
    old = Workload(OLD, "u-1", wanted=len(live), ready=len(live), pods=live)
    seen = {"driver": profile_of("tencent"), "clouds": clouds(), **seen}
    return World(source or deployment(), old, Workload(NEW), (), objects, **seen)  # type: ignore[arg-type]


_DEPLOYMENT: Manifest = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "gateway",
        "namespace": NAMESPACE,
        "uid": "u-1",
        "labels": {"app": "gateway", "helm.sh/chart": "gateway-1.2.3", "app.kubernetes.io/managed-by": "Helm"},
    },
    "spec": {
        "replicas": 3,
        "paused": False,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 5,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
        "selector": {
            "matchLabels": {"app": "gateway"},
            "matchExpressions": [
                {"key": "version", "operator": "In", "values": ["v1"]},
                {"key": "app", "operator": "Exists"},
            ],
        },
        "template": {
            "metadata": {
                "creationTimestamp": None,
                "labels": {"app": "gateway", "version": "v1", "pod-template-hash": "x"},
            },
            "spec": {
                "affinity": {
                    "podAntiAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            {
                                "labelSelector": {"matchLabels": {"app": "gateway"}},
                                "topologyKey": "kubernetes.io/hostname",
                            }
                        ]
                    }
                },
                "topologySpreadConstraints": [
                    {"topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}
                ],
                "tolerations": [{"key": "spot", "operator": "Exists"}],
                "nodeSelector": {"arch": "amd64"},
                "securityContext": {
                    "sysctls": [
                        {"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"},
                        {"name": "kernel.shm_rmid_forced", "value": "0"},
                    ]
                },
                "terminationGracePeriodSeconds": 20,
                "containers": [
                    {
                        "name": "proxy",
                        "image": "envoy:1",
                        "args": ["--listen", "0.0.0.0:8080"],
                        "ports": [
                            {"name": "http", "containerPort": 8080},
                            {"name": "https", "containerPort": 8443, "protocol": "TCP"},
                        ],
                        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
                        "livenessProbe": {"tcpSocket": {"port": "http"}},
                        "startupProbe": {"httpGet": {"path": "/ready", "port": 15021}},
                        "lifecycle": {
                            "preStop": {"exec": {"command": ["sh", "-c", "curl -s localhost:8080/drain; sleep 25"]}}
                        },
                        "resources": {"limits": {"cpu": "1", "tke.cloud.tencent.com/eni-ip": "1"}},
                    },
                    {
                        "name": "shutdown",
                        "image": "shutdown:1",
                        "lifecycle": {"preStop": {"httpGet": {"path": "/shutdown", "port": 8443}}},
                    },
                ],
            },
        },
    },
}
