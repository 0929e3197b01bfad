"""Small words that every view shares: ages, lengths of time, and what was seen at the balancer when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.domain.observation.snapshot import Snapshot


def clipped(text: str, room: int) -> str:
    """Give as much of a text as fits, ended after a whole word; "…" says that there is more."""
    if len(text) <= room:
        return text
    cut = text[: max(1, room - 1)]
    return f"{(cut.rsplit(' ', 1)[0] or cut).rstrip(' ,;:')} …"[: max(room, 2)]


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


def new_side(look: Snapshot | None, now: datetime, ended: bool = False) -> str:
    """Say where the weights were when somebody last looked, and when that was; never what was meant.

    A run that has ended was looked at for the last time at its end, so that says the moment itself.
    """
    if look is None or look.at is None:
        return "New side: nobody has seen the balancer's weights in this run"
    seen = f"seen at {look.at:%Y-%m-%d %H:%M:%S} UTC, at the end" if ended else f"seen {ago(look.at, now)}"
    if look.share is None:
        return f"New side: no backend had any weight ({seen})"
    return f"New side: {look.share:.1f} % of new connections ({seen})"
