"""Text from outside, read so that nobody who walks the value is hurt by it: no depth, no number and no character beyond bounds.

Every JSON of a cluster, a cloud, a gateway or a person comes in here, and every number that is written in digits.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from migrator.domain.model.manifests import Json

DEEPEST = 200
"""Levels. Protobuf reads 100 (Envoy's dumps), Kubernetes' objects have some 30; our own walks take two calls a level, of the
thousand that Python allows."""

DIGITS = 20
"""Of the greatest number of 64 bits, the greatest that any of these systems writes; a float holds any such number."""

_HOLDERS = (dict, list)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(raw: bytes | str) -> Json:
    """Read JSON (RFC 8259, UTF-8). ValueError: it is none, or deeper, greater or less of a text than anything that is meant."""
    written = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
    try:
        value: Json = json.loads(written, parse_constant=_no_number, parse_float=_float, parse_int=_whole)
    except RecursionError:
        raise ValueError("too deep") from None
    if _HALF.search(written):
        json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError: half of a character is no text
    _require_shallow(value)
    return value


def whole_number(text: str) -> int | None:
    """Give the number that stands there in ASCII digits and nothing else; None: none does, or it is out of all bounds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def signed_number(text: str) -> int | None:
    """Give a whole number that may have a minus before its digits; None as above."""
    found = whole_number(text.removeprefix("-"))
    return found if found is None or not text.startswith("-") else -found


def _require_shallow(value: Json) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, _HOLDERS)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, _HOLDERS)
        ]
        if not level:
            return
    raise ValueError("too deep")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _float(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise ValueError("a number out of bounds")
    return value


def _whole(written: str) -> int:
    if len(written) > DIGITS + 1:
        raise ValueError("a number out of bounds")
    return int(written)
