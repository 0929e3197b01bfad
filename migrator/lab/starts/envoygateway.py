"""A lab with Envoy Gateway: a Gateway whose Deployment serves, a second one whose DaemonSet stands without traffic.

The routes name both. The pods are the balancer's backends, whosever it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.lab.envoygateway.kinds import API, OWN
from migrator.lab.envoygateway.names import CONTROLLER, SYSTEM
from migrator.lab.envoygateway.proxy.ports import READY_PORT
from migrator.lab.ground.layout import BALANCER_ID, GATEWAY_PORT, Scenario
from migrator.lab.ground.manifests import NODE_LABELS, Json, app_service, namespace

CLASS, SPACE = "eg", "edge"
FIRST, SECOND = "public", "public-ds"
BALANCED_BY = "lab/balancer"
"""Which balancer was made for a Service. It is no known cloud's annotation: here no controller writes weights."""
_SHUTDOWN = {"drainTimeout": "8s", "minDrainDuration": "3s"}


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created; the balancer belongs to no Service."""
    return _objects(scenario, {"type": "ClusterIP"})


def owning(scenario: Scenario) -> list[Json]:
    """The same, but the balancer is the one of the first Gateway's Service: its controller deletes it with the Service."""
    return _objects(scenario, {"type": "LoadBalancer", "annotations": {BALANCED_BY: BALANCER_ID}})


def _objects(scenario: Scenario, first: Json) -> list[Json]:
    return [
        *(namespace(name) for name in (SYSTEM, SPACE, "app")),
        app_service(str(scenario.layout.app)),
        gateway_class(),
        envoy_proxy(FIRST, {"envoyDeployment": deployment(scenario.replicas)}, first),
        envoy_proxy(SECOND, {"envoyDaemonSet": daemon_set()}, {"type": "ClusterIP"}),
        gateway(FIRST),
        gateway(SECOND),
        *routes(FIRST, SECOND),
    ]


def routes(*parents: str) -> list[Json]:
    """The routes, which these Gateways serve."""
    return [
        route("everything", [], [{"backendRefs": _APP}], parents),
        route("shop", ["shop.lab.example"], _shop_rules(), parents),
    ]


def gateway_class() -> Json:
    """The class of Envoy Gateway's Gateways."""
    return _made(f"{API}/v1", "GatewayClass", CLASS, "", {"controllerName": CONTROLLER})


def deployment(replicas: int) -> Json:
    """The part of an EnvoyProxy about a Deployment."""
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    return {"replicas": replicas, "strategy": rolling, "patch": _patch({})}


def daemon_set() -> Json:
    """The part of an EnvoyProxy about a DaemonSet in the nodes' network."""
    on_host = {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
    return {"pod": {"nodeSelector": NODE_LABELS}, "patch": _patch(on_host)}


def _patch(pod: Json) -> Json:
    """The patch of a workload: its pods get `pod`, and a liveness probe that does not turn when Envoy is told to drain.

    Envoy Gateway's own asks for /ready, which answers 503 then: kubelet would kill a gateway that drains for long.
    """
    alive = {"name": "envoy", "livenessProbe": {"httpGet": None, "tcpSocket": {"port": READY_PORT}}}
    spec = {**pod, "containers": [alive]}
    return {"type": "StrategicMerge", "value": {"spec": {"template": {"spec": spec}}}}


def envoy_proxy(name: str, workload: Json, service: Json) -> Json:
    """An EnvoyProxy: the workload, and what it says of the Service."""
    kubernetes = {**workload, "envoyService": service, "useListenerPortAsContainerPort": True}
    provider = {"type": "Kubernetes", "kubernetes": kubernetes}
    return _made(f"{OWN}/v1alpha1", "EnvoyProxy", name, SPACE, {"provider": provider, "shutdown": _SHUTDOWN})


def gateway(name: str) -> Json:
    """A Gateway with the EnvoyProxy of its own name, open to routes of every namespace."""
    listener = {"name": "http", "port": GATEWAY_PORT, "protocol": "HTTP"}
    allowed = {"allowedRoutes": {"namespaces": {"from": "All"}}}
    reference = {"parametersRef": {"group": OWN, "kind": "EnvoyProxy", "name": name}}
    spec = {"gatewayClassName": CLASS, "infrastructure": reference, "listeners": [listener | allowed]}
    return _made(f"{API}/v1", "Gateway", name, SPACE, spec)


def route(name: str, hosts: list[str], rules: list[Json], parents: Iterable[str]) -> Json:
    """An HTTPRoute that these Gateways serve."""
    named = [{"name": parent, "namespace": SPACE} for parent in parents]
    spec = {"parentRefs": named, "rules": rules} | ({"hostnames": hosts} if hosts else {})
    return _made(f"{API}/v1", "HTTPRoute", name, "app", spec)


def _shop_rules() -> list[Json]:
    exact = {"path": {"type": "Exact", "value": "/healthz"}}
    prefix = {"path": {"type": "PathPrefix", "value": "/api"}}
    return [
        {"matches": [exact], "backendRefs": _APP},
        {"matches": [prefix], "backendRefs": _APP, "timeouts": {"request": "15s"}},
        {"backendRefs": _APP},
    ]


def _made(version: str, kind: str, name: str, space: str, spec: Json) -> Json:
    meta = {"name": name, "namespace": space} if space else {"name": name}
    return {"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec}


_APP = [{"name": "app", "port": 8000}]
