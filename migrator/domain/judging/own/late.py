"""What a cloud's monitoring says of a balancer, minutes late: an opinion that may hold or abort, and never passes. Pure.

A period is evidence once the one after it is over too (its figures are whole then), and only where it began after the
weights stood. Figures of one side are compared with the other's; those of both sides together, with what they were before:
nobody can say whose they are, so they hold and never turn back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrator.domain.balancers.monitoring import Reported
from migrator.domain.judging.breaches import exceeds
from migrator.domain.judging.own.monitored import FEW
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

SILENT = 360.0
"""Seconds of a share after which a monitoring that says nothing of it holds: three times what is usual, and a period."""

Said = tuple[Ruling, Message]


@dataclass(frozen=True, slots=True)
class Sum:
    """What parts say together: backends by their newest figure, the rest added up. None: no part has such a figure."""

    healthy: int | None
    unhealthy: int | None
    asked: int | None
    failed: int | None
    bad: int | None

    @property
    def wrong(self) -> int:
        """Give what failed or was answered by 5xx, at most what was asked."""
        return min(self.asked or 0, (self.failed or 0) + (self.bad or 0))


def late(limits: Limits, reported: Iterable[Reported], now: float, stood: float) -> Said:
    """Give the opinion at `now` (Unix seconds), when the weights have stood for `stood` seconds."""
    whole = [row for row in reported if row.at + 2 * row.period <= now]
    share = [row for row in whole if row.at >= now - stood]
    if not share:
        return _not_yet(whole, now, stood)
    said, before = figures(share, now), [row for row in whole if row.at < now - stood]
    return next(_against(limits, share, before, said), (Ruling.PASS, say("judge.late", figures=said)))


def sided(reported: Iterable[Reported], addresses: Mapping[Side, Collection[str]]) -> tuple[Reported, ...]:
    """Give the rows with the side of each single backend, by its address; one that both sides or nobody has is left out."""

    def side_of(address: str) -> Side | None:
        sides = [side for side, known in addresses.items() if address in known]
        return sides[0] if len(sides) == 1 else None

    rows = [replace(row, side=side_of(row.backend.address)) if row.backend else row for row in reported]
    return tuple(row for row in rows if row.backend is None or row.side is not None)


def figures(rows: Sequence[Reported], now: float) -> Message:
    """Give what people are shown: of each side, of both together, and how old the newest of it is."""
    new, old, both = (_said(summed(rows, side)) for side in (Side.NEW, Side.OLD, None))
    return say("judge.late-figures", new=new, old=old, both=both, age=now - max(row.at + row.period for row in rows))


def summed(rows: Iterable[Reported], side: Side | None) -> Sum:
    """Give what the rows of one side say together; None: those of both sides."""
    mine = sorted((row for row in rows if row.side is side), key=lambda row: row.at)
    newest = {row.part: row for row in mine if row.healthy is not None or row.unhealthy is not None}
    return Sum(
        _added(row.healthy for row in newest.values()),
        _added(row.unhealthy for row in newest.values()),
        _added(row.asked for row in mine),
        _added(row.failed for row in mine),
        _added(row.bad for row in mine),
    )


def _added(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _not_yet(whole: Sequence[Reported], now: float, stood: float) -> Said:
    if stood > SILENT:
        return Ruling.HOLD, say("judge.late-silent", seconds=stood)
    if whole:
        return Ruling.TOO_FEW, say("judge.late-before", figures=figures(whole, now))
    return Ruling.TOO_FEW, say("judge.late-none")


def _against(limits: Limits, share: Sequence[Reported], before: Sequence[Reported], said: Message) -> Iterator[Said]:
    """Give what speaks against going on, the gravest first."""
    new, both, was = summed(share, Side.NEW), summed(share, None), summed(before, None)
    newest = sorted({row.at for row in share if row.side is Side.NEW})[-2:]
    periods = [[row for row in share if row.at == at] for at in newest]
    if len(periods) == 2 and all(_worse(rows, limits.abort) for rows in periods):
        yield Ruling.ABORT, say("judge.late-worse", figures=said)
    if _worse(share, limits.hold):
        yield Ruling.HOLD, say("judge.late-worse", figures=said)
    if new.unhealthy or new.healthy == 0:
        yield Ruling.HOLD, say("judge.late-unhealthy", figures=said)
    if _grown(both, was, limits.hold):
        yield Ruling.HOLD, say("judge.late-more", figures=said)


def _worse(rows: Sequence[Reported], limit: float) -> bool:
    """Say whether clearly more goes wrong on the new side than on the old one."""
    new, old = summed(rows, Side.NEW), summed(rows, Side.OLD)
    asked = new.asked or 0
    return asked >= FEW and exceeds(new.wrong, asked, old.wrong, old.asked or 0, limit)


def _grown(both: Sum, was: Sum, limit: float) -> bool:
    """Say whether clearly more goes wrong with both sides together than before, or more backends are unhealthy."""
    if both.unhealthy is not None and was.unhealthy is not None and both.unhealthy > was.unhealthy:
        return True
    asked = both.asked or 0
    return asked >= FEW and exceeds(both.wrong, asked, was.wrong, was.asked or 0, limit)


def _said(of: Sum) -> Message | None:
    backends = None if of.healthy is None else say("judge.late-healthy", healthy=of.healthy)
    unhealthy = None if of.unhealthy is None else say("judge.late-sick", unhealthy=of.unhealthy)
    failed = None if of.failed is None else say("judge.late-failed", failed=of.failed)
    bad = None if of.bad is None else say("judge.late-bad", bad=of.bad)
    asked = None if of.asked is None else say("judge.late-asked", asked=of.asked)
    known = tuple(each for each in (backends, unhealthy, failed, bad, asked) if each is not None)
    return say("judge.late-side", figures=known) if known else None
