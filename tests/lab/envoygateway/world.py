"""Gateways of Envoy Gateway, their EnvoyProxies and routes, in a cluster in memory with its two controllers."""

from __future__ import annotations

from typing import Any

from migrator.lab.controllers.api.resources import NAMESPACES, SERVICES
from migrator.lab.envoygateway import conditions
from migrator.lab.envoygateway.infrastructure.reconcile import Infrastructures
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES
from migrator.lab.envoygateway.names import CONTROLLER
from tests.lab.controllers.cluster import Cluster

Json = dict[str, Any]
XDS = ("127.77.0.7", 18000)


def cluster() -> Cluster:
    """Give a cluster with three nodes, a GatewayClass and the Service that routes lead to."""
    made = Cluster(nodes=3)
    made.also("infrastructure", Infrastructures(XDS).sync)
    made.also("status", conditions.sync)
    made.add(NAMESPACES, {"metadata": {"name": "default"}})
    made.add(GATEWAY_CLASSES, {"metadata": {"name": "eg"}, "spec": {"controllerName": CONTROLLER}})
    service = {"metadata": {"name": "app", "annotations": {"lab/endpoint": "127.77.0.3:8000"}}}
    made.add(SERVICES, service | {"spec": {"type": "ClusterIP", "clusterIPs": ["10.0.0.9"]}})
    return made


def gateway(made: Cluster, name: str = "eg", proxy: str = "", **listener: Any) -> Json:
    """Add a Gateway with one listener, and the EnvoyProxy that it names."""
    spec: Json = {"gatewayClassName": "eg"}
    spec["listeners"] = [{"name": "http", "port": 80, "protocol": "HTTP"} | listener]
    if proxy:
        spec["infrastructure"] = {
            "parametersRef": {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "name": proxy}
        }
    return made.add(GATEWAYS, {"metadata": {"name": name}, "spec": spec})


def proxy(made: Cluster, name: str, **kubernetes: Any) -> Json:
    """Add an EnvoyProxy."""
    spec = {"provider": {"type": "Kubernetes", "kubernetes": kubernetes}}
    return made.add(ENVOY_PROXIES, {"metadata": {"name": name}, "spec": spec})


def route(made: Cluster, name: str, *parents: Json, hosts: tuple[str, ...] = (), **rule: Any) -> Json:
    """Add an HTTPRoute to the Service `app`."""
    rules = [{"backendRefs": [{"name": "app", "port": 8000}]} | rule]
    spec: Json = {"parentRefs": list(parents), "rules": rules} | ({"hostnames": list(hosts)} if hosts else {})
    return made.add(HTTP_ROUTES, {"metadata": {"name": name}, "spec": spec})
