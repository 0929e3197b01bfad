"""What the balancer's own counters say of the new side beside the old: an opinion, which never makes a verdict better. Pure.

The plan's limits of the error rate hold for it: how much more fails on the new side than on the old one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

FEW = 20
"""Connections to the new side below which a share of them means nothing."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of one side's connections between two looks."""

    asked: int = 0
    failed: int = 0
    bad: int = 0

    @property
    def share(self) -> float:
        """Give the part that failed or was answered by 5xx."""
        return min(1.0, (self.failed + self.bad) / self.asked) if self.asked else 0.0


def counted(before: Iterable[Monitored], now: Iterable[Monitored], addresses: Collection[str]) -> Counted | None:
    """Give what came between two looks to backends at these addresses; None where a counter began anew meanwhile."""
    was: Mapping[Backend, Monitored] = {row.backend: row for row in before}
    asked = failed = bad = 0
    for row in now:
        if row.backend.address not in addresses:
            continue
        earlier = was.get(row.backend, Monitored(row.backend, 0, 0, 0))
        grown = (row.asked - earlier.asked, row.failed - earlier.failed, (row.bad or 0) - (earlier.bad or 0))
        if min(grown) < 0:
            return None
        asked, failed, bad = asked + grown[0], failed + grown[1], bad + grown[2]
    return Counted(asked, failed, bad)


def monitored(limits: Limits, new: Counted | None, old: Counted | None) -> tuple[Ruling, Message]:
    """Give the opinion. Too few connections, or counters that began anew, are no reason to hold: others judge, too."""
    if new is None or old is None:
        return Ruling.PASS, say("judge.balancer-anew")
    if new.asked < FEW:
        return Ruling.PASS, say("judge.balancer-few", asked=new.asked)
    worse = new.share - old.share
    ruling = Ruling.ABORT if worse > limits.abort else Ruling.HOLD if worse > limits.hold else Ruling.PASS
    return ruling, say(
        "judge.balancer",
        asked=new.asked,
        failed=new.failed,
        bad=new.bad,
        share=100 * new.share,
        old=100 * old.share,
    )
