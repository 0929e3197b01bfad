"""The configuration of Contour's Envoys, computed from Ingresses and HTTPProxies, with the names that Contour gives.

Sources: projectcontour/contour internal/xdscache/v3 (listener.go, route.go, cluster.go), internal/envoy (cluster.go) and
internal/envoy/v3/stats.go. No part of the lab: TLS (`ingress_https`, and a route configuration `https/HOST` for each host),
inclusion, weights, conditions on headers; WebSockets need no annotation. Every Envoy of Contour's gets all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from migrator.lab.contour.kinds import CLASS, HTTP_PROXIES, INGRESSES
from migrator.lab.contour.ports import ADMIN_PORT, STATS_PORT
from migrator.lab.controllers.api.objects import annotations_of, name_of, namespace_of
from migrator.lab.controllers.api.resources import PODS, SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.ground.layout import GATEWAY_PORT
from migrator.lab.istiod.clusters import FIXED
from migrator.lab.istiod.config import versioned
from migrator.lab.istiod.hosts import ANY, domains
from migrator.lab.istiod.routes import seconds

WATCHES = (PODS, SERVICES, INGRESSES, HTTP_PROXIES)
HTTP = "ingress_http"
USUAL_TIMEOUT = 15.0
"""Seconds for an answer where nothing says another time: Envoy's own, which Contour leaves as it is."""

KEPT, DRAINED = "4s", "5s"
"""`timeouts.max-connection-duration` and `connection-shutdown-grace-period` of Contour's configuration file: a connection so
old is told to end by its next answer, for so long. Nothing else moves kept-alive clients, for no Envoy of Contour's takes
orders from the network."""

READ = (
    "/certs",
    "/clusters",
    "/listeners",
    "/config_dump",
    "/memory",
    "/ready",
    "/runtime",
    "/server_info",
    "/stats",
    "/stats/prometheus",
    "/stats/recentlookups",
)
"""What the port for people passes on to the admin interface, by GET alone."""

_SHORT_HASH = hashlib.sha1(b"", usedforsecurity=False).hexdigest()[:10]
"""Ends the name of a cluster without a policy of balancing and without a health check."""


def gateway_config(pod: Json, world: World) -> Json:
    """Return listeners, clusters and their version; nothing for a pod that is none of Contour's Envoys."""
    if not is_envoy(pod):
        return versioned({"listeners": [], "clusters": []}) | {"workload": {"name": name_of(pod)}}
    hosts = virtual_hosts(world)
    names = sorted({route["cluster"] for host in hosts for route in host["routes"]})
    listeners = [_ingress(hosts)] if hosts else []
    content = {"listeners": listeners, "own": own_listeners(), "clusters": [_cluster(name, world) for name in names]}
    return versioned(content) | {"workload": {"name": name_of(pod)}}


def is_envoy(pod: Json) -> bool:
    """Return whether Contour's bootstrap starts the pod."""
    return any("bootstrap" in (one.get("args") or []) for one in pod["spec"].get("initContainers") or [])


def virtual_hosts(world: World) -> list[Json]:
    """Return the virtual hosts in the order of their names; in each the exact paths first, then the longest prefix."""
    hosts: dict[str, list[Json]] = {}
    for host, route in (*_of_ingresses(world), *_of_proxies(world)):
        hosts.setdefault(host, []).append(route)
    return [_virtual_host(host, hosts[host]) for host in sorted(hosts)]


def _virtual_host(host: str, routes: list[Json]) -> Json:
    return {"name": host, "domains": domains(host), "routes": sorted(routes, key=_specific)}


def own_listeners() -> list[Json]:
    """Return the listeners for people and for metrics and probes, which Contour serves beside those for clients."""
    stats = ("/ready", "/stats", "/stats/prometheus")
    return [
        {"name": "envoy-admin", "port": ADMIN_PORT, "stat_prefix": "envoy-admin", "routes": _reads(READ)},
        {"name": "stats-health", "port": STATS_PORT, "stat_prefix": "stats", "routes": _reads(stats)},
    ]


def _reads(paths: tuple[str, ...]) -> list[Json]:
    get = {"name": ":method", "string_match": {"exact": "GET", "ignore_case": True}}
    return [{"match": {"path": path, "headers": [get]}, "route": {"cluster": "envoy-admin"}} for path in paths]


def _ingress(hosts: list[Json]) -> Json:
    manager = {"common_http_protocol_options": {"max_connection_duration": KEPT}, "drain_timeout": DRAINED}
    return {
        "name": HTTP,
        "route_config": HTTP,
        "stat_prefix": HTTP,
        "port": GATEWAY_PORT,
        "vhosts": hosts,
        "manager": manager,
    }


def _of_ingresses(world: World) -> Iterator[tuple[str, Json]]:
    """Yield (host, route) of the Ingresses of Contour's class; its class is a name, not an object."""
    for item in world.all(INGRESSES):
        if item["spec"].get("ingressClassName") != CLASS:
            continue
        for rule in item["spec"].get("rules") or []:
            for path in (rule.get("http") or {}).get("paths") or []:
                service = path["backend"]["service"]
                cluster = cluster_name(namespace_of(item), service["name"], service["port"]["number"])
                match = _match(path["path"], exact=path["pathType"] == "Exact")
                yield rule.get("host") or ANY, {"match": match, "cluster": cluster, "timeout_s": USUAL_TIMEOUT}


def _match(path: str, exact: bool) -> Json:
    """Return the match of an Ingress's path: a prefix means whole parts of a path."""
    if exact:
        return {"path": path}
    return {"prefix": "/"} if path == "/" else {"path_separated_prefix": path.rstrip("/")}


def _of_proxies(world: World) -> Iterator[tuple[str, Json]]:
    """Yield (host, route) of the HTTPProxies that are roots; of several services of a route only the first is kept."""
    for item in world.all(HTTP_PROXIES):
        host = str((item["spec"].get("virtualhost") or {}).get("fqdn") or "")
        for rule in item["spec"].get("routes") or [] if host else []:
            service = rule["services"][0]
            cluster = cluster_name(namespace_of(item), service["name"], service["port"])
            told = (rule.get("timeoutPolicy") or {}).get("response")
            limit = seconds(told) if told else USUAL_TIMEOUT
            yield host, {"match": _condition(rule), "cluster": cluster, "timeout_s": limit}


def _condition(rule: Json) -> Json:
    """Return the match of an HTTPProxy's route, whose prefixes mean the letters of a path."""
    for condition in rule.get("conditions") or []:
        for kind, name in (("exact", "path"), ("prefix", "prefix")):
            if kind in condition:
                return {name: condition[kind]}
    return {"prefix": "/"}


def _specific(route: Json) -> tuple[bool, int]:
    match: Json = route["match"]
    return "path" not in match, -len(next(iter(match.values())))


def cluster_name(space: str, service: str, port: int) -> str:
    """Return Contour's name of the cluster of a Service's port."""
    return f"{space}/{service}/{port}/{_SHORT_HASH}"


def _cluster(name: str, world: World) -> Json:
    """Return a cluster; without a backend in the lab it has no endpoint, which answers 503."""
    space, service, port, _ = name.split("/")
    found = [one for one in world.all(SERVICES) if (namespace_of(one), name_of(one)) == (space, service)]
    fixed = [annotations_of(one)[FIXED].rpartition(":") for one in found if FIXED in annotations_of(one)]
    endpoints = [{"address": host, "port": int(number)} for host, _, number in fixed]
    return {"name": name, "alt_stat_name": f"{space}_{service}_{port}", "endpoints": endpoints}
