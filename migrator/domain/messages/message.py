"""A message: a code and values, of which a sentence is made for a person elsewhere. Nothing here knows a language.

Values are data (numbers, names, seconds, what somebody else's program said), never sentences of ours; a reason inside
another message is a message itself. Nobody reads a sentence back: what is decided on is the code and the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, float, bool, "Message", tuple["Value", ...], None]
"""What a message may carry. None is *unknown*, which is never 0."""

Values: TypeAlias = tuple[tuple[str, Value], ...]

STORED = "stored.text"
"""The code of a sentence that an older version stored, or that another program wrote: its one value is the `text`."""


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What there is to say; the order of the values says nothing.

    `str` gives code and values, for logs and tracebacks; people are shown a rendered text.
    """

    code: str
    values: Values = ()

    def __getitem__(self, name: str) -> Value:
        """Return the value of this name; KeyError for one that the message does not have."""
        return dict(self.values)[name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.code, dict(self.values)) == (other.code, dict(other.values))

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.values)))

    def __str__(self) -> str:
        return " ".join((self.code, *(f"{name}={_plain(value)}" for name, value in self.values)))


def say(code: str, /, **values: Value) -> Message:
    """Return the message with this code; the catalogue of each language has a text for every code."""
    return Message(code, tuple(values.items()))


def verbatim(text: str) -> Message:
    """Return a message that shows exactly this text: one that another program or an older version wrote."""
    return Message(STORED, (("text", text),))


def code_of(of: Message | None) -> str:
    """Return a message's code; "" for none, and for a text that has no code of ours."""
    return "" if of is None or of.code == STORED else of.code


def codes(of: Value) -> Iterable[str]:
    """Return the codes of a message and of every message inside it, the outermost first."""
    if isinstance(of, Message):
        yield of.code
        for _, value in of.values:
            yield from codes(value)
    elif isinstance(of, tuple):
        for each in of:
            yield from codes(each)


def without(of: Value, names: tuple[str, ...]) -> Value:
    """Return a message without the values of these names, its own and those of the messages inside it."""
    if isinstance(of, Message):
        return Message(of.code, tuple((n, without(value, names)) for n, value in of.values if n not in names))
    return tuple(without(each, names) for each in of) if isinstance(of, tuple) else of


def replaced(of: Value, by: Mapping[str, Message]) -> Value:
    """Return a message with another one in the place of each, its own and those inside it, whose code is named."""
    if isinstance(of, Message):
        return by.get(of.code) or Message(of.code, tuple((n, replaced(value, by)) for n, value in of.values))
    return tuple(replaced(each, by) for each in of) if isinstance(of, tuple) else of


def shape(of: Value, kept: tuple[str, ...] = ()) -> Value:
    """Return a message without its numbers, but for those of the values that are `kept`: two that differ in numbers alone say
    the same, a moment later."""
    if isinstance(of, Message):
        return Message(of.code, tuple((n, value if n in kept else shape(value, kept)) for n, value in of.values))
    if isinstance(of, tuple):
        return tuple(shape(each, kept) for each in of)
    return None if isinstance(of, int | float) and not isinstance(of, bool) else of


def _plain(value: Value) -> str:
    if isinstance(value, Message):
        return f"({value})"
    if isinstance(value, tuple):
        return f"[{', '.join(_plain(each) for each in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
