"""Small words that every view shares: counted things, ages, lengths of time, and what was seen at the balancer when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.last_look import LastLook


def counted(number: int, one: str, many: str = "") -> str:
    """Give a number with its noun: `1 write`, `3 writes`; `many` where an s does not make the plural."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def lasting(seconds: float) -> str:
    """Give a length of time in its two greatest units."""
    whole = max(0, round(seconds))
    for unit, length, small, part in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= length:
            return f"{whole // length} {unit} {whole % length // part} {small}"
    return f"{whole} s"


def ago(at: datetime, now: datetime) -> str:
    """Give how long ago something was."""
    return f"{lasting((now - at).total_seconds())} ago"


def new_side(look: LastLook | None, now: datetime, ended: bool = False) -> str:
    """Say where the weights were when somebody last looked, and when that was; never what was meant.

    A run that has ended was looked at for the last time at its end, so that says the moment itself.
    """
    if look is None or look.at is None:
        return "New side: nobody has seen the balancer's weights in this run"
    seen = f"seen at {look.at:%Y-%m-%d %H:%M:%S} UTC, at the end" if ended else f"seen {ago(look.at, now)}"
    if look.share is None:
        return f"New side: no backend had any weight ({seen})"
    return f"New side: {look.share:.1f} % of new connections ({seen})"
