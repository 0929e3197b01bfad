"""What the judge looks at: the counts of both sides, of each new gateway and of each listener, over one window. Pure sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Delta, Listened, Rate


@dataclass(frozen=True, slots=True)
class Window:
    """Both sides' counts over the same seconds, each new gateway's, and each listener's of both sides.

    `slow_over` is the limit in seconds that was measured. A side whose counts nobody has is a Rate without requests.
    """

    new: Rate = Rate()
    old: Rate = Rate()
    gateways: tuple[tuple[str, Rate], ...] = ()
    slow_over: float | None = None
    listeners: tuple[tuple[str, Rate, Rate], ...] = ()


def window(deltas: Iterable[Delta], end: float, length: float, timed: float | None = None) -> Window:
    """Add up what ended in (end - length, end]; what was slow over `timed` seconds, where that is another length."""
    known = tuple(deltas)
    found = _window([d for d in known if end - length < d.at <= end])
    if timed is None or timed == length:
        return found
    slow = _window([d for d in known if end - timed < d.at <= end])
    times = dict(slow.gateways)
    return replace(
        found,
        new=_timed(found.new, slow.new),
        old=_timed(found.old, slow.old),
        gateways=tuple((name, _timed(rate, times[name])) for name, rate in found.gateways),
        slow_over=slow.slow_over,
    )


def sides(deltas: Iterable[Delta], side: Side, start: float, end: float) -> Rate:
    """Add up one side's deltas that ended in (start, end]."""
    return added([d for d in deltas if d.side is side and start < d.at <= end])


def added(deltas: Sequence[Delta]) -> Rate:
    """Add deltas up. What one of them does not count is unknown, but for slow answers: those are of what was timed."""
    classes = [d.classes for d in deltas]
    counted = [each for each in classes if each is not None]
    whole = bool(counted) and len(counted) == len(classes)
    return Rate(
        requests=sum(d.requests for d in deltas),
        bad=sum(d.bad for d in deltas),
        slow=_known(d.slow for d in deltas),
        timed=_known(d.timed for d in deltas),
        client=sum(each.client for each in counted) if whole else None,
        own=_whole(each.own for each in counted) if whole else None,
        broken=_whole(each.broken for each in counted) if whole else None,
        connections=_whole(d.accepted for d in deltas),
        live=_live(deltas),
    )


def _live(deltas: Sequence[Delta]) -> int | None:
    """Give the connections that were open at the end: each gateway's newest count."""
    newest = {d.gateway: d for d in sorted(deltas, key=lambda d: d.at)}
    return _whole(d.connections for d in newest.values())


def _window(deltas: Sequence[Delta]) -> Window:
    by_gateway: dict[str, list[Delta]] = {}
    for delta in deltas:
        if delta.side is Side.NEW:
            by_gateway.setdefault(delta.gateway, []).append(delta)
    old = [d for d in deltas if d.side is Side.OLD]
    new = [d for d in deltas if d.side is Side.NEW]
    return Window(
        added(new),
        added(old),
        tuple((name, added(rows)) for name, rows in sorted(by_gateway.items())),
        next((d.slow_over for d in deltas if d.slow_over), None),
        _listeners(new, old),
    )


def _listeners(new: Sequence[Delta], old: Sequence[Delta]) -> tuple[tuple[str, Rate, Rate], ...]:
    """Give the listeners that both sides have, where there are several: a single one is the side itself."""
    ours, theirs = _by_listener(new), _by_listener(old)
    if len(ours) < 2:
        return ()
    return tuple((name, ours[name], theirs[name]) for name in sorted(ours.keys() & theirs.keys()))


def _by_listener(deltas: Sequence[Delta]) -> dict[str, Rate]:
    rows: dict[str, list[Listened]] = {}
    for delta in deltas:
        for part in delta.classes.listeners if delta.classes else ():
            rows.setdefault(part.listener, []).append(part)
    connections, live = _whole(d.accepted for d in deltas), _live(deltas)
    return {
        name: Rate(
            requests=sum(part.requests for part in parts),
            client=sum(part.client for part in parts),
            own=_whole(part.own for part in parts),
            connections=connections,
            live=live,
        )
        for name, parts in rows.items()
    }


def _timed(rate: Rate, of: Rate) -> Rate:
    return replace(rate, slow=of.slow, timed=of.timed)


def _known(counts: Iterable[int | None]) -> int | None:
    """Give the sum of those that are known; None where none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _whole(counts: Iterable[int | None]) -> int | None:
    """Give the sum; None where there is none, or one is unknown."""
    found = list(counts)
    return None if not found or None in found else sum(count for count in found if count is not None)
