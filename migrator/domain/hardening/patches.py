"""The measures' patches as one strategic merge patch: containers and variables by their name, nulls kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.hardening.values import Measure
from migrator.domain.model.manifests import Json, Manifest

BY_NAME = frozenset({"containers", "initContainers", "env"})


def combined(measures: Iterable[Measure]) -> Manifest:
    """Give one patch that does what all of them do."""
    whole: Manifest = {}
    for measure in measures:
        whole = _maps(whole, measure.patch)
    return whole


def _maps(first: Manifest, second: Manifest) -> Manifest:
    made = dict(first)
    for key, value in second.items():
        made[key] = _values(key, made.get(key), value)
    return made


def _values(key: str, first: Json, second: Json) -> Json:
    if isinstance(first, dict) and isinstance(second, dict):
        return _maps(first, second)
    if key in BY_NAME and isinstance(first, list) and isinstance(second, list):
        return _lists(first, second)
    return second


def _lists(first: list[Json], second: list[Json]) -> list[Json]:
    rows = dict(_named(first))
    for name, row in _named(second):
        rows[name] = _maps(rows.get(name, {}), row)
    return list(rows.values())


def _named(rows: list[Json]) -> list[tuple[str, Manifest]]:
    return [(str(row.get("name")), row) for row in rows if isinstance(row, dict)]
