"""The configuration of a Gateway's Envoys, computed from its routes, with the names that Envoy Gateway gives. It keeps nothing.

Source: envoyproxy/gateway internal/gatewayapi and internal/xds/translator: a listener, its routes and its virtual hosts carry
the Gateway's name, clusters and single routes the HTTPRoute's. Matches beyond the path are no part of the lab.
"""

from __future__ import annotations

from itertools import pairwise

from migrator.lab.controllers.api.objects import annotations_of, name_of, namespace_of
from migrator.lab.controllers.api.resources import NAMESPACES, PODS, SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.envoygateway.attaching import routes_of
from migrator.lab.envoygateway.infrastructure.proxies import wanted_of
from migrator.lab.envoygateway.infrastructure.reconcile import ours
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES
from migrator.lab.envoygateway.names import container_port, key_of
from migrator.lab.istiod.clusters import FIXED
from migrator.lab.istiod.config import versioned
from migrator.lab.istiod.hosts import domains
from migrator.lab.istiod.routes import seconds

WATCHES = (PODS, SERVICES, NAMESPACES, GATEWAY_CLASSES, GATEWAYS, HTTP_ROUTES, ENVOY_PROXIES)
_FLAG = "--service-cluster"
_MATCHES = {"PathPrefix": "prefix", "Exact": "path"}


def gateway_config(pod: Json, world: World) -> Json:
    """Return listeners, clusters and their version for the Gateway by which the pod's Envoy calls its cluster."""
    called = cluster_of(pod)
    gateway = next((one for one in ours(world) if key_of(one) == called), None)
    listeners = [] if gateway is None else [_listener(one, gateway, world) for one in gateway["spec"]["listeners"]]
    served = [one for one in listeners if one["vhosts"]]
    names = {route["cluster"] for one in served for host in one["vhosts"] for route in host["routes"]}
    clusters = [_cluster(name, world) for name in sorted(names)]
    return versioned({"listeners": served, "clusters": clusters}) | {"workload": {"name": called}}


def cluster_of(pod: Json) -> str:
    """Return what the pod's Envoy calls its cluster; "" where it does not say."""
    words = [str(word) for container in pod["spec"].get("containers") or [] for word in container.get("args") or []]
    return next((after for flag, after in pairwise(words) if flag == _FLAG), "")


def _listener(listener: Json, gateway: Json, world: World) -> Json:
    name = f"{key_of(gateway)}/{listener['name']}"
    port = container_port(int(listener["port"]), wanted_of(gateway, world).ports_as_they_are)
    hosts: dict[str, Json] = {}
    for route, served in routes_of(gateway, listener["name"], world):
        for host in served:
            entry: Json = {"name": f"{name}/{_underscored(host)}", "domains": domains(host), "routes": []}
            hosts.setdefault(host, entry)["routes"] += _routes(route, host)
    for entry in hosts.values():
        entry["routes"].sort(key=_specific)
    vhosts = [hosts[host] for host in sorted(hosts)]
    named = {
        "name": name,
        "route_config": name,
        "stat_prefix": f"http-{port}",
        "metadata": _metadata(gateway, listener),
    }
    return {"port": port, **named, "vhosts": vhosts}


def _metadata(gateway: Json, listener: Json) -> Json:
    """Return what a listener says of the object that it was made of (internal/xds/translator/metadata.go)."""
    meta = {"kind": "Gateway", "namespace": namespace_of(gateway), "name": name_of(gateway)}
    return {"envoy-gateway": {"resources": [meta | {"sectionName": listener["name"]}]}}


def _routes(route: Json, host: str) -> list[Json]:
    found = []
    for index, rule in enumerate(route["spec"].get("rules") or []):
        name = f"httproute/{namespace_of(route)}/{name_of(route)}/rule/{index}"
        rest = {"cluster": name, "timeout_s": seconds((rule.get("timeouts") or {}).get("request"))}
        for number, match in enumerate(rule.get("matches") or [{}]):
            path: Json = match.get("path") or {"type": "PathPrefix", "value": "/"}
            own = {"name": f"{name}/match/{number}/{_underscored(host)}"}
            found.append(own | {"match": {_MATCHES[path["type"]]: path["value"]}} | rest)
    return found


def _specific(route: Json) -> tuple[bool, int]:
    """Order as the Gateway API asks for: exact paths first, then the longest prefix."""
    match: Json = route["match"]
    return "prefix" in match, -len(next(iter(match.values())))


def _cluster(name: str, world: World) -> Json:
    """Return the cluster of a rule; without a backend in the lab it has no endpoint, which answers 503."""
    _, space, route_name, _, index = name.split("/")
    key = (space, route_name)
    route = next(one for one in world.all(HTTP_ROUTES) if (namespace_of(one), name_of(one)) == key)
    refs = route["spec"]["rules"][int(index)].get("backendRefs") or []
    wanted = {(space, ref["name"]) for ref in refs if ref.get("namespace", space) == space}
    backends = [one for one in world.all(SERVICES) if (namespace_of(one), name_of(one)) in wanted]
    fixed = [annotations_of(one)[FIXED].rpartition(":") for one in backends if FIXED in annotations_of(one)]
    return {"name": name, "endpoints": [{"address": host, "port": int(port)} for host, _, port in fixed]}


def _underscored(host: str) -> str:
    return host.replace(".", "_")
