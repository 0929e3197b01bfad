"""A lab with ingress-nginx: a Deployment that serves, whose pods lead everything to the app. It watches no Ingress objects."""

from __future__ import annotations

from migrator.lab.ground.layout import GATEWAY_PORT, Scenario
from migrator.lab.ground.manifests import Json, app_service, namespace

SPACE, NAME = "ingress-nginx", "ingress-nginx-controller"
LABELS = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
HEALTH_PORT = 10254
_IMAGE = "registry.k8s.io/ingress-nginx/controller:v1.11.3"


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [namespace(SPACE), namespace("app"), app_service(str(scenario.layout.app)), service(), deployment(scenario)]


def service() -> Json:
    """The Service of the controllers."""
    port = {"name": "http", "port": 80, "targetPort": GATEWAY_PORT, "protocol": "TCP"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": SPACE, "labels": LABELS},
        "spec": {"type": "ClusterIP", "selector": LABELS, "ports": [port]},
    }


def deployment(scenario: Scenario) -> Json:
    """The Deployment, as the chart makes it with metrics on, and the port that the lab needs no root for."""
    notes = {"prometheus.io/path": "/metrics", "prometheus.io/port": str(HEALTH_PORT), "prometheus.io/scrape": "true"}
    pod = {"terminationGracePeriodSeconds": 60, "containers": [controller(str(scenario.layout.app))]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": NAME, "namespace": SPACE, "labels": LABELS},
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
