"""Every single change that can be made in a document: each value made another one, each part taken out, each row doubled."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from migrator.domain.model.manifests import Json, Manifest, dig

Path = tuple[str | int, ...]


def paths(value: Json, at: Path = ()) -> Iterator[Path]:
    """Give the path of everything inside a value."""
    parts: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for key, part in parts:
        yield (*at, key)
        yield from paths(part, (*at, key))


def other(value: Json) -> Json:
    """Give another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x" if isinstance(value, str) else value


def mutated(document: Manifest, path: Path, kind: str) -> Manifest:
    """Give the document with one change: `other` value, `gone`, or a row `twice` as another one."""
    found = copy.deepcopy(document)
    parent = dig(found, *path[:-1])
    key = path[-1]
    if kind == "other":
        parent[key] = other(dig(found, *path))  # type: ignore[index, call-overload]  # the parent of a path
    elif kind == "gone":
        del parent[key]  # type: ignore[union-attr]  # the parent of a path
    else:
        parent.append(_renamed(dig(found, *path)))  # type: ignore[union-attr]  # a row's parent is a list
    return found


def _renamed(row: Json) -> Json:
    if isinstance(row, dict):
        return {key: other(part) if key in ("name", "prefix") else part for key, part in row.items()} | {"further": 1}
    return other(row)


def changes(document: Manifest) -> Iterator[tuple[Path, str]]:
    """Give every single change of a document."""
    for path in paths(document):
        value = dig(document, *path)
        if not isinstance(value, dict | list):
            yield path, "other"
        yield path, "gone"
        if isinstance(path[-1], int):
            yield path, "twice"
