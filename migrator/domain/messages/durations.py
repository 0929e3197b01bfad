"""Lengths of time as text: read as operators, Kubernetes, Envoy and Istio write them (`10m`, `1h30m`, `500ms`), and told to
people. Both are done here and nowhere else. A number without a unit is refused: nobody knows what it means.
"""

from __future__ import annotations

import re

PATTERN = r"(\d+(\.\d+)?(ms|s|m|h|d))+"
LOOKS = "a duration is text with units, like 30s, 10m, 1h30m or 500ms"
LONG = 120.0
"""Seconds from which on a length of time is told in its two greatest units."""

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_WHOLE = re.compile(PATTERN)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_TOLD = (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1))


def seconds_of(text: object) -> float:
    """Return a duration's seconds. ValueError says what a duration looks like."""
    if not isinstance(text, str) or not _WHOLE.fullmatch(text.strip()):
        raise ValueError(LOOKS)
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def in_words(seconds: float) -> str:
    """Return a length of time for people: `0.35 s`, `12.6 s`, `90 s`, `2 min 30 s`, `3 h 5 min`."""
    return " ".join(f"{number} {unit}" for number, unit in parts(seconds))


def parts(seconds: float) -> tuple[tuple[str, str], ...]:
    """Return its numbers with their units (`d`, `h`, `min`, `s`), for whoever has words of another language for these."""
    if seconds < LONG:
        return ((f"{round(max(0.0, seconds), 2 if seconds < 1 else 1):g}", "s"),)
    whole = round(seconds)
    unit, size, small, part = next(row for row in _TOLD if whole >= row[1])
    rest = whole % size // part
    return ((f"{whole // size}", unit), *(((f"{rest}", small),) if rest else ()))
