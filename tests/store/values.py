"""Makes values of any registered class from its annotations: one fixed value for golden files, strategies for the rest.

It reads the annotations with its own eyes, not through the codec that it is used to test.
"""

from __future__ import annotations

import sys
import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from migrator.domain.messages.message import Message, say
from migrator.domain.steps import Step


class AnyJson:
    """Stands for the recursive alias `Json`."""


class AnyValues:
    """Stands for the recursive alias `Values`."""


class AnySubject:
    """Stands for the alias `Subject`."""


def messages(inner: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Give a strategy for messages that carry such values."""
    return st.builds(Message, WORDS, st.dictionaries(WORDS, inner, max_size=2).map(lambda named: tuple(named.items())))


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2), max_leaves=4
)
TOLD = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=2).map(tuple) | messages(inner),
    max_leaves=4,
)
SAID = say("soak.going-on", share=10.0, left=None, parts=("a", 1, True, say("judge.silent")))
SIMPLE: dict[Any, tuple[Any, SearchStrategy[Any]]] = {
    str: ("", WORDS),
    int: (7, st.integers(-(2**62), 2**62)),
    float: (1.5, st.floats(allow_nan=False, allow_infinity=False)),
    bool: (True, st.booleans()),
    datetime: (datetime(2026, 3, 1, 9, 30, 0, 250000, tzinfo=UTC), st.datetimes(timezones=st.just(UTC))),
    AnyJson: ({"spec": {"ports": [80, None], "ratio": 0.5, "on": True}}, JSON),
    types.NoneType: (None, st.none()),
    Message: (SAID, messages(TOLD)),
    AnyValues: (SAID.values, messages(TOLD).map(lambda message: message.values)),
    AnySubject: ("subject", WORDS | messages(TOLD)),
}


def hints_of(cls: type[Any]) -> dict[str, Any]:
    """Give the annotations of the class's fields."""
    names = {
        **vars(sys.modules[cls.__module__]),
        "Json": AnyJson,
        "Step": Step,
        "Values": AnyValues,
        "Subject": AnySubject,
    }
    hints = get_type_hints(cls, localns=names)
    return {field.name: hints[field.name] for field in fields(cls)}


def sample(hint: Any, name: str = "") -> Any:
    """Give one fixed value with something in every place."""
    if hint is str:
        return name
    if hint in SIMPLE:
        return SIMPLE[hint][0]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and arguments[-1] is Ellipsis:
        return (sample(arguments[0], name),)
    if origin is tuple:
        return tuple(sample(argument, name) for argument in arguments)
    if origin in (Union, types.UnionType):
        return sample(next(option for option in arguments if option is not types.NoneType), name)
    if issubclass(hint, StrEnum):
        return list(hint)[-1]
    assert is_dataclass(hint)
    return hint(**{field: sample(inner, field) for field, inner in hints_of(hint).items()})


def values(hint: Any) -> SearchStrategy[Any]:
    """Give a strategy for every value of the annotation."""
    if hint in SIMPLE:
        return SIMPLE[hint][1]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, arguments))
    if origin in (Union, types.UnionType):
        return st.one_of(*map(values, arguments))
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    assert is_dataclass(hint)
    return st.builds(hint, **{field: values(inner) for field, inner in hints_of(hint).items()})
