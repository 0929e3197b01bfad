"""JSON objects as the server handles them. It knows no kind and validates nothing."""

import json
from collections.abc import Callable, Iterable
from typing import Any

Doc = dict[str, Any]  # an object from outside: its shape is known only after validation

_dump: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def encode(value: Any) -> bytes:  # Any: JSON
    """Return compact UTF-8 JSON."""
    return _dump(value).encode()


def decode(blob: bytes | str) -> Any:  # Any: JSON
    """Return the value of a JSON text; raises ValueError."""
    return json.loads(blob)


def within(doc: Any, *names: str) -> Doc:  # Any: may be anything a client sent
    """Return the object at `names`, or an empty one that is not part of `doc`."""
    for name in names:
        doc = doc.get(name) if isinstance(doc, dict) else None
    return doc if isinstance(doc, dict) else {}


def rows(doc: Any, *names: str) -> list[Doc]:  # Any: may be anything a client sent
    """Return the objects of the list at `names`, or an empty list."""
    listed = within(doc, *names[:-1]).get(names[-1])
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def without(doc: Doc, names: Iterable[str]) -> Doc:
    """Return a shallow copy of `doc` that lacks `names`."""
    gone = set(names)
    return {name: value for name, value in doc.items() if name not in gone}


def without_nulls(value: Any) -> Any:  # Any: JSON
    """Return `value` without the members of objects that are null, as typed objects lose them."""
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return [without_nulls(part) for part in value] if isinstance(value, list) else value
