"""What is done with one gateway's dump: read, cut, hashed, and told apart from a model. Pure, so that any process may do it.

Only digests and lines come back; of a model also its canonical form, small and without secrets, to tell others apart from.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from migrator.adapters.gateways.comparison.difference import Differences, Most, differing
from migrator.adapters.gateways.configuration.canonical import Canonical, canonical, digest, unequal
from migrator.adapters.gateways.configuration.identity import Identity
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, mapping
from migrator.domain.model.outside import reading
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.parity import Parity, Reference


@dataclass(frozen=True, slots=True)
class Dump:
    """What one gateway answered, unread: `/config_dump?include_eds` and `/runtime` ("" where it was not asked)."""

    body: bytes
    identity: Identity
    ports: Mapping[int, int] = field(default_factory=dict)
    version: str = ""
    drain: Json = None
    runtime: bytes = b""


@dataclass(frozen=True, slots=True)
class Job:
    """A dump, and what is wanted of it: its canonical form (`keep`), or how it differs from a model."""

    dump: Dump
    model: Reference | None = None
    allow: tuple[Allowance, ...] = ()
    keep: bool = False
    most: Most = Most()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Digests, lines, and the kept canonical form."""

    parity: Parity
    differences: Differences = Differences()
    kept: bytes = b""


def done(job: Job) -> Outcome:
    """Do a job; Unreachable for an answer that is no JSON."""
    found = examined(job.dump)
    parity = parity_of(found)
    differences = Differences()
    if job.model is not None:
        differences = _apart(job, job.model, found, parity)
    return Outcome(parity, differences, _kept(found) if job.keep else b"")


def examined(dump: Dump) -> Canonical:
    """Give a dump's canonical form."""
    extras: dict[str, Json] = {}
    if dump.drain is not None:
        overrides = _overrides(parsed(dump.runtime))
        extras = {"process/drain": dump.drain, "process/runtime": overrides, "process/version": release(dump.version)}
    return canonical(parsed(dump.body), dump.identity, dump.ports, dump.version, extras)


def release(version: str) -> str:
    """Give of Envoy's version (commit/number/tree/build/TLS library) what makes two behave otherwise; else all of it."""
    parts = version.split("/")
    return f"{parts[1]} {parts[3]} {parts[4]}" if len(parts) == 5 else version


def parity_of(found: Canonical) -> Parity:
    """Give a canonical form's digests."""
    units = tuple(sorted((name, digest(unit)) for name, unit in found.units.items()))
    others = tuple(sorted((name, digest(unit)) for name, unit in found.others.items()))
    return Parity(units, found.unready, found.identity.node_id, found.version, others)


def apart(model: Parity, found: Parity) -> list[str]:
    """Give the units that differ; of a model's two readings of a unit either may be met."""
    return unequal(dict(model.units), dict(model.others), dict(found.units))


def parsed(body: bytes) -> Json:
    """Read an answer; Unreachable for one that is no JSON."""
    try:
        return reading.parsed(body)
    except ValueError as error:
        raise Unreachable(say("gateway.no-json")) from error


def _apart(job: Job, model: Reference, found: Canonical, parity: Parity) -> Differences:
    units = apart(model.parity, parity)
    if not units:
        return Differences()
    kept = json.loads(zlib.decompress(model.kept))
    old, others = (_opened(kept[part], units) for part in ("units", "others"))
    for unit, other in others.items():
        if _many(others, found, unit) < _many(old, found, unit):
            old[unit] = other
    return differing(old, found.units, units, job.allow, job.most)


def _many(old: Mapping[str, Json], found: Canonical, unit: str) -> int:
    return len(differing(old, found.units, [unit]).lines)


def _kept(found: Canonical) -> bytes:
    """Pack a canonical form so that single units can be taken out."""
    packed = {"units": _closed(found.units), "others": _closed(found.others)}
    return zlib.compress(json.dumps(packed).encode(), 1)


def _closed(units: Mapping[str, Json]) -> dict[str, str]:
    return {name: json.dumps(unit) for name, unit in units.items()}


def _opened(packed: Mapping[str, str], units: list[str]) -> dict[str, Json]:
    return {name: cast(Json, json.loads(packed[name])) for name in units if name in packed}


def _overrides(runtime: Json) -> Json:
    """Give the final value of every runtime key, whichever layer it comes from."""
    rows = mapping(runtime, "entries")
    return {key: row.get("final_value") for key, row in rows.items() if isinstance(row, dict)}
