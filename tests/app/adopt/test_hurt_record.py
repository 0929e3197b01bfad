"""Whatever somebody has written into a run's record in the cluster, reading it gives a record, or says that nobody can."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.app.adopt import record
from migrator.domain.messages.errors import NotFound, Refused, StoreError
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading
from migrator.domain.planning.survival.place import Place
from tests.wounds import PLACES, TEXTS, hurt, outcome

OURS = (NotFound, Refused, StoreError)
WHERE = Place(7, "lab", "ann@host", "digest", Heading.BACK, 3, datetime(2026, 1, 2, tzinfo=UTC))
PLACE = json.loads(record.text_of(record.dump(WHERE)))


def kept(place: Any, plan: bytes, **more: str) -> dict[ObjectRef, Any]:
    """The two ConfigMaps of a record, sealed as we seal."""
    packed = base64.b64encode(zlib.compress(plan)).decode()
    told = {
        "format": record.FORMAT,
        "place": place if isinstance(place, str) else json.dumps(place),
        "parts": "1",
        "seal": hashlib.sha256(packed.encode()).hexdigest(),
    }
    return {
        record.place_ref("ns", "gw"): {"metadata": {"name": "x"}, "data": told | more},
        record.part_ref("ns", "gw", 1): {"data": {"plan": packed}},
    }


class Cluster:
    """A reader of nothing but these objects."""

    def __init__(self, objects: dict[ObjectRef, Any]) -> None:
        self._objects = objects

    def get(self, ref: ObjectRef) -> Any:
        found = self._objects.get(ref)
        return found if isinstance(found, dict) else None


def read(objects: dict[ObjectRef, Any]) -> object:
    return outcome(lambda: record.read(Cluster(objects), "ns", "gw"), OURS)  # type: ignore[arg-type]  # a fake


def test_a_sound_record_is_read() -> None:
    assert isinstance(read(kept(PLACE, b"{}")), record.Record)


@settings(max_examples=60, deadline=None)
@given(wounds=PLACES, inside=st.booleans())
def test_a_record_with_wounds_is_read_or_said_to_be_unreadable(wounds: Any, inside: bool) -> None:
    sound = kept(hurt(PLACE, wounds) if inside else PLACE, b"{}")

    assert read(sound if inside else {ref: hurt(found, wounds) for ref, found in sound.items()})


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_none_in_the_place_of_the_place_or_the_plan_is_said_to_be_unreadable(name: str) -> None:
    raw = TEXTS[name]
    for objects in (kept(raw.decode("utf-8", "replace"), b"{}"), kept(PLACE, raw)):
        assert isinstance(read(objects), str | record.Record)


@pytest.mark.parametrize("count", ["", "0", "-1", "²", "9" * 30, "9" * 5000, "1e9"])
def test_a_count_of_parts_that_is_none_is_said_and_nothing_is_counted_up_to_it(count: str) -> None:
    assert isinstance(read(kept(PLACE, b"{}", parts=count)), str)
