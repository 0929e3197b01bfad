"""A run's record in the cluster: ConfigMaps beside its Lease. One says where the run stands, the others hold its plan.

No secret is in it: the plan has none, and the values of the workload's environment variables are left out (`withheld.py`).
A record that is not whole is refused, with what is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from migrator.domain.messages.errors import NotFound, Refused
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, text
from migrator.domain.model.outside.reading import parsed, whole_number
from migrator.domain.model.refs import gateway_name, home
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.place import MOST_PARTS, Place
from migrator.domain.planning.survival.withheld import RENEWED, filled, lacking, values_in, without
from migrator.domain.ports.outside import ClusterReader
from migrator.domain.steps.prepare import MANAGED_BY, MANAGER
from migrator.store.codec.codec import encode, from_data, text_of
from migrator.store.codec.dataclass_json import Malformed, dump, load

FORMAT = "1"
PLACE_SEAL = "placeSeal"
"""The key that tells an edited place from ours. Records of versions before it have none, and are read."""

PART = 700_000
"""Characters of one ConfigMap: below the 1 MiB that a server takes of an object, and far below etcd's 1.5 MiB of a request."""

LARGEST = 256 << 20
"""Bytes that a plan may have once it is unpacked: what claims more was not written by us."""


@dataclass(frozen=True, slots=True)
class Record:
    """What was read: where the run stands, and its plan as JSON, some values of which are withheld."""

    place: Place
    plan: dict[str, Any]

    def as_kept(self) -> Plan:
        """Give the plan as it was kept, with what is withheld."""
        return from_data(self.plan, Plan)

    def whole(self, *live: Json, renewed: Json = None) -> Plan:
        """Give the plan with the values that the live workloads have; `renewed` has those of a template that a restart writes.
        Refused: a value is nowhere any more."""
        data = filled(filled(self.plan, values_in(*live)), values_in(renewed), RENEWED)
        if lost := lacking(data):
            raise Refused(say("adopt.values-lost", variables=lost))
        return from_data(data, Plan)


def name_of(gateway: str) -> str:
    """Give the name of the ConfigMap that says where a gateway's run stands."""
    return f"migrator-{gateway}-run"


def place_ref(namespace: str, gateway: str) -> ObjectRef:
    """Give the ConfigMap that says where a gateway's run stands."""
    return ObjectRef("v1", "ConfigMap", namespace, name_of(gateway))


def part_ref(namespace: str, gateway: str, number: int) -> ObjectRef:
    """Give a ConfigMap that holds a part of the plan; parts are numbered from 1."""
    return ObjectRef("v1", "ConfigMap", namespace, f"{name_of(gateway)}-plan-{number}")


def packed(plan: Plan) -> str:
    """Give a plan as text without secrets, small: what only shows it (differences, findings) is left out."""
    slim = json.loads(encode(replace(plan, differences=(), findings=())))
    bare = without(slim, values_in(plan.seen.source))
    if plan.seen.former:  # a restart may bring other values under the same names
        bare = without(bare, values_in(*(change.patch for change in plan.changes)), RENEWED)
    return base64.b64encode(zlib.compress(text_of(bare).encode(), 9)).decode()


def parts_of(spec: Spec, packed: str) -> Iterator[Manifest]:
    """Give the ConfigMaps that hold a packed plan."""
    for number, start in enumerate(range(0, len(packed), PART), 1):
        ref = part_ref(home(spec).namespace, gateway_name(spec), number)
        yield _config_map(ref, {"plan": packed[start : start + PART]})


def place_map(spec: Spec, place: Place, packed: str) -> Manifest:
    """Give the ConfigMap that says where the run stands, and which command takes it over."""
    told = text_of(dump(place))
    said: dict[str, Json] = {
        "format": FORMAT,
        "place": told,
        PLACE_SEAL: _seal(told),
        "parts": str(-(-len(packed) // PART)),
        "seal": _seal(packed),
        "command": f"migrator adopt {home(spec).namespace}/{gateway_name(spec)}",
    }
    return _config_map(place_ref(home(spec).namespace, gateway_name(spec)), said)


def _config_map(ref: ObjectRef, data: dict[str, Json]) -> Manifest:
    meta: Manifest = {"name": ref.name, "namespace": ref.namespace, "labels": {MANAGED_BY: MANAGER}}
    return {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": meta, "data": data}


def place_in(found: Manifest) -> Place:
    """Read where a run stands. Refused: nobody can read it."""
    data = mapping(found, "data")
    if data.get("format") != FORMAT:
        raise Refused(say("adopt.other-format", format=str(data.get("format"))))
    if PLACE_SEAL in data and data[PLACE_SEAL] != _seal(text(data, "place")):
        raise Refused(say("adopt.edited", name=text(found, "metadata", "name")))
    try:
        place: Place = load(Place, parsed(text(data, "place")))
    except (Malformed, ValueError, TypeError, KeyError) as error:
        raise Refused(say("adopt.unreadable", what=text(found, "metadata", "name"), why=str(error)[:200])) from error
    return place


def read(cluster: ClusterReader, namespace: str, gateway: str) -> Record:
    """Read a gateway's record. NotFound: there is none. Refused: it is not whole."""
    found = cluster.get(place_ref(namespace, gateway))
    if found is None:
        raise NotFound(say("adopt.no-record", namespace=namespace, gateway=gateway, name=name_of(gateway)))
    place, data = place_in(found), mapping(found, "data")
    count = text(data, "parts")
    parts = range(1, min(whole_number(count) or 0, MOST_PARTS + 1) + 1)
    if not 0 < len(parts) <= MOST_PARTS:
        raise Refused(say("adopt.unreadable", what=name_of(gateway), why=f"parts: {count[:20]!r}"))
    whole = "".join(_part(cluster, part_ref(namespace, gateway, number)) for number in parts)
    if _seal(whole) != text(data, "seal"):
        raise Refused(say("adopt.not-whole", name=name_of(gateway)))
    return Record(place, _unpacked(whole, gateway))


def _part(cluster: ClusterReader, ref: ObjectRef) -> str:
    found = cluster.get(ref)
    if found is None:
        raise Refused(say("adopt.not-whole", name=ref.name))
    return text(found, "data", "plan")


def _unpacked(packed: str, gateway: str) -> dict[str, Any]:
    try:
        text = zlib.decompressobj().decompress(base64.b64decode(packed), LARGEST)
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("a plan is an object")
    except (ValueError, zlib.error, RecursionError) as error:
        raise Refused(say("adopt.unreadable", what=name_of(gateway), why=type(error).__name__)) from error
    return found


def _seal(packed: str) -> str:
    return hashlib.sha256(packed.encode()).hexdigest()
