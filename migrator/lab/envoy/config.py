"""Pieces of Envoy configuration that several parts of the lab need. It decides nothing about traffic."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]  # Envoy's configuration is a document of hundreds of message types; its schema is Envoy's

TYPES = "type.googleapis.com/envoy.extensions"
_ENDLESS = 1 << 20


def socket_address(host: str, port: int) -> Json:
    """Return an Envoy TCP address."""
    return {"socket_address": {"address": host, "port_value": port}}


def file_source(directory: Path, name: str) -> Json:
    """Return a config source that follows a file replaced by rename (an in-place write goes unnoticed)."""
    return {
        "resource_api_version": "V3",
        "path_config_source": {"path": str(directory / name), "watched_directory": {"path": str(directory)}},
    }


def fixed_cluster(name: str, endpoints: Sequence[tuple[str, int]]) -> Json:
    """Return a cluster with its endpoints inline: an EDS subscription by file would cost an inotify instance each.

    The idle timeout only ends connections that nobody uses; the lab's application never closes first.
    """
    members = [{"endpoint": {"address": socket_address(host, port)}} for host, port in endpoints]
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "lb_policy": "ROUND_ROBIN",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": members}]},
        **upstream(idle_timeout="60s"),
    }


def upstream(**common: Any) -> Json:  # Any: Envoy's HttpProtocolOptions
    """Return the part of a cluster that makes it speak HTTP/1.1 without a limit of Envoy's own on how much of it."""
    bounds = ("max_connections", "max_pending_requests", "max_requests", "max_retries")
    protocol = {
        "@type": f"{TYPES}.upstreams.http.v3.HttpProtocolOptions",
        "common_http_protocol_options": common,
        "explicit_http_config": {"http_protocol_options": {}},
    }
    return {
        "circuit_breakers": {"thresholds": [dict.fromkeys(bounds, _ENDLESS)]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": protocol},
    }


def router(**options: Any) -> Json:  # Any: Envoy's Router
    """Return the HTTP filter that every listener's chain of filters ends with."""
    return {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{TYPES}.filters.http.router.v3.Router", **options},
    }


def connection_manager(stat_prefix: str, routes: Json, filters: Sequence[Json], **more: Any) -> Json:  # Any: as above
    """Return the filter chain of an HTTP listener; `routes` is `{"rds": ...}` or `{"route_config": ...}`."""
    manager = {
        "@type": f"{TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "codec_type": "AUTO",
        "stat_prefix": stat_prefix,
        "use_remote_address": True,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "http_filters": list(filters),
        **routes,
        **more,
    }
    return {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
