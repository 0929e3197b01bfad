"""The judge's mix of classes: answers other than 2xx and 3xx, apart from the 5xx, which have limits of their own.

The two sides do not have the same clients: new connections bring scanners and first visits, while pooled clients that are
logged in stay on the old side. So a share of 4xx alone proves nothing against a gateway. What scanners do they do on both
sides alike, counted by *new connection*: only what exceeds that, too, is the gateway's own doing. The rest holds, and is for
a comparison of answers to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from migrator.domain.judging.breaches import Breach, exceeds
from migrator.domain.judging.limits import MIN_BAD, Z_BRIEF, Z
from migrator.domain.judging.share_test import wilson
from migrator.domain.judging.window import Window
from migrator.domain.judging.words import percent
from migrator.domain.messages.message import Message, say
from migrator.domain.model.samples import Rate, Verdict
from migrator.domain.model.spec import ClassesSpec, JudgeSpec

BY_CONNECTION = 3.0
"""Refused requests by new connection that are this many times the old side's are not the clients' doing."""

WHOLE = 0.75
"""In the newer of two short windows only a side that refuses almost all collapses; in the older it may have just begun."""

COMPARE = frozenset({"judge.collapse-unsure", "judge.mix-jumped"})
"""Reasons of a hold that only a comparison of both sides' answers can settle."""


def needs_comparison(verdict: Verdict | None) -> bool:
    """Say whether the 4xx have jumped in a way that counters cannot explain: the sides' answers should be compared."""
    return verdict is not None and verdict.reason.code in COMPARE


@dataclass(frozen=True, slots=True)
class _Compared:
    """One subject: the new side (both names ""), a gateway or a listener, and what it is compared with."""

    gateway: str
    listener: str
    new: Rate
    like: Rate


def collapsed(
    spec: JudgeSpec, window: Window, before: Rate | None, z: float = Z, emptied: bool = False
) -> list[Breach]:
    """Give every subject that answers mostly with errors, and so much more than the old side that no clients explain it.

    `emptied`: only those of which many new connections got nothing else (`_is_emptied`).
    """
    return [
        Breach(each.gateway, say("judge.collapse", **_refused(each)))
        for each in _subjects(window, before)
        if _collapses(spec.classes, each, z)
        and (not emptied or _is_emptied(spec.classes, each.new))
        and _more(spec.classes, each.new.useless, each.new, each.like.useless, each.like, z) is True
    ]


def collapsed_twice(spec: JudgeSpec, late: Window, early: Window, before: Rate | None) -> list[Breach]:
    """Give what collapsed in both of two short windows that have no sample in common.

    A collapse that has just begun is half of a long window for as long as that is, though it is all of the newest sample. Each
    window needs what a long one needs (requests, connections, more than clients explain), by a stricter bound, for there are
    more of them; and as many *new* connections of both sides: a scanner's burst that one side alone gets by chance is no
    collapse. With too little traffic for that in so short a time the long windows decide.
    """
    if _few_connections(spec, late, early):
        return []
    was = {each.who for each in collapsed(spec, early, before, Z_BRIEF)}
    return [each for each in _wholly(spec, late, before) if each.who in was] if was else []


def collapsing(spec: JudgeSpec, late: Window, early: Window, before: Rate | None) -> list[Breach]:
    """Give what has wholly collapsed in the late of two windows without a common sample, and had begun to in the early one.

    A scrape comes seldom, and a collapse begins somewhere between two: of the early window any jump is enough that clients do
    not explain. The late one needs what a short window needs in `collapsed_twice`.
    """
    if _few_connections(spec, late, early):
        return []
    was = {
        each.gateway
        for each in _jumped(spec, early, before)
        if _more(spec.classes, each.new.useless, each.new, each.like.useless, each.like)
    }
    return [each for each in _wholly(spec, late, before) if each.who in was] if was else []


def begun(spec: JudgeSpec, window: Window) -> bool:
    """Say whether the new side answers so much more often with errors than the old one that it is no chance."""
    return bool(_jumped(spec, window, None))


def _jumped(spec: JudgeSpec, window: Window, before: Rate | None) -> list[_Compared]:
    return [
        each
        for each in _subjects(window, before)
        if each.new.useless is not None
        and each.like.useless is not None
        and exceeds(each.new.useless, each.new.requests, each.like.useless, each.like.requests, spec.classes.jump)
    ]


def _few_connections(spec: JudgeSpec, *windows: Window) -> bool:
    """Say whether a side has too few new connections in one of the windows: what it then gets may be chance."""
    return any(
        (side.connections or 0) < spec.classes.min_connections for each in windows for side in (each.new, each.old)
    )


def _wholly(spec: JudgeSpec, late: Window, before: Rate | None) -> list[Breach]:
    strict = replace(spec, classes=replace(spec.classes, collapse=max(spec.classes.collapse, WHOLE)))
    return collapsed(strict, late, before, Z_BRIEF, emptied=True)


def _is_emptied(limits: ClassesSpec, new: Rate) -> bool:
    """Say whether many new connections got nothing but errors: each of the others had a good answer at least.

    A few scanners that ask hundreds of times on a connection each may all come to one side in so short a time; counted by the
    average of all connections they look like many.
    """
    good = new.requests - (new.useless or 0)
    return (new.connections or 0) - good >= limits.min_connections


def collapsed_unseen(spec: JudgeSpec, window: Window, earlier: Window, before: Rate | None) -> list[Breach]:
    """Give what collapsed in two windows that do not overlap, where nobody counts connections: then only time can tell.

    Whoever counts connections says more (`collapsed`), and so does a comparison of both sides' answers.
    """
    found = [each for each in _subjects(window, before) if _served(each.new) is None and _collapses(spec.classes, each)]
    was = {each.gateway for each in _subjects(earlier, before) if _collapses(spec.classes, each)}
    return [Breach(each.gateway, say("judge.collapse", **_refused(each))) for each in found if each.gateway in was]


def jumped(spec: JudgeSpec, window: Window, mix: Window | None, before: Rate | None) -> list[Breach]:
    """Give what counters alone cannot settle: a collapse that clients may explain, and any other jump of 4xx.

    Jumps are looked for in `mix`, a window of its own length: a burst of a scanner must not hold a run at every look.
    """
    unsure = [each for each in _subjects(window, before) if _collapses(spec.classes, each)]
    jumps = [each for each in _subjects(mix, before) if _jumps(spec.classes, each)] if mix else []
    return [
        *(Breach(e.gateway, say("judge.collapse-unsure", **_refused(e))) for e in unsure),
        *(Breach(e.gateway, say("judge.mix-jumped", **_refused(e))) for e in jumps),
        *(_broken(spec.classes, mix) if mix else ()),
    ]


def own_breached(limits: ClassesSpec, new: Rate, like: Rate, limit: float, sure: bool) -> bool:
    """Say whether the gateway itself refuses more than it may: what has no route on one side only is missing there.

    `sure`: only where the clients do not explain it, since scanners ask for hosts that no side has.
    """
    if new.own is None or like.own is None or not exceeds(new.own, new.requests, like.own, like.requests, limit):
        return False
    by_connection = _more(limits, new.own, new, like.own, like)
    return by_connection is True or (by_connection is None and not sure)


def own(rate: Rate) -> Message:
    """Say how many answers the gateway itself made."""
    count = rate.own or 0
    return say("judge.own-counts", count=count, requests=rate.requests, share=percent(count, rate.requests))


def _subjects(window: Window, before: Rate | None) -> Iterator[_Compared]:
    """Give what is compared with what: where the old side has no weight any more, with the new side's mix `before`."""
    like = window.old if before is None else before
    yield _Compared("", "", window.new, like)
    for name, rate in window.gateways:
        yield _Compared(name, "", rate, like)
    for name, new, old in window.listeners if before is None else ():
        yield _Compared("", name, new, old)


def _collapses(limits: ClassesSpec, each: _Compared, z: float = Z) -> bool:
    new, like = each.new, each.like
    if new.useless is None or like.useless is None or new.requests < limits.min_requests:
        return False
    served = _served(new)
    if served is not None and served < limits.min_connections:
        return False
    low, high = wilson(new.useless, new.requests, z)[0], wilson(like.useless, like.requests, z)[1]
    return low > limits.collapse and low > limits.times * high


def _more(
    limits: ClassesSpec, count: int | None, new: Rate, old_count: int | None, old: Rate, z: float = Z
) -> bool | None:
    """Say whether new has more by connection than clients explain; None where the connections are not counted.

    Of the old side the new connections alone count: its pooled clients are not those that scan. Where it has none of them
    in the window, nobody scans. With equal rates new's part of all is its part of the connections (the conditional test of
    two Poisson rates); what comes on one connection comes from one client, so connections are counted and not requests.
    """
    ours, theirs = _served(new), old.connections or old.live
    if count is None or old_count is None or not ours or not theirs or ours < limits.min_connections:
        return None
    on_each = max(1.0, count / ours, old_count / theirs)
    expected = BY_CONNECTION * ours / (BY_CONNECTION * ours + theirs)
    return wilson(count / on_each, (count + old_count) / on_each, z)[0] > expected


def _served(rate: Rate) -> int | None:
    """Give the connections on which these answers can have been given: those that came, and those that are open."""
    if rate.connections is None and rate.live is None:
        return None
    return (rate.connections or 0) + (rate.live or 0)


def _jumps(limits: ClassesSpec, each: _Compared) -> bool:
    new, like = each.new, each.like
    if new.client is None or like.client is None or new.requests < limits.min_requests or not like.requests:
        return False
    return exceeds(new.client, new.requests, like.client, like.requests, limits.jump)


def _broken(limits: ClassesSpec, mix: Window) -> Iterator[Breach]:
    """Give the sides and gateways that end more requests without an answer than the old side, by the same limit."""
    old = mix.old
    for name, new in (("", mix.new), *mix.gateways):
        if new.broken is None or old.broken is None or new.broken < MIN_BAD:
            continue
        if exceeds(new.broken, new.requests + new.broken, old.broken, old.requests + old.broken, limits.jump):
            yield Breach(name, say("judge.broken", gateway=name, new=_ended(new), old=_ended(old)))


def _ended(rate: Rate) -> Message:
    return say("judge.broken-counts", count=rate.broken or 0, answered=rate.requests)


def _refused(each: _Compared) -> dict[str, Message | str]:
    return {"gateway": each.gateway, "listener": each.listener, "new": _counts(each.new), "old": _counts(each.like)}


def _counts(rate: Rate) -> Message:
    count = rate.useless or 0
    return say("judge.refused-counts", count=count, requests=rate.requests, share=percent(count, rate.requests))
