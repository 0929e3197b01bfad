"""Envoy's bootstrap for one gateway container, Istio-like. It holds nothing that the config server decides."""

from pathlib import Path
from typing import Any

from migrator.lab.gateway.settings import ADMIN_PORT, AGENT_PORT, READY_PORT, STATS_PORT, Settings

Json = dict[str, Any]  # Envoy's configuration is a document of hundreds of message types; its schema is Envoy's

_TYPES = "type.googleapis.com/envoy.extensions"


def bootstrap(settings: Settings, directory: Path) -> Json:
    """Return the bootstrap; listeners and clusters are read from `lds.json` and `cds.json` in `directory`."""
    return {
        "node": _node(settings),
        "admin": {"address": socket_address(settings.pod_ip, ADMIN_PORT)},
        "dynamic_resources": {
            "lds_config": file_source(directory, "lds.json"),
            "cds_config": file_source(directory, "cds.json"),
        },
        "layered_runtime": {
            "layers": [
                {"name": "lab", "static_layer": {}},
                {"name": "admin", "admin_layer": {}},  # what makes POST /runtime_modify work
            ]
        },
        "stats_config": {"use_all_default_tags": False, "stats_tags": _tags()},
        "static_resources": {
            "listeners": [
                _forwarding(settings, READY_PORT, "agent", "/healthz/ready"),
                _forwarding(settings, STATS_PORT, "prometheus_stats", "/stats/prometheus"),
            ],
            "clusters": [
                fixed_cluster("agent", [(settings.pod_ip, AGENT_PORT)]),
                fixed_cluster("prometheus_stats", [(settings.pod_ip, ADMIN_PORT)]),
            ],
        },
    }


def file_source(directory: Path, name: str) -> Json:
    """Return a config source that follows a file replaced by rename (an in-place write goes unnoticed)."""
    return {
        "resource_api_version": "V3",
        "path_config_source": {"path": str(directory / name), "watched_directory": {"path": str(directory)}},
    }


def socket_address(host: str, port: int) -> Json:
    """Return an Envoy TCP address."""
    return {"socket_address": {"address": host, "port_value": port}}


def fixed_cluster(name: str, endpoints: list[tuple[str, int]]) -> Json:
    """Return a cluster with its endpoints inline: an EDS subscription would cost an inotify instance each.

    The idle timeout only ends connections that nobody uses; the lab's application never closes first.
    """
    unlimited = {key: 1 << 20 for key in ("max_connections", "max_pending_requests", "max_requests", "max_retries")}
    members = [{"endpoint": {"address": socket_address(host, port)}} for host, port in endpoints]
    protocol = {
        "@type": f"{_TYPES}.upstreams.http.v3.HttpProtocolOptions",
        "common_http_protocol_options": {"idle_timeout": "60s"},
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "lb_policy": "ROUND_ROBIN",
        "circuit_breakers": {"thresholds": [unlimited]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": protocol},
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": members}]},
    }


def connection_manager(stat_prefix: str, routes: Json, filters: list[Json]) -> Json:
    """Return the filter chain of an HTTP listener; `routes` is `{"rds": ...}` or `{"route_config": ...}`."""
    router = {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{_TYPES}.filters.http.router.v3.Router"}}
    manager = {
        "@type": f"{_TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "codec_type": "AUTO",
        "stat_prefix": stat_prefix,
        "use_remote_address": True,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "http_filters": [*filters, router],
        **routes,
    }
    return {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}


def _node(settings: Settings) -> Json:
    metadata = {"NAME": settings.pod, "NAMESPACE": settings.namespace, "WORKLOAD_NAME": settings.workload}
    return {"id": settings.node_id, "cluster": settings.node_cluster, "metadata": metadata}


def _tags() -> list[Json]:
    """Return how metric names become labels.

    Envoy's own rule for `http_conn_manager_prefix` stops at the first dot and would tear `outbound_0.0.0.0_8080` apart.
    """
    known = ("response_code", "response_code_class", "cluster_name", "listener_address", "worker_id")
    prefix = r"^(?:http|listener\..*?\.http)\.((outbound_[\d.]+_\d+|[^.]+)\.)"
    return [
        *({"tag_name": f"envoy.{name}"} for name in known),
        {"tag_name": "envoy.http_conn_manager_prefix", "regex": prefix},
    ]


def _forwarding(settings: Settings, port: int, cluster: str, path: str) -> Json:
    """Return a static listener that forwards one path. It has no traffic direction, as Istio's has none."""
    route = {"match": {"prefix": path}, "route": {"cluster": cluster}}
    hosts = [{"name": "backend", "domains": ["*"], "routes": [route]}]
    return {
        "name": f"static_{port}",
        "address": socket_address(settings.pod_ip, port),
        "filter_chains": [
            connection_manager(
                {READY_PORT: "agent", STATS_PORT: "stats"}[port], {"route_config": {"virtual_hosts": hosts}}, []
            )
        ],
    }
