"""What would turn a run back by itself, as this look shows it: never what its state's name promises. Pure.

Whoever says that a run is watched says it with this: a token that ends, a reader that hangs and a change by another hand
each take a part of the protection away, and nobody may hear of it by the damage alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.judging.newest import newest
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Health, Pools, Side
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling
from migrator.domain.observation.drifted import Drifted
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import (
    Clocks,
    Judgement,
    RunPosition,
    Sighting,
    Stale,
    Witnessed,
    Workloads,
)
from migrator.domain.observation.snapshot import Protection
from migrator.domain.sides.way_back import is_told_to_go, nobody_left, way_back
from migrator.domain.turn.requests import is_doomed
from migrator.domain.weights.drift import drift

if TYPE_CHECKING:
    from migrator.domain.steps import Step

SEEN_WITHIN = 10.0
"""Seconds; an eye that has shown nothing for so long is shut. The slowest of them looks every few seconds."""


GUARD_WITHIN = 20.0
"""Seconds after which the guard against drift counts as blind: it looks every three, and lists many objects."""


def unprotected(seen: Sighting) -> Message | None:
    """Say why turning back would not help, or is nobody's to do; None: it would help.

    After a halt for somebody else's hand nothing is written on our own account: the guard only reports.
    """
    weighted = any(row.weight for row in seen[Pools].of(Side.NEW))
    return _nobodys(seen) or (None if weighted else say("protection.no-weight")) or _unfit(seen)


def hopeless(seen: Sighting) -> Message | None:
    """Say the same where clients may reach the new side past its weights: that it has none is no reason then."""
    return _nobodys(seen) or _unfit(seen)


def _nobodys(seen: Sighting) -> Message | None:
    if not seen[Workloads].old.exists:
        return say("protection.old-gone")
    if is_doomed(seen):
        return say("protection.old-going")
    if seen[RunPosition].state is State.HALTED and drift(seen):
        return say("protection.foreign-hand")
    return None


def _unfit(seen: Sighting) -> Message | None:
    bare = nobody_left(seen)
    return say("protection.old-unfit", listeners=bare) if bare and set(bare) >= _guarded_listeners(seen) else None


def _guarded_listeners(seen: Sighting) -> set[str]:
    """Give the listeners whose new side has weight: of the others nothing has to be turned back."""
    return {row.backend.listener for row in seen[Pools].of(Side.NEW) if row.weight}


def returning(step: Step, seen: Sighting) -> WayBack | None:
    """Give the way back as this look shows it; None on the way back, and for a run that has none."""
    if seen[RunPosition].heading is Heading.BACK:
        return None
    return way_back(seen, drained=step.after_drain is Side.OLD or is_told_to_go(seen))


def protection(seen: Sighting) -> Protection:
    """Say what watches this run, what of that is lost, and why nothing has to turn it back."""
    if seen[RunPosition].heading is Heading.BACK:
        return Protection(idle=say("protection.going-back"))
    open_, shut = list[Message](), list[Message]()
    for eye, sees in (
        (say("eye.witness"), _witness(seen)),
        (say("eye.health"), _health(seen)),
        (_judge_named(seen), _judge(seen)),
    ):
        (open_ if sees else shut).append(eye)
    if seen[Drifted].blind > GUARD_WITHIN:
        # what it sees holds the run; it seldom turns one back, so it is none that watches
        shut.append(say("eye.drift"))
    idle = unprotected(seen)
    bare = () if idle else tuple(name for name in nobody_left(seen) if name in _guarded_listeners(seen))
    return Protection(tuple(open_), tuple(shut), idle, bare)


def _witness(seen: Sighting) -> bool:
    witnessed = seen[Witnessed]
    return witnessed.tries > 0 and seen[Clocks].monotonic - witnessed.at <= SEEN_WITHIN


def _health(seen: Sighting) -> bool:
    """Say whether the balancer shows now how each new backend with weight is."""
    weighted = [row for row in seen[Pools].of(Side.NEW) if row.weight]
    return Pools not in seen[Stale] and all(row.target.health is not Health.UNKNOWN for row in weighted)


def _judge(seen: Sighting) -> bool:
    return newest(seen).ruling is not Ruling.NO_DATA


def _judge_named(seen: Sighting) -> Message:
    verdict = seen[Judgement].verdict
    return say("eye.judge", source=verdict.source if verdict else "")


def guarded(seen: Sighting) -> Message:
    """Say in one message what goes on to protect the run while it rests or holds."""
    now = protection(seen)
    return now.idle or now.watched
