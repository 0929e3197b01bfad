"""What of an object its schema does not know, is of another type, or is there twice. It changes nothing and never raises."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.patch.listkeys import ListKeys, identity
from migrator.lab.kube.schema.shapes import ANY, Shape, fields

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "datetime": (str,),
    "bytes": (str,),
    "quantity": (str, int, float),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "map": (dict,),
    "object": (dict,),
    "custom": (dict,),
}
_GO_NAMES: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field that the type does not have."""

    path: str


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A value of another type than the field's."""

    path: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class Twice:
    """Items of a keyed list, or members of a set, that are the same one."""

    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Keyless:
    """An item of a keyed list without a key."""

    path: str
    at: int
    key: str


SchemaFlaw = Unknown | Mistyped | Twice | Keyless


def field_flaws(doc: Doc, shape: Shape) -> Iterator[Unknown | Mistyped]:
    """Yield what of an object its type does not have, or has as another type."""
    yield from _value_flaws(doc, shape, "")


def _value_flaws(value: Any, shape: Shape, path: str) -> Iterator[Unknown | Mistyped]:
    if shape is ANY or value is None:
        return
    if not _is_of(value, shape):
        yield Mistyped(path, shape.word, _GO_NAMES.get(type(value), "null"))
    elif shape.word in ("object", "custom"):
        yield from _object_flaws(value, shape, path)
    elif shape.of is not None:
        inner = enumerate(value) if shape.word == "list" else value.items()
        for name, part in inner:
            yield from _value_flaws(part, shape.of, f"{path}[{name}]" if shape.word == "list" else f"{path}.{name}")


def _object_flaws(value: Doc, shape: Shape, path: str) -> Iterator[Unknown | Mistyped]:
    known = fields(shape)
    for name, part in value.items():
        inner = known.get(name)
        if inner is not None:
            yield from _value_flaws(part, inner, f"{path}.{name}")
        elif shape.word == "object":
            yield Unknown(f"{path}.{name}")


def _is_of(value: Any, shape: Shape) -> bool:
    types = _JSON_TYPES.get(shape.word)
    if types is None:
        return True
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def key_flaws(doc: Doc, keys: ListKeys) -> Iterator[Twice | Keyless]:
    """Yield the items of keyed lists that are there twice or lack their key, and the members of sets that are there twice."""
    yield from _list_flaws("", doc, "", keys)


def _list_flaws(field: str, value: Any, path: str, keys: ListKeys) -> Iterator[Twice | Keyless]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _list_flaws(name, part, f"{path}.{name}", keys)
    elif isinstance(value, list):
        named = keys.declared(field)
        if named is not None:
            yield from _item_flaws(value, named, path)
        elif keys.is_set(field):
            yield from (Twice(path, f"[={json.dumps(item)}]") for at, item in enumerate(value) if item in value[:at])
        for at, part in enumerate(value):
            yield from _list_flaws("", part, f"{path}{_place(part, at, named)}", keys)


def _item_flaws(items: list[Any], named: tuple[str, ...], path: str) -> Iterator[Twice | Keyless]:
    seen = []
    for at, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        own = identity(item, named)
        if None in own:
            yield Keyless(path, at, named[own.index(None)])
        elif own in seen:
            yield Twice(path, _place(item, at, named))
        seen.append(own)


def _place(item: Any, at: int, named: tuple[str, ...] | None) -> str:
    if named is None or not isinstance(item, dict) or None in identity(item, named):
        return f"[{at}]"
    pairs = zip(named, identity(item, named), strict=True)
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in sorted(pairs)) + "]"
