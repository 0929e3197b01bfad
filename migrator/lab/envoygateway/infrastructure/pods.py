"""The pod template that Envoy Gateway renders: an Envoy and a shutdown manager, with the lab's shorter seconds.

Source: envoyproxy/gateway internal/infrastructure/kubernetes/proxy/resource.go. Two things are the lab's: all addresses are
the pod's, because its pods share one loopback, and the configuration comes from where `xds_cluster` says, by polling.
"""

from __future__ import annotations

import json

from migrator.lab.controllers.api.resources import Json
from migrator.lab.envoygateway.infrastructure.proxies import Wanted
from migrator.lab.envoygateway.names import labels_for
from migrator.lab.envoygateway.proxy.bootstrap import bootstrap
from migrator.lab.envoygateway.proxy.ports import MANAGER_PORT, READY_PORT, STATS_PORT

_ENVOY = "docker.io/envoyproxy/envoy:distroless-v1.35.0"
_GATEWAY = "docker.io/envoyproxy/gateway:v1.5.0"
_ENDS_WITHIN = 60
LOOPBACK = "127.0.0.1"
"""The pod's own address; a node of the lab puts the pod's there."""


def template_for(key: str, wanted: Wanted, xds: tuple[str, int]) -> Json:
    """Return the template of a Gateway's pods. `xds` is where they get their configuration."""
    pod: Json = wanted.workload.get("pod") or {}
    spec: Json = {
        "automountServiceAccountToken": False,
        "containers": [_envoy(key, wanted, xds), _shutdown_manager(wanted)],
        "terminationGracePeriodSeconds": _ENDS_WITHIN,
    }
    taken = ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints")
    scrape = {"path": "/stats/prometheus", "port": str(STATS_PORT), "scrape": "true"}
    notes = {f"prometheus.io/{name}": value for name, value in scrape.items()} | (pod.get("annotations") or {})
    meta = {"labels": {**(pod.get("labels") or {}), **labels_for(key)}, "annotations": notes}
    return {"metadata": meta, "spec": spec | {name: pod[name] for name in taken if name in pod}}


def _envoy(key: str, wanted: Wanted, xds: tuple[str, int]) -> Json:
    container: Json = wanted.workload.get("container") or {}
    arguments = [
        "--service-cluster",
        key,
        "--service-node",
        "$(ENVOY_POD_NAME)",
        "--config-yaml",
        json.dumps(bootstrap(LOOPBACK, xds)),
    ]
    flags = ["--log-level", "warn", "--drain-strategy", "immediate", "--drain-time-s", "60"]
    return {
        "name": "envoy",
        "image": container.get("image") or _ENVOY,
        "command": ["envoy"],
        "args": [*arguments, *flags],
        "env": [*_who(), *(container.get("env") or [])],
        "ports": [_port("metrics", STATS_PORT), _port("readiness", READY_PORT)],
        "lifecycle": {"preStop": {"httpGet": {"path": "/shutdown/ready", "port": MANAGER_PORT, "scheme": "HTTP"}}},
        **_probes("/ready", READY_PORT),
    }


def _shutdown_manager(wanted: Wanted) -> Json:
    flags = {"drainTimeout": "--drain-timeout", "minDrainDuration": "--min-drain-duration"}
    told = [f"{flag}={wanted.shutdown[name]}" for name, flag in flags.items() if name in wanted.shutdown]
    command = ["envoy-gateway", "envoy", "shutdown", *told]
    return {
        "name": "shutdown-manager",
        "image": _GATEWAY,
        "command": ["envoy-gateway"],
        "args": ["envoy", "shutdown-manager"],
        "env": _who(),
        "lifecycle": {"preStop": {"exec": {"command": command}}},
        **_probes("/healthz", MANAGER_PORT),
    }


def _who() -> list[Json]:
    fields = {"ENVOY_POD_NAMESPACE": "metadata.namespace", "ENVOY_POD_NAME": "metadata.name"}
    return [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields.items()]


def _port(name: str, number: int) -> Json:
    return {"name": name, "containerPort": number, "protocol": "TCP"}


def _probes(path: str, port: int) -> Json:
    get = {"httpGet": {"path": path, "port": port, "scheme": "HTTP"}, "timeoutSeconds": 2}
    return {
        "startupProbe": {**get, "periodSeconds": 1, "failureThreshold": 60},
        "readinessProbe": {**get, "periodSeconds": 1, "failureThreshold": 1},
        "livenessProbe": {**get, "periodSeconds": 2, "failureThreshold": 5},
    }
