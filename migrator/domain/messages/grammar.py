"""Counted things in good grammar, for every sentence that a person reads."""

from __future__ import annotations


def number_of(number: int, one: str, many: str = "") -> str:
    """Give a number with its noun: `1 write`, `3 writes`; `many` where an s does not make the plural."""
    return f"{number} {one if number == 1 else many or one + 's'}"
