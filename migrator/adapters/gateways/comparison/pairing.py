"""Which row of one list is which of another: by what a chain matches, by name, else by likeness and place. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from migrator.adapters.gateways.configuration.plain import compared
from migrator.domain.model.manifests import Json, dig, mapping, text

Named = tuple[str, Json]
_LABEL = 60
_MOST_ALIGNED = 3000
"""Rows above which lists are paired by place alone: aligning costs the square of what differs."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two lists beside each other: rows of one alone, rows of both under one name, and both orders where only these differ."""

    missing: Sequence[Named] = ()
    extra: Sequence[Named] = ()
    both: Sequence[tuple[str, Json, Json]] = ()
    order: tuple[Sequence[str], Sequence[str]] | None = None


def paired(path: str, old: list[Json], new: list[Json]) -> Pairs:
    """Pair the rows of the list at `path`. The order of filter chains and virtual hosts means nothing, any other does."""
    if path.endswith("filter_chains"):
        return _by_name(_chains(old), _chains(new), ordered=False)
    old_names, new_names = _own_names(old), _own_names(new)
    if old_names and new_names:
        pairs = list(zip(old_names, old, strict=True)), list(zip(new_names, new, strict=True))
        return _by_name(*pairs, ordered=not path.endswith("virtual_hosts"))
    return _by_likeness(old, new)


def chain_name(chain: Json) -> str:
    """Name a filter chain by what a client says: the hosts of its TLS hello, else whatever else it matches."""
    match = mapping(chain, "filter_chain_match")
    hosts = match.get("server_names")
    rest = {key: part for key, part in match.items() if key != "server_names"}
    words = ",".join(str(host) for host in hosts) if isinstance(hosts, list) else ""
    beside = json.dumps(rest, sort_keys=True) if rest else ""
    return " ".join(filter(None, (words, beside))) or text(chain, "name") or "any"


def _chains(rows: list[Json]) -> list[Named]:
    found: dict[str, Json] = {}
    for row in rows:
        label = chain_name(row)
        while label in found:
            label += "'"
        found[label] = row
    return list(found.items())


def _own_names(rows: list[Json]) -> list[str]:
    """Give the rows' names when each has one of its own, else none."""
    names = [name for row in rows if isinstance(name := dig(row, "name"), str) and name]
    return names if len(names) == len(rows) == len(set(names)) else []


def _by_name(old: list[Named], new: list[Named], ordered: bool) -> Pairs:
    left, right = dict(old), dict(new)
    missing = [(name, row) for name, row in old if name not in right]
    extra = [(name, row) for name, row in new if name not in left]
    both = [(name, row, right[name]) for name, row in old if name in right]
    order = [name for name, _ in old if name in right], [name for name, _ in new if name in left]
    return Pairs(missing, extra, both, order if ordered and order[0] != order[1] else None)


def _by_likeness(old: list[Json], new: list[Json]) -> Pairs:
    """Find what was put in and taken out; the same rows in another order are that and nothing else."""
    left, right = [_key(row) for row in old], [_key(row) for row in new]
    if left == right:
        return Pairs()
    if sorted(left) == sorted(right):
        return Pairs(order=([_label(row) for row in old], [_label(row) for row in new]))
    if len(old) == len(new) or max(len(old), len(new)) > _MOST_ALIGNED:
        return _by_place(old, new)
    return _aligned(old, new, SequenceMatcher(None, left, right, autojunk=False))


def _by_place(old: list[Json], new: list[Json]) -> Pairs:
    least = min(len(old), len(new))
    both = [(str(place), old[place], new[place]) for place in range(least)]
    return Pairs(_rows(old, least, len(old)), _rows(new, least, len(new)), both)


def _aligned(old: list[Json], new: list[Json], matcher: SequenceMatcher[str]) -> Pairs:
    missing: list[Named] = []
    extra: list[Named] = []
    both: list[tuple[str, Json, Json]] = []
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        shared = min(left_end - left, right_end - right)
        both += [(str(left + n), old[left + n], new[right + n]) for n in range(shared)]
        missing += _rows(old, left + shared, left_end)
        extra += _rows(new, right + shared, right_end)
    return Pairs(missing, extra, both)


def _rows(rows: list[Json], begin: int, end: int) -> list[Named]:
    return [(str(place), rows[place]) for place in range(begin, end)]


def _key(row: Json) -> str:
    return compared(row)


def _label(row: Json) -> str:
    """Show a row by its name or by what it matches."""
    words = text(row, "name") or json.dumps(mapping(row, "match") or row, sort_keys=True)
    return words if len(words) <= _LABEL else f"{words[:_LABEL]}…"
