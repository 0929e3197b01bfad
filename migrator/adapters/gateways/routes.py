"""Which sites and paths an Envoy has routes for, read from its config dump. Pure: it matches nothing and follows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice

from migrator.domain.model.answers import Route
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, number, text

MOST = 2000
"""Routes that are read of one gateway: far more than a round can ask for."""

_LITERAL = re.compile(r"^\^?((?:/|[\w~-]|\\[./-])*)")
"""The beginning of a regular expression that stands for itself."""


def routes(dump: Json, own: frozenset[int]) -> tuple[Route, ...]:
    """Give the routes of every listener, each once, but for the gateway's own ports (agent, metrics)."""
    return tuple(dict.fromkeys(islice(_all(dump, own), MOST)))


def _all(dump: Json, own: frozenset[int]) -> Iterator[Route]:
    named = _route_configurations(dump)
    for listener in _listeners(dump):
        port = number(mapping(listener, "address", "socket_address"), "port_value")
        if not port or port in own:
            continue
        for chain in items(listener, "filter_chains") or []:
            for table in _tables(chain, named):
                yield from _of_table(port, chain, table)


def _sections(dump: Json, kind: str) -> Iterator[Json]:
    return (section for section in items(dump, "configs") if text(section, "@type").endswith(f".{kind}"))


def _listeners(dump: Json) -> Iterator[Manifest]:
    for section in _sections(dump, "ListenersConfigDump"):
        yield from (mapping(row, "listener") for row in items(section, "static_listeners"))
        yield from (mapping(row, "active_state", "listener") for row in items(section, "dynamic_listeners"))


def _route_configurations(dump: Json) -> Mapping[str, Manifest]:
    found = [
        mapping(row, "route_config")
        for section in _sections(dump, "RoutesConfigDump")
        for kind in ("static_route_configs", "dynamic_route_configs")
        for row in items(section, kind)
    ]
    return {text(table, "name"): table for table in found}


def _tables(chain: Json, named: Mapping[str, Manifest]) -> Iterator[Manifest]:
    """Give the route tables of a filter chain: written inline, or by their names."""
    for row in items(chain, "filters"):
        manager = mapping(row, "typed_config")
        if text(manager, "@type").endswith(".HttpConnectionManager"):
            yield mapping(manager, "route_config") or named.get(text(manager, "rds", "route_config_name"), {})


def _of_table(port: int, chain: Json, table: Manifest) -> Iterator[Route]:
    tls = bool(mapping(chain, "transport_socket"))
    names = dig(chain, "filter_chain_match", "server_names")
    served = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    for site in items(table, "virtual_hosts"):
        domains = dig(site, "domains")
        for domain in domains if isinstance(domains, list) else ():
            for host in hosts(str(domain), served):
                for route in items(site, "routes"):
                    yield Route(port, tls, host, path(mapping(route, "match")))


def hosts(domain: str, served: Sequence[str]) -> tuple[str, ...]:
    """Give the hosts of a virtual host's domain that can come through a chain, which serves these names (none: every name)."""
    bare = re.sub(r":(\d+|\*)$", "", domain).lower()
    if not served or "*" in served:
        return (bare,)
    if bare == "*":
        return tuple(served)
    return (bare,) if any(fnmatchcase(bare, name) or fnmatchcase(name, bare) for name in served) else ()


def path(match: Manifest) -> str:
    """Give a path that a route's match is about; of a regular expression its beginning, as far as that stands for itself."""
    for kind in ("path", "prefix", "path_separated_prefix"):
        if found := text(match, kind):
            return found if found.startswith("/") else f"/{found}"
    literal = _LITERAL.match(text(match, "safe_regex", "regex"))
    found = (literal[1] if literal else "").replace("\\", "")
    return found if found.startswith("/") else "/"
