"""The judge: counts in, one verdict out. Pure; a missing number is never good news.

A breach needs the *lower* confidence bound of the new side's excess (new minus old, and new alone against the absolute
ceiling) above the limit and at least 3 bad answers. An abort needs two consecutive breaches (the window now and the one a
second look earlier) and 20 requests. Both sides equally bad is a shared failure: hold and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from migrator.domain.judging.share_test import wilson
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Answers, Delta, Rate, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, Limits, ScrapeSpec

MIN_BAD = 3
MIN_TO_ABORT = 20
STALE = 3.0
"""A newest sample older than this many intervals is stale."""

Z = 1.96
"""The usual 95 % interval; two consecutive looks must both be beyond it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the judge sees: deltas of the recent past (any order), monotonic now, and the baseline for 100 %."""

    deltas: tuple[Delta, ...]
    now: float
    baseline: Rate = Rate()


@dataclass(frozen=True, slots=True)
class _Window:
    new: Rate
    old: Rate
    gateways: tuple[tuple[str, Rate], ...]
    slow_over: float | None = None


def judge(spec: JudgeSpec, evidence: Evidence) -> Verdict:
    """Give the verdict of the counters (source `gateways`) for the window that ends now."""
    scrape = spec.scrape
    source = "gateway counters"
    if scrape is None:
        return Verdict(Ruling.NO_DATA, say("judge.no-scrape"), source)
    newest = _newest(evidence.deltas)
    if newest is None or evidence.now - newest.at > STALE * max(scrape.interval, newest.interval):
        return Verdict(Ruling.NO_DATA, _age(newest, evidence.now), source)
    window = _look(evidence, newest.at, scrape.window)
    second = _look(evidence, _earlier(newest, scrape), scrape.window)
    ruling, reason, gateways = _rule(spec, window, second)
    fresh = sum(d.requests for d in evidence.deltas if d.side is Side.NEW and d.at == newest.at)
    return Verdict(ruling, reason, source, window.new, window.old, gateways, newest.interval, newest.at, fresh)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One answer of a second opinion (Prometheus): both sides' counts over its window, asked at monotonic `at`.

    None is *nobody can say* (empty, NaN, stale). `interval` is the seconds since the answer before. `silence` says why
    there was no answer at all.
    """

    at: float
    interval: float
    new: Rate | None
    old: Rate | None
    silence: Message | None = None


def tallied(answers: Answers, said: Opinion) -> Answers:
    """Count one more answer, or its absence."""
    if said.silence:
        return replace(answers, silent=answers.silent + 1, why=said.silence)
    if said.new is None:
        return replace(answers, empty=answers.empty + 1)
    return replace(answers, answered=answers.answered + 1, last_at=said.at)


def opinion(spec: JudgeSpec, answers: Sequence[Opinion], now: float) -> Verdict:
    """Give the verdict of the second opinion from its newest answers, oldest first; an abort needs two of them."""
    source = "Prometheus"
    if spec.prometheus is None or not answers:
        return Verdict(Ruling.NO_DATA, say("judge.prometheus-not-yet"), source)
    last = answers[-1]
    if last.new is None or now - last.at > STALE * spec.prometheus.interval:
        return Verdict(Ruling.NO_DATA, say("judge.prometheus-empty"), source)
    window = _Window(last.new, last.old or Rate(), ())
    before = answers[-2] if len(answers) > 1 else None
    second = _Window(before.new, before.old or Rate(), ()) if before and before.new else _Window(Rate(), Rate(), ())
    ruling, reason, gateways = _rule(spec, window, second)
    fresh = round(last.new.requests * min(1.0, last.interval / spec.prometheus.window))
    return Verdict(ruling, reason, source, window.new, window.old, gateways, last.interval, last.at, fresh)


_GRAVITY = (Ruling.ABORT, Ruling.SHARED, Ruling.HOLD)


def combined(primary: Verdict | None, second: Verdict | None) -> Verdict | None:
    """Give one verdict: either may abort or hold; otherwise the primary speaks, and its silence is no news at all."""
    said = [verdict for verdict in (primary, second) if verdict is not None]
    for ruling in _GRAVITY:
        if found := next((verdict for verdict in said if verdict.ruling is ruling), None):
            return found
    return said[0] if said else None


def sides(deltas: Iterable[Delta], side: Side, start: float, end: float) -> Rate:
    """Add up one side's deltas that ended in (start, end]."""
    chosen = [d for d in deltas if d.side is side and start < d.at <= end]
    slow = [d.slow for d in chosen if d.slow is not None]
    return Rate(sum(d.requests for d in chosen), sum(d.bad for d in chosen), sum(slow) if slow else None)


def _newest(deltas: Iterable[Delta]) -> Delta | None:
    return max((d for d in deltas if d.side is Side.NEW), key=lambda d: d.at, default=None)


def _earlier(newest: Delta, scrape: ScrapeSpec) -> float:
    """Give when the second look was: midway after the sample that is one second look older than the newest.

    Samples come some milliseconds early or late. Cut exactly, one that came late would not count, and bad answers would
    be sent for a second more.
    """
    return newest.at - scrape.second_look + min(scrape.second_look, newest.interval) / 2


def _age(newest: Delta | None, now: float) -> Message:
    return say("judge.sample-old", age=now - newest.at) if newest else say("judge.no-sample")


def _look(evidence: Evidence, end: float, length: float) -> _Window:
    deltas = [d for d in evidence.deltas if end - length < d.at <= end]
    old = sides(deltas, Side.OLD, end - length, end)
    names = sorted({d.gateway for d in deltas if d.side is Side.NEW})
    each = tuple((name, sides([d for d in deltas if d.gateway == name], Side.NEW, end - length, end)) for name in names)
    new, over = sides(deltas, Side.NEW, end - length, end), next((d.slow_over for d in deltas if d.slow_over), None)
    return _Window(new, old if old.requests else evidence.baseline, each, over)


def _rule(spec: JudgeSpec, window: _Window, second: _Window) -> tuple[Ruling, Message, tuple[str, ...]]:
    if not window.new.requests:
        return Ruling.TOO_FEW, say("judge.no-request"), ()
    breaches = breached(spec, window, "abort")
    if breaches and breached(spec, second, "abort") and _enough(window, breaches):
        return Ruling.ABORT, breaches[0].reason, tuple(b.who for b in breaches if b.who)
    if shared := _shared(spec, window):
        return Ruling.SHARED, shared, ()
    if holds := breaches or breached(spec, window, "hold"):
        return Ruling.HOLD, holds[0].reason, tuple(b.who for b in holds if b.who)
    return Ruling.PASS, _numbers(window), ()


def _enough(window: _Window, breaches: Sequence[Breach]) -> bool:
    by_name = dict(window.gateways)
    return any((by_name[b.who] if b.who else window.new).requests >= MIN_TO_ABORT for b in breaches)


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that is exceeded with confidence: by a gateway (`who`), or by the side ("")."""

    who: str
    reason: Message


def breached(spec: JudgeSpec, window: _Window, limit: str) -> list[Breach]:
    """Give every breach of the window at the `hold` or `abort` limits: of the side, then of each gateway."""
    subjects = [("", window.new), *window.gateways]
    said = []
    for who, rate in subjects:
        if _over(rate.bad, rate.requests, window.old.bad, window.old.requests, _at(spec.error_rate, limit)):
            said.append(_breach(who, _counts(rate.bad, rate), _counts(window.old.bad, window.old)))
        latency = spec.latency
        if latency and rate.slow is not None:
            old_slow = window.old.slow or 0
            if _over(rate.slow, rate.requests, old_slow, window.old.requests, _at(latency.limits, limit)):
                over = window.slow_over or latency.over
                said.append(_breach(who, _slow(rate.slow, rate, over), _slow(old_slow, window.old, over)))
    return said


def _breach(who: str, new: Message, old: Message) -> Breach:
    return Breach(
        who, say("judge.bad-gateway", gateway=who, new=new, old=old) if who else say("judge.bad", new=new, old=old)
    )


def _at(limits: Limits, limit: str) -> float:
    return limits.abort if limit == "abort" else limits.hold


def _over(bad: int, requests: int, old_bad: int, old_requests: int, limit: float) -> bool:
    """Say whether new's lower bound exceeds old's rate by more than the limit; old's own rate is taken as it is."""
    if bad < MIN_BAD or not requests:
        return False
    low, _ = wilson(bad, requests, Z)
    old = old_bad / old_requests if old_requests else 0.0
    return low - old > limit


def _shared(spec: JudgeSpec, window: _Window) -> Message | None:
    """Say that both sides are bad alike: their backends, not the new gateways, are to blame."""
    old, new = window.old, window.new
    if not old.requests or old.bad < MIN_BAD or new.bad < MIN_BAD:
        return None
    if wilson(old.bad, old.requests, Z)[0] <= spec.error_rate.abort:
        return None
    return say("judge.shared", new=_counts(new.bad, new), old=_counts(old.bad, old))


def _counts(count: int, rate: Rate) -> Message:
    return say("judge.counts", count=count, requests=rate.requests, share=_percent(count, rate))


def _slow(count: int, rate: Rate, over: float) -> Message:
    return say("judge.slow-counts", count=count, requests=rate.requests, over=over, share=_percent(count, rate))


def _percent(count: int, rate: Rate) -> float | None:
    return 100 * count / rate.requests if rate.requests else None


def _numbers(window: _Window) -> Message:
    new, old = window.new, window.old
    return say("judge.numbers", new=_counts(new.bad, new), old=_counts(old.bad, old))
