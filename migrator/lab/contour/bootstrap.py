"""Envoy's bootstrap as `contour bootstrap` writes it: two clusters, and an admin interface that is a socket in a volume.

Source: projectcontour/contour internal/envoy/v3/bootstrap.go. Its listeners are none of it: they come with the others.
Runtime comes from no server here, and `contour` is reached by address, since the lab has neither RTDS nor DNS.
"""

from __future__ import annotations

from pathlib import Path

from migrator.lab.contour.ports import ADMIN_PORT
from migrator.lab.envoy.config import Json, socket_address

_MANY = 100_000


def bootstrap(namespace: str, admin: Path, xds: tuple[str, int]) -> Json:
    """Return the bootstrap; `admin` is the socket of the admin interface, `xds` where Contour is."""
    pipe = {"pipe": {"path": str(admin)}}
    contour = _cluster("contour", f"{namespace}_contour_{xds[1]}", socket_address(*xds))
    circuits = {"max_connections": _MANY, "max_pending_requests": _MANY, "max_requests": 60_000_000, "max_retries": 50}
    thresholds = [{"priority": name, **circuits} for name in ("HIGH", "DEFAULT")]
    keepalive = {"keepalive_probes": 3, "keepalive_time": 30, "keepalive_interval": 5}
    contour |= {
        "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": thresholds},
        "upstream_connection_options": {"tcp_keepalive": keepalive},
    }
    return {
        "layered_runtime": {
            "layers": [{"name": "dynamic", "static_layer": {}}, {"name": "admin", "admin_layer": {}}],
        },
        "stats_flush_interval": "1s",  # 5 s with Contour; scaled as the soaks of the lab are
        "static_resources": {
            "clusters": [contour, _cluster("envoy-admin", f"{namespace}_envoy-admin_{ADMIN_PORT}", pipe)],
        },
        "admin": {"address": pipe},
    }


def _cluster(name: str, statistics: str, address: Json) -> Json:
    return {
        "name": name,
        "alt_stat_name": statistics,
        "connect_timeout": "0.250s",
        "type": "STATIC",
        "lb_policy": "ROUND_ROBIN",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
    }
