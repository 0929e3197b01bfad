"""A lab with Contour's Envoys: the objects that say what they serve, and the workloads that run them.

The workloads follow projectcontour/contour examples/contour/03-envoy.yaml and examples/deployment/03-envoy-deployment.yaml,
with the lab's shorter seconds.
"""

from __future__ import annotations

from migrator.lab.contour.kinds import CLASS, GROUP
from migrator.lab.contour.ports import MANAGER_PORT, STATS_PORT
from migrator.lab.ground.layout import GATEWAY_PORT, Scenario
from migrator.lab.ground.manifests import NODE_LABELS, Json, app_service, namespace
from migrator.lab.starts.nginx import ingress

SPACE, NAME = "projectcontour", "envoy"
LABELS = {"app": NAME}
_CONTOUR, _ENVOY = "ghcr.io/projectcontour/contour:v1.33.0", "docker.io/envoyproxy/envoy:distroless-v1.35.2"
_ENDS_WITHIN = 60


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created, with the Envoys as a Deployment of one's own."""
    return [*shared(scenario), deployment(scenario)]


def shared(scenario: Scenario) -> list[Json]:
    """What the Envoys need around them."""
    made = [namespace(SPACE), namespace("app"), app_service(str(scenario.layout.app))]
    return [*made, *routes(), service()]


def routes() -> list[Json]:
    """What Contour serves: the shop as an HTTPProxy, every other host as an Ingress of its class."""
    backend = [{"name": "app", "port": 8000}]
    shop = {
        "virtualhost": {"fqdn": "shop.lab.example"},
        "routes": [
            {"conditions": [{"exact": "/healthz"}], "services": backend},
            {"conditions": [{"prefix": "/api"}], "services": backend, "timeoutPolicy": {"response": "15s"}},
            {"services": backend, "enableWebsockets": True},
        ],
    }
    proxy = {"apiVersion": f"{GROUP}/v1", "kind": "HTTPProxy", "spec": {"ingressClassName": CLASS, **shop}}
    proxy["metadata"] = {"name": "shop", "namespace": "app"}
    everything = ingress("everything-by-contour", "", [("/", "Prefix")], CLASS)
    everything["metadata"]["annotations"] = {f"{GROUP}/websocket-routes": "/"}
    return [proxy, everything]


def service() -> Json:
    """The Service of the Envoys."""
    port = {"name": "http", "port": 80, "targetPort": GATEWAY_PORT, "protocol": "TCP"}
    meta = {"name": NAME, "namespace": SPACE, "labels": LABELS}
    spec = {"type": "ClusterIP", "selector": LABELS, "ports": [port]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}


def deployment(scenario: Scenario) -> Json:
    """The Deployment."""
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    return _workload("Deployment", _pod(scenario), {"replicas": scenario.replicas, "strategy": rolling})


def daemon_set(scenario: Scenario) -> Json:
    """The DaemonSet, in the nodes' network: each Envoy's ports are its node's own."""
    on_nodes = {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet", "nodeSelector": NODE_LABELS}
    pod = {**_pod(scenario), **on_nodes}
    for container in pod["containers"]:
        for port in container.get("ports", ()):
            port["hostPort"] = port["containerPort"]
    return _workload("DaemonSet", pod, {"updateStrategy": {"type": "RollingUpdate"}})


def _workload(kind: str, pod: Json, more: Json) -> Json:
    notes = {"path": "/stats/prometheus", "port": str(STATS_PORT), "scrape": "true"}
    meta = {"labels": LABELS, "annotations": {f"prometheus.io/{name}": value for name, value in notes.items()}}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": NAME, "namespace": SPACE, "labels": LABELS},
        "spec": {"selector": {"matchLabels": LABELS}, "template": {"metadata": meta, "spec": pod}, **more},
    }


def _pod(scenario: Scenario) -> Json:
    return {
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": _ENDS_WITHIN,
        "initContainers": [_first(scenario)],
        "containers": [_manager(), _envoy()],
        "volumes": [{"name": name, "emptyDir": {}} for name in ("envoy-admin", "envoy-config")],
    }


def _first(scenario: Scenario) -> Json:
    """The container that writes Envoy's bootstrap. The lab has no DNS: Contour is named by its address."""
    host, port = scenario.layout.contour
    flags = [f"--xds-address={host}", f"--xds-port={port}", "--xds-resource-version=v3"]
    return {
        "name": "envoy-initconfig",
        "image": _CONTOUR,
        "command": ["contour"],
        "args": ["bootstrap", "/config/envoy.json", *flags, "--resources-dir=/config/resources"],
        "env": [_field("CONTOUR_NAMESPACE", "metadata.namespace")],
        "volumeMounts": [_mount("config"), _mount("admin")],
    }


def _manager() -> Json:
    shutdown = ["contour", "envoy", "shutdown", "--check-interval=500ms"]
    return {
        "name": "shutdown-manager",
        "image": _CONTOUR,
        "command": ["contour"],
        "args": ["envoy", "shutdown-manager"],
        "lifecycle": {"preStop": {"exec": {"command": shutdown}}},
        "volumeMounts": [_mount("admin")],
    }


def _envoy() -> Json:
    words = ["-c", "/config/envoy.json", "--service-cluster", "$(CONTOUR_NAMESPACE)"]
    get = {"path": "/ready", "port": STATS_PORT, "scheme": "HTTP"}
    return {
        "name": "envoy",
        "image": _ENVOY,
        "command": ["envoy"],
        "args": [*words, "--service-node", "$(ENVOY_POD_NAME)", "--log-level", "info"],
        "env": [
            _field("CONTOUR_NAMESPACE", "metadata.namespace"),
            _field("ENVOY_POD_NAME", "metadata.name"),
        ],
        "ports": [
            {"name": "http", "containerPort": GATEWAY_PORT, "protocol": "TCP"},
            {"name": "metrics", "containerPort": STATS_PORT, "protocol": "TCP"},
        ],
        "readinessProbe": {"httpGet": get, "periodSeconds": 1, "failureThreshold": 3, "timeoutSeconds": 2},
        "lifecycle": {"preStop": {"httpGet": {"path": "/shutdown", "port": MANAGER_PORT, "scheme": "HTTP"}}},
        "volumeMounts": [_mount("config"), _mount("admin")],
    }


def _mount(what: str) -> Json:
    return {"name": f"envoy-{what}", "mountPath": f"/{what}"}


def _field(name: str, path: str) -> Json:
    return {"name": name, "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}}
