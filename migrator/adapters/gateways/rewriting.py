"""The rules by which one gateway's own traces are taken out of its configuration: identity, ports, order, secrets."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text

_VOLATILE = frozenset({"last_updated", "version_info", "client_status", "nonce"})
_SECRET_VALUES = frozenset({"inline_bytes", "inline_string"})
_NOBODY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - nothing is bound here
_ROUTE_NAME = re.compile(r"(http\.)(\d+)")
_HOST_PORT = re.compile(r"(.+:)(\d+)")
_UNDERSCORE_PORT = re.compile(r"(.*_)(\d+)(;?)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a gateway calls itself, as its own `/server_info` and the cluster say."""

    node_id: str
    node_cluster: str
    pod_name: str
    pod_ip: str


class Rewriting:
    """The rules for one gateway. `ports` maps its listening ports to the new side's; empty on the new side itself."""

    def __init__(self, identity: Identity, ports: Mapping[int, int]) -> None:
        self._ports = ports
        self._cluster = identity.node_cluster
        tokens = {identity.node_id: "{node}", identity.pod_name: "{pod}", identity.pod_ip: "{ip}"}
        self._tokens = {token: word for token, word in tokens.items() if token not in _NOBODY}
        self._pattern = _whole(self._tokens)
        self._rules: dict[str, Callable[[Json], Json]] = {
            "virtual_hosts": self._virtual_hosts,
            "filter_chains": self._sorted,
            "route_config_name": lambda value: self._port_in(_ROUTE_NAME, value),
            "stat_prefix": lambda value: self._port_in(_UNDERSCORE_PORT, value),
            "path_config_source": lambda _value: (
                "{file}"
            ),  # where a resource is read from; what it says is its own unit
            "private_key": _sealed,
            "certificate_chain": _sealed,
            "trusted_ca": _sealed,
            "crl": _sealed,
            "password": _sealed,
            "session_ticket_keys": _sealed,
            "generic_secret": _sealed,
        }

    def plain(self, value: Json) -> Json:
        """Rewrite any value by the rules of its keys; the order of lists stays unless a rule says otherwise."""
        if isinstance(value, dict):
            return {key: self._by_rule(key, part) for key, part in value.items() if key not in _VOLATILE}
        if isinstance(value, list):
            return [self.plain(part) for part in value]
        return self._identity(value) if isinstance(value, str) else value

    def listener(self, listener: Manifest) -> Manifest:
        """Rewrite a listener: its name, its bind addresses, and everything by rule."""
        unit = self._object(listener)
        unit["name"] = self._port_in(_UNDERSCORE_PORT, unit.get("name", ""))
        unit["address"] = self._address(unit.get("address"))
        if "additional_addresses" in unit:
            rows = items(unit, "additional_addresses")
            unit["additional_addresses"] = [{**row, "address": self._address(row.get("address"))} for row in rows]
        return unit

    def cluster(self, cluster: Manifest, own: bool) -> Manifest:
        """Rewrite a cluster; inline endpoints become a set of addresses. `own`: it came with the bootstrap and may
        point at the gateway itself."""
        assignment = mapping(cluster, "load_assignment")
        unit = self._object({key: value for key, value in cluster.items() if key != "load_assignment"})
        if assignment:
            unit["load_assignment"] = {
                "addresses": self.addresses(assignment, own),
                "policy": self.plain(mapping(assignment, "policy")),
            }
        return unit

    def route(self, route: Manifest) -> Manifest:
        """Rewrite a route configuration: its name, and virtual hosts by rule; routes keep their order."""
        unit = self._object(route)
        unit["name"] = self._port_in(_ROUTE_NAME, unit.get("name", ""))
        return unit

    def secret(self, secret: Manifest) -> Json:
        """Rewrite a secret: key material becomes its SHA-256."""
        return self.plain(secret)

    def addresses(self, assignment: Manifest, own: bool) -> Json:
        """Give the sorted set of endpoint addresses. Only `own` ones may be the gateway's: a backend on its node is not.

        Named endpoints (those without an inline address) go by name.
        """
        addresses = set()
        for group in items(assignment, "endpoints"):
            for row in items(group, "lb_endpoints"):
                address = text(row, "endpoint_name") or _readable(dig(row, "endpoint", "address"))
                addresses.add(str(self._identity(address)) if own else address)
        return list[Json](sorted(addresses))

    def _by_rule(self, key: str, value: Json) -> Json:
        rule = self._rules.get(key)
        return rule(value) if rule is not None else self.plain(value)

    def _object(self, value: Manifest) -> Manifest:
        return {key: self._by_rule(key, part) for key, part in value.items() if key not in _VOLATILE}

    def _identity(self, value: str) -> str:
        if value == self._cluster and value:
            return "{workload}"
        return self._pattern.sub(lambda match: self._tokens[match[0]], value) if self._pattern else value

    def _virtual_hosts(self, value: Json) -> Json:
        hosts = [self._virtual_host(row) for row in items(value)]
        return list[Json](sorted(hosts, key=lambda host: text(host, "name")))

    def _virtual_host(self, host: Manifest) -> Manifest:
        unit = self._object(host)
        unit["name"] = self._port_in(_HOST_PORT, unit.get("name", ""))
        domains = unit.get("domains")
        if isinstance(domains, list):
            mapped = {str(self._port_in(_HOST_PORT, domain)) for domain in domains}
            unit["domains"] = list[Json](sorted(mapped))
        return unit

    def _sorted(self, value: Json) -> Json:
        """Filter chains are matched by their criteria, not by their order."""
        rows = self.plain(value)
        return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) if isinstance(rows, list) else rows

    def _address(self, address: Json) -> Json:
        port = dig(address, "socket_address", "port_value")
        if not isinstance(address, dict) or not isinstance(port, int):
            return address
        return {
            **address,
            "socket_address": {**mapping(address, "socket_address"), "port_value": self._ports.get(port, port)},
        }

    def _port_in(self, pattern: re.Pattern[str], value: Json) -> Json:
        """Map the port that `pattern` finds in a whole name."""
        name = self._identity(value) if isinstance(value, str) else ""
        match = pattern.fullmatch(name)
        if not match or int(match[2]) not in self._ports:
            return name
        return f"{match[1]}{self._ports[int(match[2])]}{''.join(match.groups()[2:])}"


def _whole(tokens: Mapping[str, str]) -> re.Pattern[str] | None:
    """Give a pattern that finds tokens as wholes: 10.0.0.1 is not in 10.0.0.10, nor in 110.0.0.1."""
    if not tokens:
        return None
    listed = "|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True))
    return re.compile(rf"(?<![0-9A-Za-z.\-])(?:{listed})(?![0-9A-Za-z\-]|\.[0-9A-Za-z])")


def _sealed(value: Json) -> Json:
    """Replace key material by its hash; a dump may hold it in full, and a difference is shown to people."""
    if isinstance(value, dict):
        return {key: _hash(part) if key in _SECRET_VALUES else _sealed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_sealed(part) for part in value]
    return value


def _hash(value: Json) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(value).encode()).hexdigest()}"


def _readable(address: Json) -> str:
    port = dig(address, "socket_address", "port_value")
    if isinstance(port, int):
        return f"{text(address, 'socket_address', 'address')}:{port}"
    return json.dumps(address, sort_keys=True)
