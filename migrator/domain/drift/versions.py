"""Releases of gateways that have no configuration to compare: which each side runs, told where they are not the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading


def releases_apart(readings: Iterable[Reading]) -> tuple[Message, ...]:
    """Tell the releases of both sides where one has another than the other; nothing while a side says none."""
    said: dict[Side, set[str]] = {side: set() for side in Side}
    for reading in readings:
        said[reading.side] |= {reading.version} - {""}
    old, new = (tuple(sorted(said[side])) for side in (Side.OLD, Side.NEW))
    return (say("drift.releases", old=old, new=new),) if old and new and old != new else ()
