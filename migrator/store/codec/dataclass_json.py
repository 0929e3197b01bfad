"""Reads a frozen dataclass's annotations once and gives a dumper and a loader for it. Guesses nothing.

Known shapes: text, numbers, booleans, None, StrEnum, datetime, `Json`, tuples, mappings, dataclasses, and unions of
one of these with None or of dataclasses that have a `kind`.
"""

from __future__ import annotations

import math
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin

from migrator.domain.messages.message import Message, verbatim
from migrator.domain.steps import Step
from migrator.store.codec import messages
from migrator.store.codec.tags import KINDS, LAYOUTS, NO_LAYOUT, OLD_WORDS, TAGS

# The values that go through here are of any type by nature; each loader checks what it gets.
Turn = Callable[[Any], Any]


class Malformed(Exception):
    """Stored JSON does not have the shape of its class."""


class AnyJson:
    """Stands for the recursive alias `Json` while annotations are read."""


class AnyValues:
    """Stands for the recursive alias `Values` while annotations are read."""


class AnySubject:
    """Stands for the alias `Subject` (a text or a message) while annotations are read."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one annotation become JSON and come back."""

    dump: Turn
    load: Turn


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a dataclass, and its name on disk."""

    name: str
    stored: str
    shape: Shape
    required: bool


def dump(value: Any) -> dict[str, Any]:
    """Give a dataclass's fields as JSON."""
    cls = value.__class__
    data = {part.stored: part.shape.dump(getattr(value, part.name)) for part in parts(cls)}
    return LAYOUTS.get(cls, NO_LAYOUT).to_disk(data)


def load(cls: Any, data: Any) -> Any:
    """Build the dataclass; Malformed for a missing, unknown or wrongly shaped field."""
    if not isinstance(data, dict):
        raise Malformed(f"{cls.__name__} is not a mapping")
    known, layout = parts(cls), LAYOUTS.get(cls, NO_LAYOUT)
    try:
        found = layout.from_disk(data)
    except (
        TypeError,
        AttributeError,
        LookupError,
        ValueError,
    ) as error:  # a layout trusts the shapes of what was written
        raise Malformed(f"{cls.__name__} is not laid out as any version wrote it") from error
    if unknown := found.keys() - {part.stored for part in known} - layout.dropped:
        raise Malformed(f"{cls.__name__} has the unknown field {min(unknown)}")
    if missing := [part.stored for part in known if part.required and part.stored not in found]:
        raise Malformed(f"{cls.__name__} lacks {missing[0]}")
    return cls(**{part.name: part.shape.load(found[part.stored]) for part in known if part.stored in found})


def dump_tagged(value: Any) -> dict[str, Any]:
    """Give a registered value as JSON with its `kind` first; Malformed for a class without one."""
    tag = TAGS.get(type(value))
    if tag is None:
        raise Malformed(f"{type(value).__name__} has no kind")
    return {"kind": tag, **dump(value)}


def load_tagged(data: Any, allowed: tuple[type[Any], ...]) -> Any:
    """Build the value that its `kind` names; Malformed for an unknown kind or one that is not `allowed` here."""
    tag = data.get("kind") if isinstance(data, dict) else None
    found = KINDS.get(tag) if isinstance(tag, str) else None
    if found is None:
        raise Malformed(f"the kind {tag!r} is not known")
    if found not in allowed:
        raise Malformed(f"a {tag} stands where {' or '.join(TAGS[cls] for cls in allowed)} belongs")
    return load(found, {key: item for key, item in data.items() if key != "kind"})


@cache
def parts(cls: type[Any]) -> tuple[Part, ...]:
    """Give the fields of a dataclass with their shapes; a field with a default may be missing in older rows."""
    hints, layout = hints_of(cls), LAYOUTS.get(cls, NO_LAYOUT)
    return tuple(
        Part(f.name, layout.names.get(f.name, f.name), shape_of(hints[f.name]), is_required(f)) for f in fields(cls)
    )


STAND_INS: dict[str, Any] = {"Json": AnyJson, "Step": Step, "Values": AnyValues, "Subject": AnySubject}
"""What names of annotations mean while they are read: recursive aliases stand for themselves."""


def hints_of(cls: type[Any]) -> dict[str, Any]:
    """Give the annotations of a class and its bases as types.

    `typing.get_type_hints` compiles each by itself, which takes a tenth of the time that `status` may.
    """
    found: dict[str, Any] = {}
    for owner in reversed(cls.__mro__):
        own = vars(owner).get("__annotations__", {})
        texts = {name: hint for name, hint in own.items() if isinstance(hint, str)}
        if texts:
            names, known = vars(sys.modules[owner.__module__]), STAND_INS
            own = {**own, **dict(zip(texts, eval(f"({','.join(texts.values())},)", names, known), strict=True))}  # noqa: S307
        found.update(own)
    return found


def is_required(field: Field[Any]) -> bool:
    """Return whether the field has no default."""
    return field.default is MISSING and field.default_factory is MISSING


def plain(cls: type[Any]) -> Shape:
    """Give the shape of a value that JSON has itself. A bool is no number."""

    def check(value: Any) -> Any:
        if not isinstance(value, cls) or (isinstance(value, bool) and cls is not bool):
            raise Malformed(f"{value!r} is no {cls.__name__}")
        return cls(value)

    return Shape(check, check)


def number(value: Any) -> float:
    """Give a finite float; JSON has neither NaN nor infinity."""
    try:
        found = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Malformed(f"{value!r} is no finite number")
    return found


def in_utc(value: Any) -> str:
    """Give a time as ISO text in UTC; Malformed for one that does not know its zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Malformed(f"{value!r} is no time with a zone")
    return value.astimezone(UTC).isoformat()


def moment(value: Any) -> datetime:
    """Give an aware UTC time from its ISO text."""
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            raise Malformed(f"{value!r} has no time zone")
        return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:  # year 10000, by its zone
        raise Malformed(f"{value!r} is no time") from error


def nothing(value: Any) -> None:
    """Give None back, and nothing else."""
    if value is not None:
        raise Malformed(f"{value!r} is not null")


def _of_messages(read: Turn) -> Turn:
    """Give a reader whose refusal is Malformed."""

    def turn(data: Any) -> Any:
        try:
            return read(data)
        except messages.NoMessage as error:
            raise Malformed(str(error)) from error

    return turn


PLAIN: dict[Any, Shape] = {
    str: plain(str),
    bool: plain(bool),
    int: plain(int),
    float: Shape(number, number),
    datetime: Shape(in_utc, moment),
    AnyJson: Shape(lambda value: value, lambda value: value),
    AnyValues: Shape(messages.dump_values, _of_messages(messages.load_values)),
    AnySubject: Shape(messages.dump_value, _of_messages(messages.load_value)),
    Message: Shape(messages.dump, _of_messages(lambda data: messages.load(data) or verbatim(""))),
    Message | None: Shape(messages.dump, _of_messages(messages.load)),
    types.NoneType: Shape(nothing, nothing),
}


@cache
def shape_of(hint: Any) -> Shape:
    """Give the shape of an annotation; TypeError for one that the store cannot keep."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return sequence(arguments)
    if origin in (Union, types.UnionType):
        return choice(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return pairs(*arguments)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return word(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return Shape(dump, lambda data: load(hint, data))
    raise TypeError(f"the store cannot keep a {hint}")


def word(enum: type[StrEnum]) -> Shape:
    """Give the shape of an enumeration, kept as its word."""

    old = OLD_WORDS.get(enum, {})

    def read(value: Any) -> StrEnum:
        try:
            return enum(old.get(value, value))
        except (TypeError, ValueError) as error:
            raise Malformed(f"{value!r} is no {enum.__name__}") from error

    return Shape(str, read)


def sequence(arguments: tuple[Any, ...]) -> Shape:
    """Give the shape of `tuple[T, ...]` or of a tuple with fixed places, kept as a list."""
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = shape_of(arguments[0])
        return Shape(
            lambda values: [item.dump(value) for value in values],
            lambda values: tuple(item.load(value) for value in listed(values)),
        )
    places = tuple(shape_of(argument) for argument in arguments)
    return Shape(
        lambda values: [place.dump(value) for place, value in zip(places, values, strict=True)],
        lambda values: tuple(p.load(v) for p, v in zip(places, listed(values, len(places)), strict=True)),
    )


def listed(value: Any, length: int | None = None) -> list[Any]:
    """Give the list, of this length when one is named."""
    if not isinstance(value, list) or length not in (None, len(value)):
        raise Malformed(f"{value!r} is no list" + (f" of {length}" if length else ""))
    return value


def pairs(key: Any, value: Any) -> Shape:
    """Give the shape of a mapping, kept as a list of pairs so that any key can be one."""
    both = sequence((key, value))
    return Shape(
        lambda found: [both.dump(item) for item in found.items()],
        lambda data: dict(both.load(item) for item in listed(data)),
    )


def choice(options: tuple[Any, ...]) -> Shape:
    """Give the shape of `T | None`, or of a union of registered dataclasses, each told by its `kind`."""
    real = [option for option in options if option is not types.NoneType]
    if len(real) == 1:
        inner = shape_of(real[0])
        return Shape(
            lambda value: None if value is None else inner.dump(value),
            lambda data: None if data is None else inner.load(data),
        )
    if unregistered := [option for option in options if option not in TAGS]:
        raise TypeError(f"the store cannot tell {unregistered[0]} from the other members of its union: it has no kind")
    return Shape(dump_tagged, lambda data: load_tagged(data, options))
