"""Messages as JSON and back: code and values. A plain text is what an older version stored: it is shown as it is."""

from __future__ import annotations

import json
import math
from typing import Any

from migrator.domain.messages.findings import STORED
from migrator.domain.messages.message import Message, Value, Values, verbatim

BEGINS = '{"code":'
"""How the JSON text of a message begins: in a column that held plain sentences before, it tells the two apart."""


class NoMessage(Exception):
    """Stored JSON is neither a message nor a text."""


# What is stored is of any type until it has been loaded.
def dump(what: Message | None) -> Any:
    """Return a message as JSON; "" for none, as it always was."""
    return "" if what is None else {"code": what.code, "values": dump_values(what.values)}


def load(data: Any) -> Message | None:
    """Return the message; None for none. NoMessage for JSON of another shape."""
    if isinstance(data, str) or data is None:
        return verbatim(data) if data else None
    if not isinstance(data, dict) or data.keys() != {"code", "values"} or not isinstance(data["code"], str):
        raise NoMessage(f"{data!r} is no message")
    return Message(data["code"], load_values(data["values"]))


def dump_values(values: Values) -> dict[str, Any]:
    """Return values as a JSON object."""
    return {name: dump_value(value) for name, value in values}


def load_values(data: Any) -> Values:
    """Return the values of a JSON object; NoMessage for anything else."""
    if not isinstance(data, dict):
        raise NoMessage(f"{data!r} are no values")
    return tuple((name, load_value(value)) for name, value in data.items())


def dump_value(value: Value) -> Any:
    """Return a value as JSON. What JSON has no number for (infinity, NaN) is unknown."""
    if isinstance(value, Message):
        return dump(value)
    if isinstance(value, tuple):
        return [dump_value(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, str) else value


def load_value(data: Any) -> Value:
    """Return the value of its JSON; NoMessage for what no message carries."""
    if isinstance(data, dict):
        return load(data)
    if isinstance(data, list):
        return tuple(load_value(each) for each in data)
    if data is None or isinstance(data, str | int | float | bool):
        return data
    raise NoMessage(f"{data!r} is no value")


def to_text(what: Message | None) -> str:
    """Return a message as the text of a column."""
    return "" if what is None else json.dumps(dump(what), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Message | None:
    """Return the message of a column's text."""
    return load(json.loads(text)) if text.startswith(BEGINS) else load(text)


def with_its_texts(data: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of a finding as it is today: an older version stored its three texts, which are its values now."""
    if "problem" not in data:
        return data
    texts = {name: data.get(name, "") for name in ("problem", "evidence", "remedy")}
    kept = {name: value for name, value in data.items() if name not in texts}
    return {**kept, "values": texts, "variant": STORED}
