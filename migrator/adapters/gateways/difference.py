"""Two canonical configurations, told apart in a few readable lines. Pure; it never compares text with text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from migrator.domain.model.manifests import Json, dig

_LINES = 40
_LINES_PER_UNIT = 6
_WIDTH = 160


def differing(old: Mapping[str, Json], new: Mapping[str, Json], units: Sequence[str]) -> list[str]:
    """Say how these units differ: at most 6 lines each, 40 in all, each naming the unit and the path in it."""
    lines = [line for unit in units for line in _of_unit(unit, old, new)]
    if len(lines) <= _LINES:
        return lines
    return [*lines[: _LINES - 1], f"… and {len(lines) - _LINES + 1} more differences"]


def _of_unit(unit: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> list[str]:
    if unit not in new:
        return [f"{unit}: missing on the new gateway"] if unit in old else []
    if unit not in old:
        return [f"{unit}: only on the new gateway"]
    paths = list(islice(_apart(old[unit], new[unit], ""), _LINES_PER_UNIT + 1))
    lines = [f"{unit}{path}" for path in paths[:_LINES_PER_UNIT]]
    return [*lines, f"{unit}: … and more"] if len(paths) > _LINES_PER_UNIT else lines


def _apart(old: Json, new: Json, path: str) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _dicts(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, path)
    else:
        yield f"{path or ':'} is {_shown(old)} on the old, {_shown(new)} on the new"


def _dicts(old: dict[str, Json], new: dict[str, Json], path: str) -> Iterator[str]:
    for key in sorted({*old, *new}):
        here = f"{path}.{key}" if path else f" {key}"
        if key not in new:
            yield f"{here} is {_shown(old[key])} on the old, absent on the new"
        elif key not in old:
            yield f"{here} is absent on the old, {_shown(new[key])} on the new"
        else:
            yield from _apart(old[key], new[key], here)


def _lists(old: list[Json], new: list[Json], path: str) -> Iterator[str]:
    """Rows are paired by name where all have one, else by place: order may be what differs."""
    old_names, new_names = _names(old), _names(new)
    if old_names and new_names and set(old_names) != set(new_names):
        yield from (f"{path}[{name}] is missing on the new" for name in old_names if name not in new_names)
        yield from (f"{path}[{name}] is only on the new" for name in new_names if name not in old_names)
        return
    if old_names and old_names != new_names:
        yield f"{path} is in the order {_shown(list[Json](old_names))} on the old, {_shown(list[Json](new_names))} on the new"
        return
    if len(old) != len(new):
        yield f"{path} has {len(old)} entries on the old, {len(new)} on the new"
    for place, (left, right) in enumerate(zip(old, new, strict=False)):
        name = old_names[place] if old_names else str(place)
        yield from _apart(left, right, f"{path}[{name}]")


def _names(rows: list[Json]) -> list[str]:
    """Give the rows' names when each has one of its own, else none."""
    names = [name for row in rows if isinstance(name := dig(row, "name"), str) and name]
    return names if len(names) == len(rows) == len(set(names)) else []


def _shown(value: Json) -> str:
    words = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return words if len(words) <= _WIDTH else f"{words[:_WIDTH]}…"
