"""The rules by which one gateway's own traces are taken out of its configuration: identity, ports, order, secrets, statistics.

A key that begins with `#` says something to people (which object wrote this) and is no part of what is compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from migrator.adapters.gateways.configuration.identity import Identity, Own, without_own_tags
from migrator.adapters.gateways.configuration.ports import Ports, host_of
from migrator.adapters.gateways.configuration.secrecy import SEALED, hidden_header, hidden_matches, sealed
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text

ORIGIN = "#config"
"""Where a part keeps the Istio object that it was made of; it is shown beside a difference and not compared."""

_LEFT_OUT = frozenset({"last_updated", "version_info", "client_status", "nonce", "alt_stat_name"})
_FREE = frozenset({"static_layer", "filter_context", "json_format"})
"""Keys under which Envoy keeps a `Struct`: flags of runtime, what a script is given, the fields of a log."""
_FREE_TYPES = frozenset(
    f"type.googleapis.com/{name}"
    for name in ("google.protobuf.Struct", "xds.type.v3.TypedStruct", "udpa.type.v1.TypedStruct")
)
_SENT = frozenset({"initial_metadata", "headers_to_add"})
"""Keys of lists of headers that a gateway sends to services of its own: who it is to them."""
_STATISTICS = "stat_prefix"
Rule = Callable[[Json], Json]


class Rewriting:
    """The rules for one gateway, whose listening ports are mapped by `ports`."""

    def __init__(self, identity: Identity, ports: Ports) -> None:
        self._own, self._ports = Own(identity), ports
        self._known: dict[str, Rule | None] = {}
        self._texts: dict[str, str] = {}
        self._rules: dict[str, Rule] = {
            **dict.fromkeys(SEALED, sealed),
            "virtual_hosts": self._virtual_hosts,
            "filter_chains": self._chains,
            "filter_chain_match": self._match,
            "route_config_name": lambda value: ports.of_route(self._name(value)),
            "path_config_source": lambda _: "{file}",  # where a resource is read from; what it says is its own unit
            "source_address": lambda value: self._own.addresses(self.plain(value)),
            "custom_tags": lambda value: self.plain(without_own_tags(value)),
            "filter_metadata": self._metadata,
            **dict.fromkeys(_FREE, self._free),
            "thresholds": self._sorted,
            "header": lambda value: hidden_header(self.plain(value)),
            "headers": lambda value: hidden_matches(found) if isinstance(found := self.plain(value), list) else found,
            **dict.fromkeys(_SENT, lambda value: [hidden_header(row) for row in items(self.plain(value))]),
        }

    def plain(self, value: Json) -> Json:
        """Rewrite any value by the rules of its keys; the order of lists stays unless a rule says otherwise."""
        kind = type(value)
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]  # its type was looked at
        if kind is dict:
            return self.object(value)  # type: ignore[arg-type]  # as above
        if kind is list:
            return [self.plain(part) for part in value]  # type: ignore[union-attr]  # as above
        return value

    def object(self, value: Manifest) -> Manifest:
        """Rewrite an object by the rules of its keys. A dump has a hundred thousand: what a key means is found out once."""
        if value.get("@type") in _FREE_TYPES:
            return mapping(self._free(value))
        found: Manifest = {}
        for key, part in value.items():
            if key not in self._known:
                self._known[key] = self._rule(key)
            if (rule := self._known[key]) is not None:
                found[key] = rule(part)
        return found

    def _free(self, value: Json) -> Json:
        """Rewrite what a person wrote in words of their own: no key of it means what it means to Envoy, every order counts."""
        if isinstance(value, dict):
            return {key: sealed(part) if key in SEALED else self._free(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._free(part) for part in value]
        return self._text(value) if isinstance(value, str) else value

    def _rule(self, key: str) -> Rule | None:
        """Give what is done with the values under a key; None where they are left out."""
        if key in _LEFT_OUT or key.endswith(_STATISTICS):
            return None
        return self._rules.get(key, self.plain)

    def _text(self, value: str) -> str:
        found = self._texts.get(value)
        if found is None:
            found = self._texts[value] = self._own.name(value)
        return found

    def listener(self, listener: Manifest) -> Manifest:
        """Rewrite a listener: its name, where it binds, and everything by rule."""
        unit = self.object(listener)
        unit["name"] = self.listener_name(text(listener, "name"))
        unit["address"] = self._bound(listener.get("address"))
        if "additional_addresses" in unit:
            rows = items(listener, "additional_addresses")
            unit["additional_addresses"] = [
                {**self.object(row), "address": self._bound(row.get("address"))} for row in rows
            ]
        return unit

    def listener_name(self, name: str) -> str:
        """Rewrite the name of a listener."""
        return self._ports.of_listener(self._own.address(name))

    def route(self, route: Manifest) -> Manifest:
        """Rewrite a route configuration: its name, and virtual hosts by rule; routes keep their order."""
        return {**self.object(route), "name": self.route_name(text(route, "name"))}

    def route_name(self, name: str) -> str:
        """Rewrite the name of a route configuration."""
        return self._ports.of_route(self._own.address(name))

    def own_addresses(self, value: Json) -> Json:
        """Replace the gateway's address in a value that is its own, as the endpoints of a cluster of its bootstrap."""
        return self._own.addresses(value)

    def _name(self, value: Json) -> str:
        return self._own.address(value) if isinstance(value, str) else ""

    def _virtual_hosts(self, value: Json) -> Json:
        """Sort virtual hosts, and call each by its host; by its whole name where two would have one name."""
        rows = [self._virtual_host(row) for row in items(value)]
        hosts = [host_of(text(row, "name")) for row in rows]
        if len(set(hosts)) == len(hosts):
            rows = [{**row, "name": host} if "name" in row else row for row, host in zip(rows, hosts, strict=True)]
        return list[Json](sorted(rows, key=lambda row: text(row, "name")))

    def _virtual_host(self, host: Manifest) -> Manifest:
        unit = self.object(host)
        domains = unit.get("domains")
        if isinstance(domains, list):
            mapped = {self._ports.of_domain(domain) if isinstance(domain, str) else str(domain) for domain in domains}
            unit["domains"] = list[Json](sorted(mapped))
        return unit

    def _chains(self, value: Json) -> Json:
        """Filter chains are chosen by what they match, not by their place."""
        rows = [self.object(row) for row in items(value)]
        for row in rows:
            if "name" in row:
                row["name"] = self._ports.of_listener(self._name(row["name"]))
        return self._sorted(list[Json](rows))

    def _match(self, value: Json) -> Json:
        """What a chain matches: lists are sets; the port and the address that a client dialled are the gateway's own."""
        found = {key: self._sorted(part) for key, part in self.object(mapping(value)).items()}
        if isinstance(port := found.get("destination_port"), int):
            found["destination_port"] = self._ports.number(port)
        if "prefix_ranges" in found:
            found["prefix_ranges"] = self._sorted(self._own.addresses(found["prefix_ranges"]))
        return found

    def _metadata(self, value: Json) -> Json:
        """Keep which object a part was made of for people alone."""
        found = mapping(self._free(value))
        made_of = found.get("envoy-gateway")
        if isinstance(made_of, dict) and "resources" in made_of:
            rows = self._own.resources(mapping(value, "envoy-gateway").get("resources"))
            found = {**found, "envoy-gateway": {**made_of, "resources": self._free(rows)}}
        istio = found.get("istio")
        if isinstance(istio, dict) and isinstance(istio.get("config"), str):
            rest = {key: part for key, part in istio.items() if key != "config"}
            found = {**found, "istio": rest, ORIGIN: istio["config"]}
            if not rest:
                del found["istio"]
        return found

    def _sorted(self, value: Json) -> Json:
        rows = self.plain(value)
        return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) if isinstance(rows, list) else rows

    def _bound(self, address: Json) -> Json:
        """Rewrite where a listener binds."""
        found = self._own.addresses(self.plain(address))
        socket = mapping(found, "socket_address")
        if not isinstance(found, dict) or not isinstance(port := socket.get("port_value"), int):
            return found
        return {**found, "socket_address": {**socket, "port_value": self._ports.number(port)}}
