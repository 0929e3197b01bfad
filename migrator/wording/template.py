"""The little language of a catalogue's texts, parsed once per text. It knows no message and no language.

{name}             the value
{name:how}         the value, shown as `how` says (formats.py): {left:seconds}, {pods:count pod}, {side:word side}
[text {name}]      left out when a value in it is empty: "", an empty list, unknown (None), or 0 of nothing to show
{{ }} [[ ]]        the signs themselves
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias


class Malformed(ValueError):
    """A text of the catalogue is not well formed: a defect, which a test finds."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value, and how it is shown."""

    name: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Optional:
    """Parts that are shown only together with their values."""

    parts: Parts


Parts: TypeAlias = "tuple[str | Slot | Optional, ...]"
SIGNS = "{}[]"


@cache
def parsed(text: str) -> Parts:
    """Return the parts of a text; Malformed for one that is not well formed."""
    reader = _Reader(text)
    parts = reader.parts("")
    return tuple(parts)


def slots(parts: Parts) -> Iterator[Slot]:
    """Return every slot, also of the optional parts."""
    for part in parts:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, Optional):
            yield from slots(part.parts)


class _Reader:
    """Reads a text from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def parts(self, closing: str) -> list[str | Slot | Optional]:
        """Read until the closing sign ("": the end of the text)."""
        parts: list[str | Slot | Optional] = []
        while self._at < len(self._text):
            sign, doubled = self._text[self._at], self._text[self._at : self._at + 2]
            if sign in SIGNS and doubled == 2 * sign:
                self._at += 2
                _append(parts, sign)
            elif sign == closing:
                self._at += 1
                return parts
            elif sign in SIGNS:
                parts.append(self._opened(sign))
            else:
                self._at += 1
                _append(parts, sign)
        if closing:
            raise Malformed(f"a {closing} is missing in {self._text!r}")
        return parts

    def _opened(self, sign: str) -> Slot | Optional:
        self._at += 1
        if sign == "[":
            inner = tuple(self.parts("]"))
            if not any(slots(inner)):
                raise Malformed(f"an optional part without a value in {self._text!r}")
            return Optional(inner)
        if sign == "{":
            name, closed, _ = self._text[self._at :].partition("}")
            self._at += len(name) + 1
            name, _, how = name.partition(":")
            if closed and name.isidentifier():
                return Slot(name, how)
        raise Malformed(f"a {sign} that belongs to nothing in {self._text!r}")


def _append(parts: list[str | Slot | Optional], sign: str) -> None:
    last = parts[-1] if parts else None
    if isinstance(last, str):
        parts[-1] = last + sign
    else:
        parts.append(sign)
