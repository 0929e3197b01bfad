"""What two dumps say of themselves: whose they are, and which listening port of the one is which of the other. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.gateways.comparison.pairing import chain_name
from migrator.adapters.gateways.configuration.identity import Identity
from migrator.adapters.gateways.configuration.sections import kind_of, listeners_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text

_EVERYWHERE = frozenset({"", "0.0.0.0", "127.0.0.1", "::", "::1"})  # noqa: S104 - nothing is bound here


@dataclass(frozen=True, slots=True)
class _Door:
    """A listener: its port, and the hosts and routes behind it, by which it is known on the other side."""

    port: int
    behind: tuple[str, ...]


def identity_of(dump: Json) -> Identity:
    """Give what a dump's bootstrap calls its gateway; an Istio proxy's id is `router~<ip>~<pod>.<namespace>~<domain>`."""
    bootstrap = mapping(
        next((s for s in items(dump, "configs") if kind_of(s) == "BootstrapConfigDump"), {}), "bootstrap"
    )
    node_id, cluster = text(bootstrap, "node", "id"), text(bootstrap, "node", "cluster")
    parts = node_id.split("~")
    if len(parts) == 4:
        return Identity(node_id, cluster, parts[2].partition(".")[0], parts[1])
    address = text(bootstrap, "admin", "address", "socket_address", "address")
    return Identity(node_id, cluster, "", "" if address in _EVERYWHERE else address)


def moved(old: Json, new: Json) -> dict[int, int]:
    """Give the old listening ports that are others on the new side: by what is behind them, and the last one left by that."""
    left, right = _doors(old), _doors(new)
    ports = {door.port for door in left} & {door.port for door in right if _same(door, left)}
    left = [door for door in left if door.port not in ports]
    right = [door for door in right if door.port not in ports]
    found: dict[int, int] = {}
    for door in left:
        like = [other for other in right if other.behind == door.behind and other.port not in found.values()]
        if len(like) == 1 or (like and len(left) == len(right)):
            found[door.port] = like[0].port
    rest = [door.port for door in left if door.port not in found]
    free = [door.port for door in right if door.port not in found.values()]
    if len(rest) == len(free) == 1:
        found[rest[0]] = free[0]
    return {a: b for a, b in found.items() if a != b}


def _same(door: _Door, others: list[_Door]) -> bool:
    return any(other.port == door.port and other.behind == door.behind for other in others)


def _doors(dump: Json) -> list[_Door]:
    listeners = (listener for section in items(dump, "configs") for listener in listeners_of(section))
    found = (_door(listener) for listener in listeners)
    return sorted((door for door in found if door), key=lambda door: door.port)


def _door(listener: Manifest) -> _Door | None:
    port = dig(listener, "address", "socket_address", "port_value")
    if not isinstance(port, int):
        return None
    chains = items(listener, "filter_chains")
    hosts = sorted(chain_name({**chain, "name": ""}) for chain in chains)
    kinds = sorted({text(each, "name") for chain in chains for each in items(chain, "filters")})
    return _Door(port, (*hosts, *kinds, *sorted(_inline_hosts(chains))))


def _inline_hosts(chains: list[Manifest]) -> set[str]:
    """Give the domains that stand in a listener itself; a listener for probes has no others."""
    filters = [mapping(each, "typed_config", "route_config") for chain in chains for each in items(chain, "filters")]
    return {text(host, "name") for route in filters for host in items(route, "virtual_hosts")}
