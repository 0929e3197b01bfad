"""The lines of configurations that differ, out of what a run said: its reason, and what was seen last. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.message import Message, Value

LINES = frozenset({"config.differs", "config.missing", "config.extra", "config.order", "config.more"})
"""The codes of a line of a difference."""

ALLOWED = "config.allowed"
"""The code of a line that differs by the plan's leave: it is told with its reason, and is no difference."""


def lines_in(*said: Value) -> tuple[Message, ...]:
    """Give every line of a difference inside these messages, each once, in their order."""
    return tuple(dict.fromkeys(line for value in said for line in _inside(value)))


def _inside(value: Value) -> Iterator[Message]:
    if isinstance(value, Message):
        if value.code in LINES:
            yield value
        if value.code in LINES or value.code == ALLOWED:
            return
        yield from _all(each for _, each in value.values)
    elif isinstance(value, tuple):
        yield from _all(value)


def _all(values: Iterable[Value]) -> Iterator[Message]:
    for value in values:
        yield from _inside(value)
