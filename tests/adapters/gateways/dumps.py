"""Fabricated config dumps of two gateways with equal intent: the old on 8080/8443, the new on 80/443."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from migrator.adapters.gateways.configuration.canonical import Canonical, Identity, canonical
from migrator.adapters.gateways.configuration.plain import digest
from migrator.domain.model.manifests import Json, Manifest

TYPE = "type.googleapis.com/envoy.admin.v3"
PORTS = {8080: 80, 8443: 443}


@dataclass(frozen=True)
class Gateway:
    """Who a gateway is and where it listens."""

    ip: str
    pod: str
    workload: str
    http: int
    https: int
    version: str

    @property
    def identity(self) -> Identity:
        return Identity(f"router~{self.ip}~{self.pod}.ns~local", f"{self.workload}.ns", self.pod, self.ip)


OLD = Gateway("10.0.0.1", "gw-7f9d-abcde", "gw", 8080, 8443, "2026-01-01T00:00:00Z/7")
NEW = Gateway("192.168.7.4", "gw-ds-x7k2p", "gw-ds", 80, 443, "2026-01-02T09:09:09Z/31")


def dump(gateway: Gateway) -> Manifest:
    """Give `/config_dump?include_eds` as this gateway would answer. The new one lists things in another order."""
    found: list[Json] = [_bootstrap(gateway), _clusters(gateway), _endpoints(gateway), _listeners(gateway)]
    return {"configs": [*found, _routes(gateway), _secrets(gateway)]}


def units(gateway: Gateway, of: Manifest | None = None) -> dict[str, str]:
    """Give the digests of a dump's units, mapped as the adapter maps them."""
    return {name: digest(unit) for name, unit in read(gateway, of).units.items()}


def read(gateway: Gateway, of: Manifest | None = None) -> Canonical:
    """Canonicalise a dump."""
    ports = PORTS if gateway is OLD else {}
    return canonical(dump(gateway) if of is None else of, gateway.identity, ports, "1.40.0", {})


def changed(gateway: Gateway, section: int, *path: str | int, to: Json) -> Manifest:
    """Give the gateway's dump with one value replaced."""
    found = copy.deepcopy(dump(gateway))
    at: Json = found["configs"][section]  # type: ignore[index, call-overload]  # a fabricated list
    for key in path[:-1]:
        at = at[key]  # type: ignore[index, call-overload]
    at[path[-1]] = to  # type: ignore[index, call-overload]
    return found


def _section(kind: str, **rows: Json) -> Manifest:
    return {"@type": f"{TYPE}.{kind}", **rows}


def _turned(gateway: Gateway, rows: list[Json]) -> list[Json]:
    return rows if gateway is OLD else rows[::-1]


def address(ip: str, port: int) -> Manifest:
    return {"socket_address": {"address": ip, "port_value": port}}


def _bootstrap(gateway: Gateway) -> Manifest:
    node: Manifest = {"id": gateway.identity.node_id, "cluster": gateway.identity.node_cluster}
    stats: Manifest = {"stats_matcher": {"inclusion_list": {"patterns": [{"suffix": "downstream_cx_active"}]}}}
    return _section(
        "BootstrapConfigDump", bootstrap={"node": node, "stats_config": stats}, last_updated=gateway.version
    )


def _clusters(gateway: Gateway) -> Manifest:
    own: Json = {"cluster_name": "agent", "endpoints": [{"lb_endpoints": [_endpoint(gateway.ip, 15020)]}]}
    agent: Manifest = {"name": "agent", "load_assignment": own}
    dynamic: list[Json] = [
        {"version_info": gateway.version, "last_updated": gateway.version, "cluster": _cluster(name)}
        for name in ("outbound|8080||app.ns.svc", "outbound|80||gw.ns.svc.cluster.local")
    ]
    rows = _turned(gateway, dynamic)
    return _section("ClustersConfigDump", static_clusters=[{"cluster": agent}], dynamic_active_clusters=rows)


def _cluster(name: str) -> Manifest:
    limits: Json = {"thresholds": [{"max_connections": 100}]}
    services: Json = [{"name": "gw", "namespace": "ns", "host": "gw.ns.svc.cluster.local"}]
    return {"name": name, "type": "EDS", "circuit_breakers": limits, "metadata": {"istio": {"services": services}}}


def _endpoint(ip: str, port: int, weight: int = 1) -> Manifest:
    return {"endpoint": {"address": address(ip, port)}, "load_balancing_weight": weight, "health_status": "HEALTHY"}


def _endpoints(gateway: Gateway) -> Manifest:
    """One backend lives on the very node that the new gateway has; its address is not the gateway's identity."""
    near = 3 if gateway is NEW else 1
    rows = _turned(gateway, [_endpoint("10.1.0.1", 8080), _endpoint(NEW.ip, 8080, near)])
    assignment: Manifest = {"cluster_name": "outbound|8080||app.ns.svc", "endpoints": [{"lb_endpoints": rows}]}
    return _section("EndpointsConfigDump", dynamic_endpoint_configs=[{"endpoint_config": assignment}])


def _listeners(gateway: Gateway) -> Manifest:
    rows: list[Json] = [
        _dynamic(gateway, gateway.http, [_chain(gateway, gateway.http, None)]),
        _dynamic(gateway, gateway.https, _turned(gateway, [_chain(gateway, gateway.https, h) for h in ("a.x", "b.x")])),
    ]
    probe: Manifest = {"name": "static_15021", "address": address(gateway.ip, 15021), "filter_chains": []}
    return _section(
        "ListenersConfigDump", static_listeners=[{"listener": probe}], dynamic_listeners=_turned(gateway, rows)
    )


def _dynamic(gateway: Gateway, port: int, chains: list[Json]) -> Manifest:
    listener: Manifest = {"name": f"0.0.0.0_{port}", "address": address("0.0.0.0", port), "filter_chains": chains}
    active: Manifest = {"version_info": gateway.version, "last_updated": gateway.version, "listener": listener}
    return {"name": f"0.0.0.0_{port}", "active_state": active}


def _chain(gateway: Gateway, port: int, sni: str | None) -> Manifest:
    name = f"http.{port}" if sni is None else f"https.443.https.{sni}.ns"
    manager: Manifest = {
        "stat_prefix": f"outbound_0.0.0.0_{port};",
        "rds": {"route_config_name": name, "config_source": {"path_config_source": {"path": f"/tmp/{gateway.pod}/r"}}},
        "http_filters": [{"name": "fault"}, {"name": "cors"}, {"name": "router"}],
        "access_log": [{"format": f"%X% {gateway.ip}:{port} served by {gateway.pod}"}],
    }
    if sni is None:
        manager["access_log"] = [{"format": f"%X% served by {gateway.pod}"}]
    else:
        manager.pop("access_log")
    chain: Manifest = {"filters": [{"name": "hcm", "typed_config": manager}]}
    if sni is not None:
        chain["filter_chain_match"] = {"server_names": [sni]}
        chain["transport_socket"] = {
            "common_tls_context": {"tls_certificate_sds_secret_configs": [{"name": f"k/{sni}"}]}
        }
    return chain


def _routes(gateway: Gateway) -> Manifest:
    hosts = _turned(gateway, [_host(gateway, "shop.x"), _host(gateway, "api.x")])
    route: Manifest = {"name": f"http.{gateway.http}", "virtual_hosts": hosts}
    return _section(
        "RoutesConfigDump", dynamic_route_configs=[{"version_info": gateway.version, "route_config": route}]
    )


def _host(gateway: Gateway, name: str) -> Manifest:
    domains = _turned(gateway, [name, f"{name}:{gateway.http}"])
    routes: list[Json] = [
        {"match": {"prefix": "/v1"}, "route": {"cluster": "outbound|8080||app.ns.svc", "timeout": "15s"}},
        {"match": {"prefix": "/"}, "route": {"cluster": "outbound|8080||app.ns.svc", "timeout": "0s"}},
    ]
    return {"name": f"{name}:{gateway.http}", "domains": domains, "routes": routes}


def _secrets(gateway: Gateway) -> Manifest:
    own: Manifest = {"tls_certificate": {"certificate_chain": {"inline_bytes": gateway.pod}}}
    site: Manifest = {"tls_certificate": {"certificate_chain": {"inline_bytes": "Q0VSVA=="}}}
    rows: list[Json] = [{"name": "default", "secret": own}, {"name": "kubernetes://site", "secret": site}]
    return _section("SecretsConfigDump", dynamic_active_secrets=_turned(gateway, rows))
