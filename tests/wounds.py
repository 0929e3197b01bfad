"""Hurt answers: a sound one that lost a field, or holds null, a wrong type, a huge number, a deep or an odd text anywhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.wording import render

GONE = object()
"""The place is taken out."""

ODD: tuple[Any, ...] = (
    GONE, None, True, False, 0, -1, 1.5, 65536, (1 << 64) + 1, 10**400, 1e308, float("inf"), float("nan"),
    "", " ", "x", "-1", "²", "٣", "9" * 5000, "1.2.3", ":", "::", "[", "[::1]:x", "a\nb", "\x1b[2J", "\x00", "\ud800", "\u202e",
    "9999-12-31T23:59:59+00:01", "0001-01-01T00:00:00+23:59", "2026-13-01T00:00:00Z",
    [], {}, [None], ["x"], [[]], [{}], {"": None}, {"x": {"x": []}}, [1, 2, 3],
)  # fmt: skip
"""What stands somewhere instead of what should."""

TEXTS: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "an object": b"{}",
    "a text": b'"x"',
    "a number": b"7",
    "a page": b"<html><body>log in</body></html>",
    "XML": b"<?xml version='1.0'?><a/>",
    "entities": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "XML without end": b"<a>" * 100_000,
    "deep XML": b"<a>" * 5_000 + b"</a>" * 5_000,
    "lists without end": b"[" * 200_000,
    "objects without end": b'{"a":' * 200_000,
    "deep lists": b"[" * 900 + b"]" * 900,
    "deep objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "NaN": b"NaN",
    "too great a float": b"1e999",
    "too great a number": b"9" * 5000,
    "no encoding": b"\xff\xfe\x00",
    "half a character": b'"\xed\xa0\x80"',
    "zeros": b"\x00" * 100,
    "line feeds": b"\r\n" * 1000,
    "a long line": b"x" * 200_000,
    "a long text": b'"' + b"x" * 200_000,
}
"""What comes instead of a whole answer."""


OURS: tuple[type[MigratorError], ...] = (Unreachable, Refused)


def outcome(ask: Callable[[], object], ours: tuple[type[MigratorError], ...] = OURS) -> object:
    """Give what a reader gives, or the sentence of its error where that is one of ours; anything else is raised."""
    try:
        return ask()
    except ours as error:
        said = render(error.message)
    assert said
    return said


PLACES = st.lists(st.tuples(st.integers(0, 1 << 20), st.sampled_from(ODD)), min_size=1, max_size=4)
"""Wounds: which place of however many there are, and what stands there then."""


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value below `value`."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield (*at, key)
        yield from paths(inner, (*at, key))


def hurt(sound: Any, wounds: list[tuple[int, Any]]) -> Any:
    """Give a copy with these wounds."""
    made = copy.deepcopy(sound)
    for place, odd in wounds:
        known = list(paths(made))
        if not known:
            return None if odd is GONE else odd
        *way, last = known[place % len(known)]
        holder = made
        for key in way:
            holder = holder[key]
        if odd is GONE:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(odd)
    return made


def hurt_json(sound: bytes, wounds: list[tuple[int, Any]]) -> bytes:
    """Give a JSON text with these wounds, as a careless server writes it."""
    return json.dumps(hurt(json.loads(sound), wounds)).encode("utf-8", "surrogatepass")


def hurt_text(sound: str, wounds: list[tuple[int, Any]]) -> str:
    """Give lines of words or of comma-separated values with some of them replaced or gone."""
    made = sound
    for place, odd in wounds:
        marks = [at for at, letter in enumerate(made) if letter in " ,:\n"] or [0]
        begin = marks[place % len(marks)]
        end = next((at for at in marks if at > begin), len(made))
        made = made[:begin] + ("" if odd is GONE else made[begin : begin + 1] + str(odd)) + made[end:]
    return made
