"""A lab with ingress-nginx: a Deployment that serves, whose pods lead everything to the app.

Its Ingress objects say what they lead to the app; the controller of the lab watches none of them.
"""

from __future__ import annotations

from migrator.lab.ground.layout import GATEWAY_PORT, Scenario
from migrator.lab.ground.manifests import Json, app_service, namespace

SPACE, NAME = "ingress-nginx", "ingress-nginx-controller"
LABELS = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
HEALTH_PORT = 10254
_IMAGE = "registry.k8s.io/ingress-nginx/controller:v1.11.3"


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [namespace(SPACE), namespace("app"), app_service(str(scenario.layout.app)), *controllers(scenario, SPACE)]


def controllers(scenario: Scenario, space: str) -> list[Json]:
    """The controllers in a namespace, and what people have written for them."""
    return [*ingresses(), service(space), deployment(scenario, space)]


def ingresses() -> list[Json]:
    """The class, and two Ingresses: of the shop, and of every other host."""
    spec = {"controller": "k8s.io/ingress-nginx"}
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "nginx"}, "spec": spec}
    paths = [("/healthz", "Exact"), ("/api", "Prefix"), ("/", "Prefix")]
    return [kind, ingress("shop", "shop.lab.example", paths), ingress("everything", "", [("/", "Prefix")])]


def ingress(name: str, host: str, paths: list[tuple[str, str]], named: str = "nginx") -> Json:
    """An Ingress of the class `named` that leads paths of a host ("": any) to the app."""
    backend = {"service": {"name": "app", "port": {"number": 8000}}}
    rows = [{"path": path, "pathType": kind, "backend": backend} for path, kind in paths]
    rule = ({"host": host} if host else {}) | {"http": {"paths": rows}}
    meta = {"name": name, "namespace": "app"}
    spec = {"ingressClassName": named, "rules": [rule]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": spec}


def service(space: str) -> Json:
    """The Service of the controllers."""
    port = {"name": "http", "port": 80, "targetPort": GATEWAY_PORT, "protocol": "TCP"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": space, "labels": LABELS},
        "spec": {"type": "ClusterIP", "selector": LABELS, "ports": [port]},
    }


def deployment(scenario: Scenario, space: str) -> Json:
    """The Deployment, as the chart makes it with metrics on, and the port that the lab needs no root for."""
    notes = {"prometheus.io/path": "/metrics", "prometheus.io/port": str(HEALTH_PORT), "prometheus.io/scrape": "true"}
    pod = {"terminationGracePeriodSeconds": 60, "containers": [controller(str(scenario.layout.app))]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, "namespace": space, "labels": LABELS},
        "spec": {
            "replicas": scenario.replicas,
            "selector": {"matchLabels": LABELS},
            "template": {"metadata": {"labels": LABELS, "annotations": notes}, "spec": pod},
        },
    }


def controller(upstream: str) -> Json:
    """The container; `LAB_UPSTREAM` stands for what the real one reads of Ingress objects."""
    flags = ["--enable-metrics=true", "--shutdown-grace-period=5", f"--http-port={GATEWAY_PORT}"]
    return {
        "name": "controller",
        "image": _IMAGE,
        "args": ["/nginx-ingress-controller", *flags],
        "env": [{"name": "LAB_UPSTREAM", "value": upstream}],
        "ports": [
            {"name": "http", "containerPort": GATEWAY_PORT, "protocol": "TCP"},
            {"name": "metrics", "containerPort": HEALTH_PORT, "protocol": "TCP"},
        ],
        "readinessProbe": _probe(period=1, failures=3),
        "livenessProbe": _probe(period=2, failures=5),
    }


def _probe(period: int, failures: int) -> Json:
    get = {"path": "/healthz", "port": HEALTH_PORT, "scheme": "HTTP"}
    return {"httpGet": get, "periodSeconds": period, "failureThreshold": failures, "timeoutSeconds": 2}
