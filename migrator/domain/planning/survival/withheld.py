"""Values of environment variables stay out of the record in the cluster: people write secrets there. The workloads have them.

The record names container and variable; who takes a run over finds the value in the live workload again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from migrator.domain.model.manifests import Json

WITHHELD = "(withheld by migrator: it stands in the live workload)"
RENEWED = "(withheld by migrator: it stands in the template that a restart writes)"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

Values: TypeAlias = Mapping[tuple[str, str], str]
"""Container and variable → value."""

Instead: TypeAlias = Callable[[str, Mapping[str, Json]], str | None]
"""From a container's name and a row of its variables to what is to stand there; None: it stays as it is."""


def values_in(*workloads: Json) -> dict[tuple[str, str], str]:
    """Give every literal value of the workloads' containers; the first workload that has one is believed."""
    found: dict[tuple[str, str], str] = {}
    for workload in workloads:
        for container, row in _rows(workload):
            value = row.get("value")
            if isinstance(value, str) and value not in (WITHHELD, RENEWED):
                found.setdefault((container, str(row.get("name"))), value)
    return found


def without(value: Json, source: Values, mark: str = WITHHELD) -> Json:
    """Give the JSON with a mark for the values that the source has, and without kubectl's copy of whole manifests."""

    def hidden(name: str, row: Mapping[str, Json]) -> str | None:
        return mark if source.get((name, str(row.get("name")))) == row["value"] else None

    return _mapped(value, hidden)


def filled(value: Json, live: Values, mark: str = WITHHELD) -> Json:
    """Give the JSON with the values that live workloads have where the mark stands."""

    def known(name: str, row: Mapping[str, Json]) -> str | None:
        return live.get((name, str(row.get("name")))) if row["value"] == mark else None

    return _mapped(value, known)


def lacking(value: Json) -> tuple[str, ...]:
    """Give the variables (container/name) whose value nobody has found again."""
    rows = ((name, row) for name, row in _rows(value) if row.get("value") in (WITHHELD, RENEWED))
    return tuple(dict.fromkeys(f"{name}/{row.get('name')}" for name, row in rows))


def _rows(value: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Give (container, variable with a literal value) of everything in a JSON value that looks like a container."""
    if isinstance(value, list):
        for item in value:
            yield from _rows(item)
    elif isinstance(value, dict):
        yield from ((str(value["name"]), row) for row in _variables(value))
        for key, item in value.items():
            if key != "env":
                yield from _rows(item)


def _variables(value: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    rows = value.get("env")
    if not isinstance(rows, list) or not isinstance(value.get("name"), str):
        return []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("value"), str)]


def _mapped(value: Json, instead: Instead) -> Json:
    if isinstance(value, list):
        return [_mapped(item, instead) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _mapped(item, instead) for key, item in value.items() if key != LAST_APPLIED}
    chosen = {id(row): instead(str(value["name"]), row) for row in _variables(value)}
    rows = value.get("env")
    if chosen and isinstance(rows, list):
        made["env"] = [
            {**row, "value": text} if isinstance(row, dict) and (text := chosen.get(id(row))) is not None else row
            for row in rows
        ]
    return made
