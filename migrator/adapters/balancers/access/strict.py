"""Reading a cloud's answer strictly: what a decision rests on is there and is what its API describes, or nothing was read.

A list that is missing is not an empty one, a weight that cannot be read is not 0. Null is what APIs write for an empty list,
and some write numbers as text. Unreachable: what was read before stands, and the run asks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json
from migrator.domain.model.outside.reading import whole_number

Row = dict[str, Json]
MOST = 1 << 31
MOST_REAL = 1e15
_ABSENT = False
EMPTY: tuple[Json, ...] = (None, "")
"""How an empty list is written: null in JSON, an element without content in XML."""


def rows(answer: Json, *path: str) -> list[Row]:
    """Give the objects of a list below `path`. Unreachable: the list is missing, or something else stands there."""
    value = answer
    for name in path:
        if not isinstance(value, dict) or name not in value:
            raise _malformed(path)
        value = value[name]
    if value in EMPTY:
        return []
    if not isinstance(value, list):
        raise _malformed(path)
    return list(_objects(value, path))


def whole(row: Row, name: str, most: int = MOST) -> int:
    """Give a whole number from 0 to `most`; digits as text are one, too. Unreachable: it is missing or none."""
    value = row.get(name)
    value = whole_number(value) if isinstance(value, str) else value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _malformed((name,))
    return value


def port(row: Row, name: str) -> int:
    """Give a port. Unreachable: it is missing or none."""
    value = whole(row, name, 65535)
    if not value:
        raise _malformed((name,))
    return value


def word(row: Row, name: str) -> str:
    """Give a text that is not empty. Unreachable: it is missing or none."""
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise _malformed((name,))
    return value


def words(row: Row, name: str) -> list[str]:
    """Give a list of texts; [] for an empty one. Unreachable: it is missing, or something else stands there."""
    return [value if isinstance(value, str) else _no(name) for value in _values(row, name)]


def reals(row: Row, name: str) -> list[float]:
    """Give a list of numbers; digits as text are some, too. Unreachable: it is missing, or something else stands there."""
    return [_real(value, name) for value in _values(row, name)]


def real(row: Row, name: str) -> float:
    """Give a number that is not below 0. Unreachable: it is missing or none."""
    return _real(row.get(name), name)


def _values(row: Row, name: str) -> list[Json]:
    value = row.get(name, _ABSENT)
    if value in EMPTY:
        return []
    return value if isinstance(value, list) else _no(name)


def _real(value: Json, name: str) -> float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            _no(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_REAL:
        _no(name)
    return float(value)


def _no(name: str) -> NoReturn:
    raise _malformed((name,))


def _objects(values: list[Json], path: tuple[str, ...]) -> Iterator[Row]:
    for value in values:
        if not isinstance(value, dict):
            raise _malformed(path)
        yield value


def _malformed(path: tuple[str, ...]) -> Unreachable:
    return Unreachable(say("cloud.malformed", what=".".join(path), then=say("driver.read-again")))
