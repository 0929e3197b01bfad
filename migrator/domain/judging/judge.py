"""The judge: counts in, one verdict out. Pure; a missing number is never good news, and no counts make it raise.

A breach needs the *lower* confidence bound of the new side's excess (new minus old, and new alone against the absolute
ceiling) above the limit and at least 3 bad answers. An abort needs two consecutive breaches (the window now and the one a
second look earlier) and 20 requests. Both sides equally bad is a shared failure: hold and say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migrator.domain.judging import classes, latency
from migrator.domain.judging.breaches import Breach, exceeds
from migrator.domain.judging.limits import MIN_BAD, MIN_TO_ABORT, STALE, Z
from migrator.domain.judging.share_test import wilson
from migrator.domain.judging.window import Window, window
from migrator.domain.judging.words import both, counts, slow
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Delta, Rate, Ruling, Source, Verdict
from migrator.domain.model.spec import JudgeSpec, Limits, ScrapeSpec


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the judge sees: deltas of the recent past (any order), monotonic now, and the baseline for 100 %.

    `mix` is the newest of the longer windows by which 4xx are judged (None: none is full yet); `before` the new side's
    own counts at the share before, to which its mix of classes is compared once the old side has no weight; None until then.
    """

    deltas: tuple[Delta, ...]
    now: float
    baseline: Rate = Rate()
    mix: Window | None = None
    before: Rate | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a ruling follows from: the window now, the one a second look earlier, the window of the mix, the mix before.

    `brief` are pairs of shorter windows, one after the other, the newer first: in these alone a collapse is told sooner.
    """

    window: Window
    second: Window
    mix: Window | None = None
    before: Rate | None = None
    brief: tuple[tuple[Window, Window], ...] = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling with its reason, and the gateways that are to blame."""

    ruling: Ruling
    reason: Message
    gateways: tuple[str, ...] = ()


def judge(spec: JudgeSpec, evidence: Evidence) -> Verdict:
    """Give the verdict of the counters (source `gateways`) for the window that ends now."""
    scrape = spec.scrape
    if scrape is None:
        return Verdict(Ruling.NO_DATA, say("judge.no-scrape"), Source.GATEWAYS)
    newest = _newest(evidence.deltas)
    if newest is None or evidence.now - newest.at > STALE * max(scrape.interval, newest.interval):
        return Verdict(Ruling.NO_DATA, _age(newest, evidence.now), Source.GATEWAYS)
    now, second = (_look(spec, scrape, evidence, end) for end in (newest.at, _earlier(newest, scrape)))
    brief = tuple(_briefly(scrape, evidence, newest))
    said = ruling(spec, Seen(now, second, evidence.mix, evidence.before, brief))
    fresh = sum(d.requests for d in evidence.deltas if d.side is Side.NEW and d.at == newest.at)
    verdict = Verdict(
        said.ruling, said.reason, Source.GATEWAYS, now.new, now.old, said.gateways, newest.interval, newest.at, fresh
    )
    return _caught_up(verdict, evidence.deltas, newest, spec.latency.flush) if spec.latency else verdict


def _caught_up(verdict: Verdict, deltas: Sequence[Delta], newest: Delta, flush: float) -> Verdict:
    """Let a pass speak only for what the histograms have caught up with; where they are silent, nobody can say."""
    found = latency.covered(deltas, flush)
    if verdict.ruling is not Ruling.PASS or found is None:
        return verdict
    if latency.is_behind(found, newest, flush):
        silent = say("judge.histogram-silent", seconds=newest.at - found.until)
        return replace(verdict, ruling=Ruling.NO_DATA, reason=silent)
    return replace(verdict, interval=found.until - found.since, sample_at=found.until, sample_requests=found.requests)


def _newest(deltas: Sequence[Delta]) -> Delta | None:
    return max((d for d in deltas if d.side is Side.NEW), key=lambda d: d.at, default=None)


def _earlier(newest: Delta, scrape: ScrapeSpec) -> float:
    """Give when the second look was: midway after the sample that is one second look older than the newest.

    Samples come some milliseconds early or late. Cut exactly, one that came late would not count, and bad answers would
    be sent for a second more.
    """
    return newest.at - scrape.second_look + min(scrape.second_look, newest.interval) / 2


def _briefly(scrape: ScrapeSpec, evidence: Evidence, newest: Delta) -> Iterator[tuple[Window, Window]]:
    """Give pairs of windows without a common sample that lie in the judge's own: of one second look each, of two, and so on."""
    half = min(scrape.second_look, newest.interval) / 2
    length = scrape.second_look
    while 0 < 2 * length < scrape.window:
        ends = newest.at, newest.at - length + half
        starts = ends[1], newest.at - 2 * length + half
        late, early = (window(evidence.deltas, end, end - start) for start, end in zip(starts, ends, strict=True))
        yield late, early
        length += scrape.second_look


def _age(newest: Delta | None, now: float) -> Message:
    return say("judge.sample-old", age=now - newest.at) if newest else say("judge.no-sample")


def _look(spec: JudgeSpec, scrape: ScrapeSpec, evidence: Evidence, end: float) -> Window:
    timed = latency.window(scrape.window, spec.latency.flush) if spec.latency else None
    found = window(evidence.deltas, end, scrape.window, timed)
    return found if found.old.requests else replace(found, old=evidence.baseline)


def ruling(spec: JudgeSpec, seen: Seen) -> Ruled:
    """Give the ruling: the gravest that is proved."""
    now, second = seen.window, seen.second
    if now.new.requests <= 0:
        return Ruled(Ruling.TOO_FEW, say("judge.no-request"))
    if sooner := [
        each for late, early in seen.brief for each in classes.collapsed_twice(spec, late, early, seen.before)
    ]:
        return Ruled(Ruling.ABORT, sooner[0].reason, _named(sooner))
    breaches = [*breached(spec, now, "abort"), *classes.collapsed(spec, now, seen.before)]
    before = [*breached(spec, second, "abort"), *classes.collapsed(spec, second, seen.before)]
    if breaches and before and _enough(now, breaches):
        return Ruled(Ruling.ABORT, breaches[0].reason, _named(breaches))
    if shared := _shared(spec, now):
        return Ruled(Ruling.SHARED, shared)
    if holds := breaches or breached(spec, now, "hold") or classes.jumped(spec, now, seen.mix, seen.before):
        return Ruled(Ruling.HOLD, holds[0].reason, _named(holds))
    return Ruled(Ruling.PASS, both(now))


def _named(breaches: Sequence[Breach]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(breach.who for breach in breaches if breach.who))


def _enough(window: Window, breaches: Sequence[Breach]) -> bool:
    by_name = dict(window.gateways)
    return any((by_name[b.who] if b.who else window.new).requests >= MIN_TO_ABORT for b in breaches)


def breached(spec: JudgeSpec, window: Window, limit: str) -> list[Breach]:
    """Give every breach of the window at the `hold` or `abort` limits: of the side, then of each gateway."""
    subjects, old, said = [("", window.new), *window.gateways], window.old, []
    for who, rate in subjects:
        if exceeds(rate.bad, rate.requests, old.bad, old.requests, _at(spec.error_rate, limit)):
            said.append(_breach(who, counts(rate.bad, rate), counts(old.bad, old)))
        if too_slow := _too_slow(spec, window, who, rate, limit):
            said.append(too_slow)
        if classes.own_breached(spec.classes, rate, old, _at(spec.error_rate, limit), sure=limit == "abort"):
            said.append(_breach(who, classes.own(rate), classes.own(old)))
    return said


def _too_slow(spec: JudgeSpec, window: Window, who: str, rate: Rate, limit: str) -> Breach | None:
    """Compare slow answers with what the same histograms have timed: the counters of answers are ahead of those."""
    if spec.latency is None or rate.slow is None:
        return None
    old, over = window.old, window.slow_over or spec.latency.over
    if not exceeds(rate.slow, _timed(rate), old.slow or 0, _timed(old), _at(spec.latency.limits, limit)):
        return None
    return _breach(who, slow(rate, over), slow(old, over))


def _timed(rate: Rate) -> int:
    return rate.requests if rate.timed is None else rate.timed


def _breach(who: str, new: Message, old: Message) -> Breach:
    return Breach(
        who, say("judge.bad-gateway", gateway=who, new=new, old=old) if who else say("judge.bad", new=new, old=old)
    )


def _at(limits: Limits, limit: str) -> float:
    return limits.abort if limit == "abort" else limits.hold


def _shared(spec: JudgeSpec, window: Window) -> Message | None:
    """Say that both sides are bad alike: their backends, not the new gateways, are to blame."""
    old, new = window.old, window.new
    if not old.requests or old.bad < MIN_BAD or new.bad < MIN_BAD:
        return None
    if wilson(old.bad, old.requests, Z)[0] <= spec.error_rate.abort:
        return None
    return say("judge.shared", new=counts(new.bad, new), old=counts(old.bad, old))
