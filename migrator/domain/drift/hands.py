"""Who changed an object last, and when, by what the API server keeps of it. Unknown is said; nobody is guessed."""

from __future__ import annotations

from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text

OURS = "migrator"
"""The field manager under which this program writes."""


def written_by(thing: Manifest | None, at: str = "") -> Message:
    """Say who wrote the field at `at` (`spec.ports[0].port`; "" for any), and when.

    The newest entry that owns the field; where none does (it was taken away), the newest of all. Entries of a subresource
    (status, scale) and our own say nothing of others' hands.
    """
    rows = [
        row
        for row in items(thing or {}, "metadata", "managedFields")
        if not text(row, "subresource") and text(row, "manager") != OURS
    ]
    names = [part.partition("[")[0] for part in at.split(".") if part]
    owning = [row for row in rows if names and _owns(row.get("fieldsV1"), names)]
    newest = max(owning or rows, key=lambda row: text(row, "time"), default=None)
    if newest is None:
        return say("drift.by-unknown")
    return say("drift.by", manager=text(newest, "manager"), at=text(newest, "time"))


def _owns(fields: Json, names: list[str]) -> bool:
    """Say whether a manager's fields lead along these names: all of them, or as far as they go into a list or a leaf."""
    here = fields
    for name in names:
        found = mapping(here)
        if f"f:{name}" not in found:
            return bool(found) and here is not fields and all(key == "." or key.startswith("k:") for key in found)
        here = found[f"f:{name}"]
    return True
