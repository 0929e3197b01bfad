"""Who changed an object: the newest hand that owns the field, never a status and never ourselves; else nobody knows."""

from __future__ import annotations

import pytest

from migrator.domain.drift.hands import written_by
from migrator.domain.model.manifests import Json, Manifest

PORTS: Manifest = {"f:spec": {"f:ports": {".": {}, 'k:{"port":80}': {"f:targetPort": {}}}}}
LABELS: Manifest = {"f:metadata": {"f:labels": {"f:app": {}}}}


def row(manager: str, at: str, fields: Json = None, subresource: str = "") -> Manifest:
    """Give an entry of managedFields."""
    return {"manager": manager, "time": f"2026-01-02T{at}:00Z", "fieldsV1": fields, "subresource": subresource}


def thing(*rows: Manifest) -> Manifest:
    """Give an object that these have written."""
    return {"metadata": {"managedFields": list(rows)}}


HANDS = [
    pytest.param(thing(row("ann", "03:00", PORTS), row("bob", "04:00", LABELS)), "ann", id="who owns the field"),
    pytest.param(thing(row("ann", "03:00", PORTS), row("bob", "04:00", PORTS)), "bob", id="the newest of several"),
    pytest.param(
        thing(row("ann", "03:00", LABELS), row("bob", "04:00", LABELS)), "bob", id="nobody owns it: the newest"
    ),
    pytest.param(
        thing(row("ann", "03:00", PORTS), row("lb", "05:00", PORTS, subresource="status")), "ann", id="not a status"
    ),
    pytest.param(thing(row("ann", "03:00", PORTS), row("migrator", "05:00", PORTS)), "ann", id="not ourselves"),
]


@pytest.mark.parametrize(("found", "manager"), HANDS)
def test_the_hand_that_wrote_a_field_is_named_with_its_time(found: Manifest, manager: str) -> None:
    said = written_by(found, "spec.ports[0].targetPort")

    assert (said.code, said["manager"]) == ("drift.by", manager)
    assert str(said["at"]).startswith("2026-01-02T")


@pytest.mark.parametrize("found", [None, {}, thing(), thing(row("migrator", "05:00", PORTS))])
def test_without_an_entry_nobody_is_guessed(found: Manifest | None) -> None:
    assert written_by(found, "spec.ports").code == "drift.by-unknown"


def test_without_a_field_the_newest_hand_of_all_is_named() -> None:
    assert written_by(thing(row("ann", "03:00", PORTS), row("bob", "04:00", LABELS)))["manager"] == "bob"


def test_a_field_that_nobody_owns_any_more_is_the_newest_hands() -> None:
    found = thing(row("ann", "03:00", {"f:spec": {"f:type": {}}}), row("bob", "04:00", LABELS))

    assert written_by(found, "spec.ports")["manager"] == "bob"


def test_a_field_that_one_hand_owns_as_a_whole_is_its() -> None:
    assert written_by(thing(row("ann", "03:00", PORTS), row("bob", "04:00", LABELS)), "spec.ports")["manager"] == "ann"
