"""The endpoints of a cluster as a table by address: what each is, without what differs by node or from second to second. Pure.

Weight, priority, locality and health are left out: istiod gives them by the gateway's own place, and health is of the
moment. What a client would notice stays: the address, the metadata (whether mutual TLS is spoken, which subset it is of).
"""

from __future__ import annotations

import json

from migrator.adapters.gateways.configuration.plain import plain
from migrator.adapters.gateways.configuration.rewriting import Rewriting
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text

_BY_PLACE = frozenset({"load_balancing_weight", "health_status"})
_OF_GROUPS = frozenset({"lb_endpoints", "locality", "priority", "load_balancing_weight", "proximity"})
_RESOLVED = frozenset({"STRICT_DNS", "LOGICAL_DNS", "ORIGINAL_DST"})
_LISTED = frozenset({"envoy.cluster.static", "envoy.cluster.eds", "envoy.clusters.static", "envoy.clusters.eds"})


def resolves(cluster: Manifest) -> bool:
    """Say whether a gateway finds the cluster's addresses itself (DNS and the like): two gateways then have two answers."""
    extension = text(cluster, "cluster_type", "name")
    return extension not in _LISTED if extension else text(cluster, "type") in _RESOLVED


def endpoints_name(cluster: Manifest) -> str:
    """Give the name under which a dump has the cluster's endpoints."""
    return text(cluster, "eds_cluster_config", "service_name") or text(cluster, "name")


def assignment(found: Manifest, rewriting: Rewriting, own: bool) -> Manifest:
    """Give a load assignment as a table by address, and its policy. `own`: an address may be the gateway's itself, for it
    came with its bootstrap; a backend on the gateway's node is another thing."""
    rows = [_endpoint(row, rewriting) for group in items(found, "endpoints") for row in items(group, "lb_endpoints")]
    table: Manifest = {}
    for address, endpoint in _in_order(rows):
        name = str(rewriting.own_addresses(address)) if own else address
        while name in table:
            name += "'"
        table[name] = endpoint
    unit: Manifest = {"endpoints": table}
    if beside := [rest for group in items(found, "endpoints") if (rest := _group(group, rewriting))]:
        unit["groups"] = list[Json](sorted(beside, key=plain))
    if policy := rewriting.object(mapping(found, "policy")):
        unit["policy"] = policy
    return unit


def _in_order(rows: list[tuple[str, Manifest]]) -> list[tuple[str, Manifest]]:
    """Sort those that share an address, as two subsets may: in which group they come first means nothing."""
    if len({address for address, _ in rows}) == len(rows):
        return rows
    return sorted(rows, key=lambda row: (row[0], plain(row[1])))


def _group(group: Manifest, rewriting: Rewriting) -> Manifest:
    """Give what a group of endpoints has besides them and its place."""
    return rewriting.object({key: part for key, part in group.items() if key not in _OF_GROUPS})


def _endpoint(row: Manifest, rewriting: Rewriting) -> tuple[str, Manifest]:
    """Give an endpoint's address and what else it is; a named endpoint goes by its name."""
    endpoint = mapping(row, "endpoint")
    rest = {key: part for key, part in endpoint.items() if key != "address"}
    beside = {key: part for key, part in row.items() if key not in _BY_PLACE and key != "endpoint"}
    address = text(row, "endpoint_name") or _readable(dig(endpoint, "address"))
    return address, rewriting.object({**rest, **beside})


def _readable(address: Json) -> str:
    port = dig(address, "socket_address", "port_value")
    if isinstance(port, int):
        host = text(address, "socket_address", "address")
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return json.dumps(address, sort_keys=True)
