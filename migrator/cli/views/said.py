"""Messages in JSON: the sentence under its own key, as ever, and its code and values beside it under `messages`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from migrator.domain.messages.message import Message
from migrator.store.codec.messages import dump, load
from migrator.wording import render


def said(**fields: Message | None) -> dict[str, Any]:
    """Return each field's text; `messages` has code and values of those that say anything."""
    messages = {name: dump(what) for name, what in fields.items() if what is not None}
    return {**{name: render(what) for name, what in fields.items()}, **({"messages": messages} if messages else {})}


def texts(many: Iterable[Message]) -> list[str]:
    """Return the texts of several messages."""
    return [render(what) for what in many]


def row(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a row of the journal with its messages as texts, as `said` gives them."""
    messages = {name: value for name, value in data.items() if isinstance(value, dict) and value.keys() == KEYS}
    return {**data, **said(**{name: load(value) for name, value in messages.items()})}


KEYS = {"code", "values"}
