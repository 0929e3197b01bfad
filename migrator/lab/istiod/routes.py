"""VirtualServices as Envoy routes: matches, cluster names, timeouts. Of weighted destinations only the heaviest is kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from migrator.lab.controllers.api.objects import age_key, name_of, namespace_of
from migrator.lab.controllers.api.resources import SERVICES, VIRTUAL_SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.istiod.hosts import allowed, common, domains, service_host, service_key
from migrator.lab.istiod.selection import Server

_log = logging.getLogger(__name__)
_DURATION = re.compile(r"([0-9.]+)(ms|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_EVERYTHING = {"prefix": "/"}
_URI = {"exact": "path", "prefix": "prefix"}


def virtual_hosts(servers: list[Server], world: World) -> list[Json]:
    """Return the virtual hosts of the servers that share one port; a host named twice is one, its routes joined."""
    hosts: dict[str, Json] = {}
    for server in servers:
        for service in sorted(world.all(VIRTUAL_SERVICES), key=age_key):
            for host in shared_hosts(server, service):
                entry: Json = {"name": f"{host}:{server.number}", "domains": domains(host), "routes": []}
                hosts.setdefault(host, entry)["routes"] += routes_of(service, world)
    for entry in hosts.values():
        entry["routes"] = _catch_all_last(_distinct(entry["routes"]))
    return [hosts[host] for host in sorted(hosts)]


def shared_hosts(server: Server, service: Json) -> list[str]:
    """Return the hosts that a VirtualService serves through a Gateway's server; none if it is not bound to it."""
    if "spec" not in service or not _is_bound(service, server.gateway):
        return []
    home = namespace_of(server.gateway)
    opened = [host for host in (allowed(one, home, namespace_of(service)) for one in server.hosts) if host]
    pairs = (common(one, two) for one in opened for two in service["spec"].get("hosts") or [])
    return list(dict.fromkeys(host for host in pairs if host))


def _is_bound(service: Json, gateway: Json) -> bool:
    full = f"{namespace_of(gateway)}/{name_of(gateway)}"
    names = service["spec"].get("gateways") or []
    return any((one if "/" in one else f"{namespace_of(service)}/{one}") == full for one in names)


def routes_of(service: Json, world: World) -> list[Json]:
    """Return a VirtualService's HTTP routes in order; one entry for each of its alternative matches."""
    routes = []
    for rule in service["spec"].get("http") or []:
        target = _heaviest(rule.get("route") or [])
        if target is None:
            _log.warning("%s: a rule without destination (redirect?) is not part of the lab", name_of(service))
            continue
        rest = {
            "cluster": cluster_name(target, namespace_of(service), world),
            "timeout_s": seconds(rule.get("timeout")),
        }
        routes += [{"match": match} | rest for match in _matches(rule, service)]
    return routes


def _heaviest(destinations: list[Json]) -> Json | None:
    best = max(destinations, key=lambda one: int(one.get("weight") or 0), default=None)
    target: Json = (best or {}).get("destination") or {}
    return target if target.get("host") else None


def _matches(rule: Json, service: Json) -> Iterator[Json]:
    alternatives = rule.get("match") or []
    if not alternatives:
        yield _EVERYTHING
    for match in alternatives:
        if set(match) - {"uri", "name"}:
            _log.warning("%s: matches beyond the path are not part of the lab; this one is left out", name_of(service))
        else:
            yield _path_match(match.get("uri") or {"prefix": "/"})


def _path_match(uri: Json) -> Json:
    for kind, field in _URI.items():
        if kind in uri:
            return {field: uri[kind]}
    return {"safe_regex": {"regex": uri["regex"]}}


def cluster_name(destination: Json, namespace: str, world: World) -> str:
    """Name the cluster of a destination as Istio does: `outbound|80||app.ns.svc.cluster.local`."""
    host = service_host(destination["host"], namespace)
    number = (destination.get("port") or {}).get("number") or _only_port(host, world)
    return f"outbound|{number}||{host}"


def _only_port(host: str, world: World) -> int:
    """Return the port of a Service with just one; 0, a port that leads nowhere, when the destination is ambiguous."""
    key = service_key(host)
    for service in world.all(SERVICES):
        ports = service["spec"].get("ports") or []
        if (namespace_of(service), name_of(service)) == key and len(ports) == 1:
            return int(ports[0]["port"])
    return 0


def seconds(duration: str | None) -> float:
    """Read a duration such as `1m30s` or `250ms` as seconds; 0, which means no timeout, when there is none."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(duration or ""))


def _distinct(routes: list[Json]) -> list[Json]:
    return [one for index, one in enumerate(routes) if one not in routes[:index]]


def _catch_all_last(routes: list[Json]) -> list[Json]:
    """Order as Istio does where VirtualServices share a host: whatever matches everything comes after the rest."""
    return sorted(routes, key=lambda one: one["match"] == _EVERYTHING)
