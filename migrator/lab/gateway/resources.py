"""Turn the config server's answer into Envoy resources and put them where Envoy watches. It decides no routing."""

import json
import os
from pathlib import Path

from migrator.lab.envoy.config import Json, connection_manager, file_source, fixed_cluster, router, socket_address

_KINDS = {
    "cds": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
    "lds": "type.googleapis.com/envoy.config.listener.v3.Listener",
    "rds": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
}
_FAULT = "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"


def documents(config: Json, pod_ip: str, directory: Path, direction: str = "OUTBOUND") -> dict[str, Json]:
    """Return file name -> discovery response, in the order to write: clusters, routes, then listeners.

    OUTBOUND is Istio's choice for gateways: `drain_listeners?inboundonly` passes them by.
    """
    version = str(config["version"])
    files = {"cds.json": _document("cds", version, [_cluster(resource) for resource in config["clusters"]])}
    for listener in config["listeners"]:
        files[f"rds.{listener['port']}.json"] = _document("rds", version, [_routes(listener)])
    listeners = [_listener(resource, pod_ip, directory, direction) for resource in config["listeners"]]
    listeners += [_own(resource, pod_ip) for resource in config.get("own", [])]
    files["lds.json"] = _document("lds", version, listeners)
    return files


def publish(directory: Path, files: dict[str, Json]) -> list[str]:
    """Write the documents whose resources changed, each by rename. Return the names written."""
    written = []
    for name, document in files.items():
        if _published(directory / name) != document["resources"]:
            fresh = directory / f"{name}.new"
            fresh.write_text(json.dumps(document))
            os.replace(fresh, directory / name)
            written.append(name)
    return written


def _published(path: Path) -> object:
    try:
        return json.loads(path.read_text())["resources"]
    except FileNotFoundError:
        return None


def _document(kind: str, version: str, resources: list[Json]) -> Json:
    return {"version_info": version, "resources": [{"@type": _KINDS[kind], **resource} for resource in resources]}


def _cluster(config: Json) -> Json:
    endpoints = [(endpoint["address"], int(endpoint["port"])) for endpoint in config["endpoints"]]
    named = {"alt_stat_name": config["alt_stat_name"]} if "alt_stat_name" in config else {}
    return fixed_cluster(config["name"], endpoints) | named


def _listener(config: Json, pod_ip: str, directory: Path, direction: str) -> Json:
    port = int(config["port"])
    metadata = {"metadata": {"filter_metadata": config["metadata"]}} if "metadata" in config else {}
    prefix = config.get("stat_prefix") or f"outbound_0.0.0.0_{port}"
    rds = {"route_config_name": _route_config(config), "config_source": file_source(directory, f"rds.{port}.json")}
    return {
        "name": config.get("name") or f"0.0.0.0_{port}",
        "address": socket_address(pod_ip, port),
        "traffic_direction": direction,
        **metadata,
        "filter_chains": [connection_manager(prefix, {"rds": rds}, _filters(config), **config.get("manager", {}))],
    }


def _own(config: Json, pod_ip: str) -> Json:
    """Return a listener for probes, metrics or people, whose routes are written in it."""
    hosts = [{"name": "backend", "domains": ["*"], "routes": config["routes"]}]
    chain = connection_manager(config["stat_prefix"], {"route_config": {"virtual_hosts": hosts}}, [router()])
    return {"name": config["name"], "address": socket_address(pod_ip, int(config["port"])), "filter_chains": [chain]}


def _filters(config: Json) -> list[Json]:
    """Return what EnvoyFilters put first, then the lab's own."""
    return [*config.get("filters", []), _fault_filter(), router()]


def _fault_filter() -> Json:
    """Return the fault that POST /runtime_modify switches: `fault.abort.percent` (503, or
    `fault.abort.status`), `fault.delay.percent` (2 s)."""
    never = {"numerator": 0, "denominator": "HUNDRED"}
    fault = {
        "@type": _FAULT,
        "abort": {"http_status": 503, "percentage": never},
        "delay": {"fixed_delay": "2s", "percentage": never},
        "abort_percent_runtime": "fault.abort.percent",
        "abort_http_status_runtime": "fault.abort.status",
        "delay_percent_runtime": "fault.delay.percent",
    }
    return {"name": "envoy.filters.http.fault", "typed_config": fault}


def _routes(listener: Json) -> Json:
    hosts = [
        {"name": host["name"], "domains": host["domains"], "routes": [_route(route) for route in host["routes"]]}
        for host in listener["vhosts"]
    ]
    # The gateway's own address:port, so that a client can say who answered; the text is the same on every gateway.
    who = {"header": {"key": "x-gateway", "value": "%DOWNSTREAM_LOCAL_ADDRESS%"}}
    return {
        "name": _route_config(listener),
        "virtual_hosts": hosts,
        "validate_clusters": False,
        "response_headers_to_add": [who],
    }


def _route_config(listener: Json) -> str:
    return str(listener.get("route_config") or f"http.{listener['port']}")


def _route(config: Json) -> Json:
    action = {"cluster": config["cluster"], "timeout": f"{float(config.get('timeout_s') or 0):g}s"}
    name = {"name": config["name"]} if "name" in config else {}
    return {**name, "match": config["match"], "route": action}
