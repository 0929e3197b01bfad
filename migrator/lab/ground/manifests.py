"""What a lab's cluster holds at the start: an Istio ingress gateway as a Deployment, its routes, its app.

The live Service's selector would catch pods that the DaemonSet brings with the same labels; that trap is intended.
Probes follow the founding document, with its seconds scaled to the lab.
"""

from typing import Any

from migrator.lab.ground.layout import (
    BALANCER_ID,
    GATEWAY_NAME,
    GATEWAY_NAMESPACE,
    GATEWAY_PORT,
    OURS,
    TAINT,
    TKE,
    Scenario,
)

Json = dict[str, Any]

SELECTOR = {"app": GATEWAY_NAME, "istio": "ingressgateway"}
MEMBER = {"lab/member": "yes"}
MEMBERS_SERVICE = f"{GATEWAY_NAMESPACE}/{GATEWAY_NAME}-clb"
NODE_LABELS = {"node-role": "gateway"}
APP_HOST = "app.app.svc.cluster.local"


def everything(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [*shared(scenario), disruption_budget(), gateway_deployment(scenario)]


def shared(scenario: Scenario) -> list[Json]:
    """What gateways need around them, and what a second cluster holds of it: everything but the gateways."""
    return [
        namespace(GATEWAY_NAMESPACE),
        namespace("app"),
        app_service(str(scenario.layout.app)),
        gateway_service(scenario.gateway_port),
        istio_gateway(scenario.gateway_port),
        virtual_service("everything", ["*"], [{"route": _to_app()}]),
        virtual_service("shop", ["shop.lab.example"], _shop_routes()),
        envoy_filter(),
        *(tke_objects() if scenario.balancer == TKE else []),
    ]


def on_host_ports(scenario: Scenario) -> list[Json]:
    """The same with a Deployment that holds the nodes' own ports: its pods live in their node's network."""
    made = everything(scenario)
    pod = made[-1]["spec"]["template"]["spec"]
    pod |= {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
    return made


def tke_objects() -> list[Json]:
    """What TKE's controller goes by: its own version, and a Service with direct access that selects by membership."""
    version = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"VERSION": "v2.11.4"}}
    port = {"name": "http2", "port": GATEWAY_PORT, "targetPort": "http2", "protocol": "TCP"}
    notes = {
        "service.cloud.tencent.com/direct-access": "true",
        "service.kubernetes.io/tke-existed-lbid": BALANCER_ID,
    }
    return [
        namespace("kube-system"),
        version | {"metadata": {"name": "tke-service-controller-config", "namespace": "kube-system"}},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {**_meta(MEMBERS_SERVICE.partition("/")[2]), "annotations": notes},
            "spec": {"type": "ClusterIP", "selector": MEMBER, "ports": [port]},
        },
    ]


def namespace(name: str) -> Json:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def app_service(endpoint: str) -> Json:
    """The backend: no pods, a fixed `host:port` in an annotation that the lab's istiod reads."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "app", "namespace": "app", "annotations": {"lab/endpoint": endpoint}},
        "spec": {"type": "ClusterIP", "ports": [{"name": "http", "port": 8000, "targetPort": 8000}]},
    }


def gateway_service(port: int) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _meta(GATEWAY_NAME, labels=SELECTOR),
        "spec": {
            "type": "ClusterIP",
            "selector": SELECTOR,
            "ports": [
                {"name": "status-port", "port": 15021, "targetPort": 15021, "protocol": "TCP"},
                {"name": "http2", "port": port, "targetPort": GATEWAY_PORT, "protocol": "TCP"},
            ],
        },
    }


def disruption_budget() -> Json:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _meta(GATEWAY_NAME),
        "spec": {"minAvailable": 1, "selector": {"matchLabels": SELECTOR}},
    }


def istio_gateway(port: int) -> Json:
    server = {"port": {"number": port, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": _meta("public"),
        "spec": {"selector": {"istio": "ingressgateway"}, "servers": [server]},
    }


def virtual_service(name: str, hosts: list[str], http: list[Json]) -> Json:
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": _meta(name),
        "spec": {"hosts": hosts, "gateways": ["public"], "http": http},
    }


def envoy_filter() -> Json:
    """One patch of the HTTP connection manager; it selects pods by label and names no port, so it meets both sides."""
    match = {"context": "GATEWAY", "listener": {"filterChain": {"filter": {"name": _HCM}}}}
    value = {"typed_config": {"@type": f"type.googleapis.com/{_HCM_TYPE}", "stream_idle_timeout": "300s"}}
    patch = {"applyTo": "NETWORK_FILTER", "match": match, "patch": {"operation": "MERGE", "value": value}}
    return {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": _meta("stream-idle"),
        "spec": {"workloadSelector": {"labels": {"istio": "ingressgateway"}}, "configPatches": [patch]},
    }


def gateway_deployment(scenario: Scenario) -> Json:
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _meta(GATEWAY_NAME, labels=SELECTOR),
        "spec": {
            "replicas": scenario.replicas,
            "selector": {"matchLabels": SELECTOR},
            "strategy": rolling,
            "template": {"metadata": {"labels": SELECTOR}, "spec": gateway_pod(scenario)},
        },
    }


def gateway_pod(scenario: Scenario) -> Json:
    """The pod's spec: bound to no node, and without a preStop unless the scenario wants one.

    On a control plane of strangers it runs on the lab's nodes alone."""
    container = proxy()
    if scenario.pre_stop:
        command = ["/bin/sh", "-c", scenario.pre_stop]
        container["lifecycle"] = {"preStop": {"exec": {"command": command}}}
    if scenario.direction != "OUTBOUND":
        container["env"].append({"name": "LAB_LISTENER_DIRECTION", "value": scenario.direction})
    among_strangers = {"nodeSelector": dict([OURS]), "tolerations": [{"key": TAINT, "operator": "Exists"}]}
    return {
        "terminationGracePeriodSeconds": 60,
        "containers": [container],
        **(among_strangers if scenario.strangers else {}),
    }


def proxy() -> Json:
    """The gateway's container."""
    return {
        "name": "istio-proxy",
        "image": "lab/gateway",
        "ports": [
            {"name": "http2", "containerPort": GATEWAY_PORT, "protocol": "TCP"},
            {"name": "status-port", "containerPort": 15021, "protocol": "TCP"},
            {"name": "http-envoy-prom", "containerPort": 15090, "protocol": "TCP"},
        ],
        "env": [
            {"name": "ISTIO_META_WORKLOAD_NAME", "value": GATEWAY_NAME},
            {"name": "INSTANCE_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        ],
        "startupProbe": _probe(period=1, failures=60),
        "readinessProbe": _probe(period=1, failures=3),
        "livenessProbe": _probe(period=2, failures=5),
    }


def _probe(period: int, failures: int) -> Json:
    return {
        "httpGet": {"path": "/healthz/ready", "port": 15021},
        "periodSeconds": period,
        "failureThreshold": failures,
        "timeoutSeconds": 2,
    }


def _shop_routes() -> list[Json]:
    return [
        {"match": [{"uri": {"exact": "/healthz"}}], "route": _to_app()},
        {"match": [{"uri": {"prefix": "/api"}}], "route": _to_app(), "timeout": "15s"},
        {"route": _to_app()},
    ]


def _to_app() -> list[Json]:
    return [{"destination": {"host": APP_HOST, "port": {"number": 8000}}}]


def _meta(name: str, labels: dict[str, str] | None = None) -> Json:
    return {"name": name, "namespace": GATEWAY_NAMESPACE, **({"labels": labels} if labels else {})}


_HCM = "envoy.filters.network.http_connection_manager"
_HCM_TYPE = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
