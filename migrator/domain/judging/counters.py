"""From raw counters to what happened between two readings. A restarted gateway starts anew; nothing is ever negative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Delta, Listened, Observed, Reading, Unit


def deltas(before: Mapping[str, Reading], after: Iterable[Reading]) -> list[Delta]:
    """Give one delta per gateway that has an earlier reading; without one, or after a restart, the counters start at 0.

    A gateway first seen *now* gives no delta: what it counted before we looked is not what happened while we looked.
    """
    return [
        _delta(before[now.gateway], now) for now in after if now.gateway in before and now.at > before[now.gateway].at
    ]


def _delta(was: Reading, now: Reading) -> Delta:
    restarted = now.epoch != was.epoch or now.requests < was.requests
    bad = max(0, now.bad - (0 if restarted else was.bad))
    return Delta(
        now.gateway,
        now.side,
        now.at,
        now.at - was.at,
        now.requests - (0 if restarted else was.requests),
        bad,
        _grown(was.slow, now.slow, restarted),
        _grown(was.accepted, now.accepted, restarted),
        now.slow_over,
        _grown(was.timed, now.timed, restarted),
        now.active,
        classes_between(None if restarted else was.classes, now.classes),
        now.connections,
    )


def classes_between(was: Classes | None, now: Classes | None) -> Classes | None:
    """Give what was counted by class since. What came back from behind is the rest of the 4xx: it is the gateway's own.

    Growth is taken cluster by cluster: one that was removed meanwhile takes its counter with it.
    """
    if now is None:
        return None
    before = was or Classes(0)
    client = max(0, now.client - before.client)
    listeners = {part.listener: part for part in before.listeners}
    own = _grown(before.own, now.own, restarted=False)
    if now.upstream is not None:
        earlier = dict(before.upstream or ())
        passed_on = sum(max(0, count - earlier.get(name, 0)) for name, count in now.upstream)
        own = max(own or 0, client - passed_on, 0)
    return Classes(
        client,
        own,
        _grown(before.broken, now.broken, restarted=False),
        None,
        tuple(_heard(listeners.get(part.listener), part) for part in now.listeners),
    )


def _heard(was: Listened | None, now: Listened) -> Listened:
    if was is None:
        return now
    return Listened(
        now.listener,
        max(0, now.requests - was.requests),
        max(0, now.client - was.client),
        _grown(was.own, now.own, restarted=False),
    )


def _grown(was: int | None, now: int | None, restarted: bool) -> int | None:
    if now is None:
        return None
    return now if restarted or was is None else max(0, now - was)


def observed(of: Iterable[Delta], since: float, source: str, requests: bool = False) -> Observed | None:
    """Add up the new connections (or the requests) of both sides since a moment; None when a gateway does not count them."""
    chosen = [d for d in of if d.at - d.interval >= since]
    if chosen and requests:
        answered = sum(d.requests for d in chosen if d.side is Side.NEW)
        return Observed(answered, sum(d.requests for d in chosen), source, Unit.REQUESTS)
    if not chosen or any(d.accepted is None for d in chosen):
        return None
    new = sum(d.accepted or 0 for d in chosen if d.side is Side.NEW)
    return Observed(new, sum(d.accepted or 0 for d in chosen), source)
