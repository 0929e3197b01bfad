"""Envoy's bootstrap for one gateway container, Istio-like. It holds nothing that the config server decides."""

from pathlib import Path

from migrator.lab.envoy.config import Json, connection_manager, file_source, fixed_cluster, router, socket_address
from migrator.lab.gateway.settings import ADMIN_PORT, AGENT_PORT, READY_PORT, STATS_PORT, Settings


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
        "stats_flush_interval": "1s",  # 5 s by default; scaled as the soaks of the lab are
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
                {READY_PORT: "agent", STATS_PORT: "stats"}[port], {"route_config": {"virtual_hosts": hosts}}, [router()]
            )
        ],
    }
