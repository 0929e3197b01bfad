"""AuthorizationPolicy and PeerAuthentication: the ports and addresses that their rules name. Pure.

Sources: security/v1beta1/authorization_policy.proto (`Source`, `Operation`, `Condition`) and the page "Authorization Policy
Conditions": `source.ip`, `remote.ip`, `destination.ip` and `destination.port` say in `when` what `ipBlocks`,
`remoteIpBlocks` and `ports` say; each has a negative (`notIpBlocks`, `notValues`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, text
from migrator.domain.model.outside.reading import whole_number

SOURCES = ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks")
SOURCE_KEYS = frozenset({"source.ip", "remote.ip"})
LISTS = ("values", "notValues")


@dataclass(frozen=True, slots=True)
class Named:
    """One list of addresses or ports of a rule: the field, and its entries as they are written."""

    field: str
    values: tuple[str, ...]


def sources(policy: Manifest) -> Iterator[Named]:
    """Give the lists of client addresses that a policy names, of every field that can hold some."""
    for rule in items(policy, "spec", "rules"):
        for row in items(rule, "from"):
            source = mapping(row, "source")
            yield from (Named(f"source.{key}", texts(source.get(key))) for key in SOURCES if key in source)
        yield from _conditions(rule, SOURCE_KEYS)


def destinations(policy: Manifest) -> Iterator[Named]:
    """Give the lists of the gateways' own addresses that a policy names."""
    for rule in items(policy, "spec", "rules"):
        yield from _conditions(rule, frozenset({"destination.ip"}))


def ports(thing: Manifest) -> Iterator[frozenset[int]]:
    """Give the listening ports that a policy names, list by list: whoever is named together is meant together."""
    for rule in items(thing, "spec", "rules"):
        for to in items(rule, "to"):
            yield from (_numbers(dig(to, "operation", key)) for key in ("ports", "notPorts"))
        for named in _conditions(rule, frozenset({"destination.port"})):
            yield _numbers(list(named.values))
    yield _numbers(list(mapping(thing, "spec", "portLevelMtls")))


def _conditions(rule: Manifest, keys: frozenset[str]) -> Iterator[Named]:
    for when in items(rule, "when"):
        key = text(when, "key")
        if key in keys:
            yield from (Named(f"{key} {name}", texts(when[name])) for name in LISTS if name in when)


def texts(value: Json) -> tuple[str, ...]:
    """Give the texts of a list."""
    return tuple(row for row in value if isinstance(row, str)) if isinstance(value, list) else ()


def _numbers(values: Json) -> frozenset[int]:
    return frozenset(found for value in texts(values) if (found := whole_number(value)) is not None)
