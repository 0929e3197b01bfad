"""Durations and percentages as operators write them: `10m`, `1h30m`, `500ms`, `0.1%`. Text with units, never bare numbers."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def seconds(text: object) -> float:
    """Give a duration's seconds; ValueError says what a duration looks like."""
    if not isinstance(text, str) or not _DURATION.fullmatch(text.strip()):
        raise ValueError("a duration is text with units, like 30s, 10m, 1h30m or 500ms")
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def fraction(text: object) -> float:
    """Give a percentage's fraction, 0 to 1; ValueError says what a percentage looks like."""
    match = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match or float(match[1]) > 100:
        raise ValueError("a percentage is text from 0% to 100%, like 0.1% or 5%")
    return float(match[1]) / 100
