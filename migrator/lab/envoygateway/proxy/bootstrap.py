"""Envoy's bootstrap in a pod of Envoy Gateway: its admin port, its statistics, and the listener that says it is ready.

Sources: envoyproxy/gateway internal/xds/bootstrap/bootstrap.yaml.tpl, internal/xds/translator/readylistener.go. Every
address is the pod's: the lab's pods share one loopback.
"""

from __future__ import annotations

from migrator.lab.envoy.config import TYPES, Json, connection_manager, fixed_cluster, router, socket_address
from migrator.lab.envoygateway.proxy.ports import ADMIN_PORT, READY_PORT, STATS_PORT


def bootstrap(ip: str, xds: tuple[str, int]) -> Json:
    """Return the bootstrap of a pod; `xds` is where it gets listeners and clusters."""
    return {
        "admin": {"address": socket_address(ip, ADMIN_PORT)},
        "layered_runtime": {
            "layers": [{"name": "lab", "static_layer": {}}, {"name": "admin", "admin_layer": {}}],
        },
        "stats_flush_interval": "1s",
        "static_resources": {
            "listeners": [_stats(ip), _ready(ip)],
            "clusters": [fixed_cluster("prometheus_stats", [(ip, ADMIN_PORT)]), fixed_cluster("xds_cluster", [xds])],
        },
    }


def _stats(ip: str) -> Json:
    route = {"match": {"path": "/stats/prometheus"}, "route": {"cluster": "prometheus_stats"}}
    hosts = [{"name": "prometheus_stats", "domains": ["*"], "routes": [route]}]
    chain = connection_manager("eg-stats-http", {"route_config": {"virtual_hosts": hosts}}, [router()])
    return {
        "name": f"envoy-gateway-proxy-stats-0.0.0.0-{STATS_PORT}",
        "address": socket_address(ip, STATS_PORT),
        "filter_chains": [chain],
    }


def _ready(ip: str) -> Json:
    """Return the listener for probes: /ready answers 200 until `healthcheck/fail`."""
    matching = {"name": ":path", "string_match": {"exact": "/ready"}}
    check = {
        "name": "envoy.filters.http.health_check",
        "typed_config": {
            "@type": f"{TYPES}.filters.http.health_check.v3.HealthCheck",
            "pass_through_mode": False,
            "headers": [matching],
        },
    }
    hosts = [{"name": "ready_route", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "direct_response": _500}]}]
    chain = connection_manager("eg-ready-http", {"route_config": {"virtual_hosts": hosts}}, [check, router()])
    return {
        "name": f"envoy-gateway-proxy-ready-0.0.0.0-{READY_PORT}",
        "address": socket_address(ip, READY_PORT),
        "filter_chains": [chain],
    }


_500 = {"status": 500}
