"""What a cloud's monitoring says of a balancer, minutes late: an opinion that may hold or abort, and never passes. Pure.

A period is evidence once the one after it is over too (its figures are whole then), and only where it began after the
weights stood. Figures of one side are compared with the other's; those of both sides together, with what they were before:
nobody can say whose they are, so they hold and never turn back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrator.domain.balancers.monitoring import Reported
from migrator.domain.judging.breaches import exceeds
from migrator.domain.judging.own.monitored import FEW
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Ruling
from migrator.domain.model.spec.judging import Limits

SILENT = 360.0
"""Seconds of a share after which a monitoring that says nothing of it holds: three times what is usual, and a period."""

MINUTE = 60.0
"""Of a usual period; with longer ones a monitoring is silent for as much longer before it holds."""

BACK = 15
"""So many periods of figures are remembered: as many as the drivers ask for."""

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


NOTHING = Sum(None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered beyond the minutes that a monitoring gives: the old side's figures while it was asked, and those of
    both sides from before the share."""

    old: tuple[Reported, ...] = ()
    before: tuple[Reported, ...] = ()


EMPTY = Kept()


def late(
    limits: Limits, reported: Iterable[Reported], now: float, stood: float, known: Kept = EMPTY, alone: bool = False
) -> Said:
    """Give the opinion at `now` (Unix seconds), when the weights have stood for `stood` seconds.

    `alone`: the old side has no weight any more; its gateways may be unhealthy because they were told to go.
    """
    whole = _whole(reported, now)
    share = [row for row in whole if row.at >= now - stood]
    if not share:
        return _not_yet(whole, now, stood)
    known, said = kept(known, whole, now, stood), figures(share, now)
    against = (*_against(limits, share, known, said), *_together(limits, share, known, alone, said))
    return next(iter(sorted(against, key=_gravest)), (Ruling.PASS, say("judge.late", figures=said)))


def kept(was: Kept, reported: Iterable[Reported], now: float, stood: float) -> Kept:
    """Give what is remembered once the monitoring was asked anew."""
    whole = _whole(reported, now)
    return Kept(
        _newest(was.old, (row for row in whole if row.side is Side.OLD and row.asked)),
        _newest(was.before, (row for row in whole if row.side is None and row.at < now - stood)),
    )


def _whole(reported: Iterable[Reported], now: float) -> list[Reported]:
    return [row for row in reported if row.at + 2 * row.period <= now]


def _newest(was: Iterable[Reported], rows: Iterable[Reported]) -> tuple[Reported, ...]:
    """Give the newest rows of both, as many periods of them as a monitoring is asked for."""
    found = {(row.part, row.at): row for row in (*was, *rows)}
    last = max((row.at for row in found.values()), default=0.0)
    return tuple(row for row in found.values() if row.at > last - BACK * row.period)


def sided(reported: Iterable[Reported], whose: Mapping[Backend, Side]) -> tuple[Reported, ...]:
    """Give the rows with the side of each single backend; one that is nobody's is left out."""
    rows = (replace(row, side=whose.get(row.backend)) if row.backend else row for row in reported)
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
    longest = max((row.period for row in whole), default=MINUTE)
    if stood > SILENT * max(1.0, longest / MINUTE):
        return Ruling.HOLD, say("judge.late-silent", seconds=stood)
    if whole:
        return Ruling.TOO_FEW, say("judge.late-before", figures=figures(whole, now))
    return Ruling.TOO_FEW, say("judge.late-none")


def _gravest(said: Said) -> int:
    return (Ruling.ABORT, Ruling.HOLD).index(said[0])


def _against(limits: Limits, share: Sequence[Reported], known: Kept, said: Message) -> Iterator[Said]:
    """Give what the new side's figures say against going on, the gravest first."""
    new, old = summed(share, Side.NEW), _enough(share) or _enough(known.old)
    newest = sorted({row.at for row in share if row.side is Side.NEW})[-2:]
    periods = [[row for row in share if row.at == at] for at in newest]
    if old is None:
        if _exceeds(new, NOTHING, limits.abort):
            yield Ruling.HOLD, say("judge.late-alone", figures=said)
    elif len(periods) == 2 and all(
        _exceeds(summed(rows, Side.NEW), _enough(rows) or old, limits.abort) for rows in periods
    ):
        yield Ruling.ABORT, say("judge.late-worse", figures=said)
    elif _exceeds(new, old, limits.hold):
        yield Ruling.HOLD, say("judge.late-worse", figures=said)
    if new.unhealthy or new.healthy == 0:
        yield Ruling.HOLD, say("judge.late-unhealthy", figures=said)


def _together(limits: Limits, share: Sequence[Reported], known: Kept, alone: bool, said: Message) -> Iterator[Said]:
    """Give what both sides' figures say beside those of before the share; what nobody knew then says nothing now."""
    both, was = summed(share, None), _enough(known.before, None)
    more = not alone and _more_unhealthy(share, known.before)
    if more or (was is not None and _exceeds(both, was, limits.hold)):
        yield Ruling.HOLD, say("judge.late-more", figures=said)


def _enough(rows: Iterable[Reported], side: Side | None = Side.OLD) -> Sum | None:
    """Give what is to be compared with; None where it was asked too little to be."""
    found = summed(rows, side)
    return found if (found.asked or 0) >= FEW else None


def _exceeds(new: Sum, old: Sum, limit: float) -> bool:
    """Say whether clearly more goes wrong than did with what it is compared with."""
    asked = new.asked or 0
    return asked >= FEW and exceeds(new.wrong, asked, old.wrong, old.asked or 0, limit)


def _more_unhealthy(share: Iterable[Reported], before: Iterable[Reported]) -> bool:
    """Say whether more backends are unhealthy than before, by the parts whose health is known of both times."""
    now, was = _unhealthy(share), _unhealthy(before)
    parts = now.keys() & was.keys()
    return sum(now[part] for part in parts) > sum(was[part] for part in parts)


def _unhealthy(rows: Iterable[Reported]) -> dict[str, int]:
    mine = sorted((row for row in rows if row.side is None), key=lambda row: row.at)
    return {row.part: row.unhealthy for row in mine if row.unhealthy is not None}


def _said(of: Sum) -> Message | None:
    backends = None if of.healthy is None else say("judge.late-healthy", healthy=of.healthy)
    unhealthy = None if of.unhealthy is None else say("judge.late-sick", unhealthy=of.unhealthy)
    failed = None if of.failed is None else say("judge.late-failed", failed=of.failed)
    bad = None if of.bad is None else say("judge.late-bad", bad=of.bad)
    asked = None if of.asked is None else say("judge.late-asked", asked=of.asked)
    known = tuple(each for each in (backends, unhealthy, failed, bad, asked) if each is not None)
    return say("judge.late-side", figures=known) if known else None
