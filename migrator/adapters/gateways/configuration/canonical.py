"""An Envoy's configuration, brought into a form in which two gateways of equal intent are equal. Pure.

It cuts a config dump into units (`listener/…`, `cluster/…`), takes out what differs without meaning anything, and keeps
every order that means something. A port number is mapped only where a gateway listens on it or names what it listens on:
a backend's port 8080 stays 8080.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.adapters.gateways.configuration.identity import Identity
from migrator.adapters.gateways.configuration.plain import digest
from migrator.adapters.gateways.configuration.ports import Ports
from migrator.adapters.gateways.configuration.rewriting import Rewriting
from migrator.adapters.gateways.configuration.sections import CUT, Sections, kind_of
from migrator.adapters.gateways.configuration.unsettled import unsettled
from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Json, items

__all__ = ["Canonical", "Identity", "canonical", "digest", "unequal"]


@dataclass(frozen=True, slots=True)
class Canonical:
    """Units by name, and what is not settled yet (warming, draining, rejected): comparing is too early then.

    `others` has the second reading of units whose domains name a port that both the Gateway and the listener may have.
    """

    units: Mapping[str, Json]
    unready: tuple[Message, ...]
    identity: Identity
    version: str
    others: Mapping[str, Json]


def canonical(
    dump: Json, identity: Identity, ports: Mapping[int, int], version: str, extras: Mapping[str, Json]
) -> Canonical:
    """Cut `/config_dump?include_eds` into canonical units. `ports` maps this side's listening ports to the new side's;
    `extras` are units that the dump does not hold."""
    by_listener = Ports(ports, by_listener=True)
    rewriting = Rewriting(identity, by_listener)
    units = {**extras, **_by_name(Sections(rewriting, dump).units())}
    unready = [
        part for section in items(dump, "configs") if kind_of(section) in CUT for part in unsettled(section, rewriting)
    ]
    others = _second(dump, identity, ports, units) if by_listener.met_domain else {}
    return Canonical(units, tuple(sorted(unready, key=str)), identity, version, others)


def _second(dump: Json, identity: Identity, ports: Mapping[int, int], units: Mapping[str, Json]) -> dict[str, Json]:
    """Read domains as naming the Gateway's port, which is not mapped; give the units that then read otherwise."""
    found = _by_name(Sections(Rewriting(identity, Ports(ports, by_listener=False)), dump).units())
    return {name: unit for name, unit in found.items() if unit != units.get(name)}


def _by_name(units: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    """Give units by name; of two with one name each keeps a name of its own, so that neither is lost."""
    found: dict[str, Json] = {}
    for name, unit in units:
        while name in found:
            name += "'"
        found[name] = unit
    return found


def unequal(old: Mapping[str, str], other: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Give the units that only one side has or that differ, by digest; `other` has second readings of the old side's."""
    return sorted(
        unit for unit in old.keys() | new.keys() if new.get(unit) not in {old.get(unit), other.get(unit, old.get(unit))}
    )
