"""The configuration of one gateway pod, computed from the cluster's objects. It keeps nothing and sends nothing."""

from __future__ import annotations

import hashlib

from migrator.lab.controllers.api.objects import (
    annotations_of,
    canonical,
    controller_of,
    labels_of,
    name_of,
    namespace_of,
)
from migrator.lab.controllers.api.resources import Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.istiod.clusters import cluster
from migrator.lab.istiod.filters import http_filters
from migrator.lab.istiod.routes import virtual_hosts
from migrator.lab.istiod.selection import Server, servers_of

_DEAD_PORT = 1
"""A port on which nothing in a lab listens: connecting to it is refused at once."""


def gateway_config(pod: Json, world: World) -> Json:
    """Return listeners, clusters and a version that follows from them alone, so that equal configs have equal versions.

    A port whose servers no VirtualService is bound to has no listener; the pod is still told so, and gets ready.
    """
    by_port: dict[int, list[Server]] = {}
    for server in servers_of(pod, world):
        by_port.setdefault(server.port, []).append(server)
    filters = http_filters(pod, world)
    listeners = [_listener(port, virtual_hosts(servers, world), filters) for port, servers in sorted(by_port.items())]
    listeners = [one for one in listeners if one["vhosts"]]
    names = {route["cluster"] for one in listeners for host in one["vhosts"] for route in host["routes"]}
    clusters = [cluster(name, world) for name in sorted(names)]
    return versioned({"listeners": listeners, "clusters": clusters}) | {"workload": workload(pod)}


def _listener(port: int, hosts: list[Json], filters: list[Json]) -> Json:
    listener = {"port": port, "name": f"0.0.0.0_{port}", "route_config": f"http.{port}", "vhosts": hosts}
    return listener | ({"filters": filters} if filters else {})


def versioned(content: Json) -> Json:
    """Return a config with the version that follows from it."""
    return {"version": hashlib.sha256(canonical(content).encode()).hexdigest()[:16]} | content


def stale(config: Json) -> Json:
    """Return the config as a push that never arrived would have left it: its upstreams are at a port where nothing listens."""
    clusters = [
        one | {"endpoints": [endpoint | {"port": _DEAD_PORT} for endpoint in one["endpoints"]]}
        for one in config["clusters"]
    ]
    content = {key: value for key, value in config.items() if key not in ("version", "workload")}
    return versioned(content | {"clusters": clusters}) | {"workload": config["workload"]}


def workload(pod: Json) -> Json:
    """Return whose pod this is: the metadata that Istio puts on a proxy's telemetry."""
    owner = controller_of(pod) or {}
    name = str(owner.get("name") or name_of(pod))
    digest = labels_of(pod).get("pod-template-hash")
    if owner.get("kind") == "ReplicaSet" and digest:
        name = name.removesuffix(f"-{digest}")
    shown = {key: value for key, value in annotations_of(pod).items() if key.startswith("istio.io/")}
    return {"name": name, "namespace": namespace_of(pod), "labels": labels_of(pod), "annotations": shown}
