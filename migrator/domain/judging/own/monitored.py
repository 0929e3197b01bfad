"""What the balancer's own counters say of the new side beside the old: an opinion, which never makes a verdict better. Pure.

The plan's limits of the error rate hold for it: how much more fails on the new side than on the old one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.judging.breaches import exceeds
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

FEW = 20
"""Connections to the new side below which a share of them means nothing."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of one side's connections between two looks. `bad` None: nobody reads its answers."""

    asked: int = 0
    failed: int = 0
    bad: int | None = None

    @property
    def wrong(self) -> int:
        """Give what failed or was answered by 5xx, at most what was asked."""
        return min(self.asked, self.failed + (self.bad or 0))

    @property
    def share(self) -> float:
        """Give the part that failed or was answered by 5xx."""
        return self.wrong / self.asked if self.asked else 0.0


def counted(before: Iterable[Monitored], now: Iterable[Monitored], backends: Collection[Backend]) -> Counted | None:
    """Give what came between two looks to these backends; None where a counter began anew meanwhile."""
    was: Mapping[Backend, Monitored] = {row.backend: row for row in before}
    asked, failed, bad = 0, 0, list[int]()
    for row in now:
        if row.backend not in backends:
            continue
        earlier = was.get(row.backend, Monitored(row.backend, 0, 0, 0))
        grown = (row.asked - earlier.asked, row.failed - earlier.failed, (row.bad or 0) - (earlier.bad or 0))
        if min(grown) < 0:
            return None
        asked, failed = asked + grown[0], failed + grown[1]
        bad += [grown[2]] if row.bad is not None else []
    return Counted(asked, failed, sum(bad) if bad else None)


def monitored(
    limits: Limits, new: Counted | None, old: Counted | None, newest: Counted | None = None
) -> tuple[Ruling, Message]:
    """Give the opinion of a few looks. Too few connections, or counters that began anew, are no reason to hold.

    `newest` is what came since the look before: only what still goes wrong aborts, since the looks overlap. Without
    connections to the old side nobody can say that the new one is worse: what is above the limit of an abort then holds.
    """
    if new is None or old is None:
        return Ruling.PASS, say("judge.balancer-anew")
    if new.asked < FEW:
        return Ruling.PASS, say("judge.balancer-few", asked=new.asked)
    return _ruling(limits, new, old, new if newest is None else newest), say(
        "judge.balancer",
        asked=new.asked,
        failed=new.failed,
        bad=new.bad,
        share=100 * new.share,
        old=100 * old.share if old.asked >= FEW else None,
    )


def _ruling(limits: Limits, new: Counted, old: Counted, newest: Counted) -> Ruling:
    if old.asked < FEW:
        return Ruling.HOLD if exceeds(new.wrong, new.asked, 0, 0, limits.abort) else Ruling.PASS
    if exceeds(new.wrong, new.asked, old.wrong, old.asked, limits.abort) and newest.share - old.share > limits.abort:
        return Ruling.ABORT
    return Ruling.HOLD if exceeds(new.wrong, new.asked, old.wrong, old.asked, limits.hold) else Ruling.PASS
