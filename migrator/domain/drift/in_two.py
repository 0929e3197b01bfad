"""What configures the gateways of two clusters: each side has objects of its own, which are to say the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from migrator.domain.drift.recalled import Recalled, reached
from migrator.domain.gateways.audit import Reach, Reached

Rows: TypeAlias = "tuple[tuple[Reached, str], ...]"
OLD, NEW = frozenset({Reach.OLD, Reach.BOTH}), frozenset({Reach.NEW, Reach.BOTH})


def reached_in(here: Recalled, there: Recalled | None) -> Rows:
    """Give every object that reaches a side, with a digest of what it says.

    `there`: the new side's cluster, where it is another. An object of one cluster is both sides' where the other has one of
    its name that says the same and reaches its side.
    """
    if there is None:
        return reached(here)
    old, new = _of(reached(here), OLD), _of(reached(there), NEW)
    return (*_told(old, new, Reach.OLD), *_told(new, old, Reach.NEW))


def named(row: Reached) -> str:
    """Give what an object is called in either cluster."""
    return f"{row.kind} {row.name}"


def _of(rows: Rows, side: frozenset[Reach]) -> Rows:
    return tuple((row, says) for row, says in rows if row.reach in side and not row.meant)


def _told(own: Rows, other: Rows, side: Reach) -> Iterable[tuple[Reached, str]]:
    known = {(named(row), says) for row, says in other}
    for row, says in own:
        yield replace(row, reach=Reach.BOTH if (named(row), says) in known else side), says
