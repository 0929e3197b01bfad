"""Two canonical configurations, told apart in a few lines: codes and values, each with its place. Pure; no text is compared.

A place is the unit and the path in it: `route/http.80 virtual_hosts[shop.example].routes[0].route.timeout`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrator.adapters.gateways.comparison.cause import by_name, by_unit, origin
from migrator.adapters.gateways.comparison.pairing import Pairs, paired
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import Allowance, allowance

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Most:
    """How many lines are told at most: of each unit, and in all."""

    of_unit: int = 6
    in_all: int = 40


@dataclass(frozen=True, slots=True)
class Differences:
    """Lines that count, and lines that the plan allows, each with its reason; both bounded."""

    lines: tuple[Message, ...] = ()
    allowed: tuple[Message, ...] = ()


@dataclass(slots=True)
class _Found:
    lines: list[Message] = field(default_factory=list)
    allowed: list[Message] = field(default_factory=list)


def differing(
    old: Mapping[str, Json],
    new: Mapping[str, Json],
    units: Sequence[str],
    allow: Sequence[Allowance] = (),
    most: Most = Most(),
) -> Differences:
    """Say how these units differ, in at most so many lines, each naming the unit and the path in it."""
    found = _Found()
    for unit in units:
        _add(found, unit, _of_unit(unit, old, new), allow, most)
    lines = found.lines
    if len(lines) > most.in_all:
        lines = [*lines[: most.in_all - 1], say("config.more", unit="", more=len(lines) - most.in_all + 1)]
    return Differences(tuple(lines), tuple(found.allowed[: most.in_all]))


def _add(found: _Found, unit: str, lines: Iterator[Message], allow: Sequence[Allowance], most: Most) -> None:
    """Sort a unit's lines into those that count and those that are allowed; of each the first few."""
    counted: list[Message] = []
    for line in lines:
        by = allowance(place_of(line), allow)
        if by is None:
            counted.append(line)
        elif len(found.allowed) < most.in_all:
            found.allowed.append(say("config.allowed", line=line, place=by.place, reason=by.reason))
        if len(counted) > most.of_unit and not allow:
            break
    found.lines += counted[: most.of_unit]
    if len(counted) > most.of_unit:
        found.lines.append(say("config.more", unit=unit, more=None))


def place_of(line: Message) -> str:
    """Give the place of a difference: its unit and the path in it."""
    values = dict(line.values)
    return " ".join(str(values[name]) for name in ("unit", "path") if values.get(name))


def _of_unit(unit: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Message]:
    if unit not in new and unit not in old:
        return
    if unit not in new:
        yield say("config.missing", unit=unit, path="", old=None, by=_whole(unit, old[unit]))
    elif unit not in old:
        yield say("config.extra", unit=unit, path="", new=None, by=_whole(unit, new[unit]))
    else:
        yield from _Walk(unit).apart(old[unit], new[unit], "", by_unit(unit))


def _whole(unit: str, value: Json) -> str:
    return origin(value) or by_unit(unit)


class _Walk:
    """Goes down two trees of one unit side by side. `by` is the object of which the part was made, as far as it says."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def apart(self, old: Json, new: Json, path: str, by: str) -> Iterator[Message]:
        """Say where they differ."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self._dicts(old, new, path, origin(new, old) or by)
        elif isinstance(old, list) and isinstance(new, list):
            yield from self._lists(paired(path, old, new), path, by)
        elif old != new or type(old) is not type(new):  # True is 1 to Python, and not to an Envoy
            yield say("config.differs", unit=self._unit, path=path, old=shown(old), new=shown(new), by=by)

    def _dicts(self, old: dict[str, Json], new: dict[str, Json], path: str, by: str) -> Iterator[Message]:
        for key in sorted({*old, *new}):
            if key.startswith("#"):
                continue
            here, whose = f"{path}.{key}" if path else key, by_name(key) or by
            if key not in new:
                yield say("config.missing", unit=self._unit, path=here, old=shown(old[key]), by=whose)
            elif key not in old:
                yield say("config.extra", unit=self._unit, path=here, new=shown(new[key]), by=whose)
            else:
                yield from self.apart(old[key], new[key], here, whose)

    def _lists(self, pairs: Pairs, path: str, by: str) -> Iterator[Message]:
        for name, row in pairs.missing:
            whose = origin(row) or by_name(name) or by
            yield say("config.missing", unit=self._unit, path=f"{path}[{name}]", old=shown(row), by=whose)
        for name, row in pairs.extra:
            whose = origin(row) or by_name(name) or by
            yield say("config.extra", unit=self._unit, path=f"{path}[{name}]", new=shown(row), by=whose)
        if pairs.order:
            old, new = pairs.order
            yield say("config.order", unit=self._unit, path=path, old=_names(old), new=_names(new), by=by)
        for name, left, right in pairs.both:
            yield from self.apart(left, right, f"{path}[{name}]", by_name(name) or by)


def _names(names: Sequence[str]) -> str:
    return _short(", ".join(names))


def shown(value: Json) -> str:
    """Give a value as short JSON."""
    return _short(json.dumps(value, sort_keys=True, ensure_ascii=False))


def _short(words: str) -> str:
    return words if len(words) <= _WIDTH else f"{words[:_WIDTH]}…"
