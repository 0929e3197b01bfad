"""Turns the domain's frozen values into JSON text and back; every value carries its `kind` from a closed registry.

It refuses a class that is not in the registry (`kinds.py`), on the way in and on the way out.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeVar

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.store.codec.dataclass_json import Malformed, dump_tagged, load_tagged
from migrator.store.codec.tags import ACTIONS, STEPS, TAGS

T = TypeVar("T")
LONGEST = 300
"""Letters of a cause that are told: it may quote what was found, which has no bounds."""

# What a stored value may be is told by its kind, so the JSON of a row is of any type until it has been loaded.
Data = dict[str, Any]


def text_of(data: Any) -> str:
    """Give JSON text; StoreError for what JSON does not have (NaN, infinity, a set)."""
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError(say("store.not-storable", kind=type(data).__name__, why=str(error))) from error


def to_data(value: object) -> Data:
    """Give a registered value as JSON with its `kind`; StoreError for a class that is not in the registry."""
    try:
        return dump_tagged(value)
    except Malformed as error:
        raise StoreError(say("store.not-storable", kind=type(value).__name__, why=str(error))) from error


def from_data(data: Any, *allowed: type[T]) -> T:
    """Give the value back; StoreError when it is not one of `allowed` or its kind is not known."""
    try:
        found: T = load_tagged(data, allowed)
    except Malformed as error:
        raise StoreError(say("store.unreadable-value", why=str(error)[:LONGEST])) from error
    return found


def encode(value: object) -> str:
    """Give a registered value as JSON text."""
    return text_of(to_data(value))


def decode(text: str, *allowed: type[T]) -> T:
    """Give the value of JSON text; StoreError as in `from_data`, or when the text is no JSON."""
    return from_data(parsed(text), *allowed)


def parsed(text: str) -> Any:
    """Give the JSON value of a text that was stored; StoreError when it is none."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # some damage nests without end
        raise StoreError(say("store.no-json", why=str(error)[:LONGEST])) from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def encode_route(route: tuple[Any, ...]) -> str:
    """Give the steps of a route as JSON text."""
    return text_of([to_data(step) for step in route])


def decode_route(text: str) -> tuple[Any, ...]:
    """Give the steps of a stored route; StoreError as in `from_data`."""
    data = parsed(text)
    if not isinstance(data, list):
        raise StoreError(say("store.unreadable-value", why=f"a route is a list, not {str(data)[:LONGEST]}"))
    return tuple(from_data(item, *STEPS) for item in data)


__all__ = ["ACTIONS", "STEPS", "TAGS", "decode", "decode_route", "encode", "encode_route", "from_data", "to_data"]
