"""The plan's own numbers out of Prometheus: each beside its two limits. Pure; a number that is missing is never good news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.domain.judging.limits import STALE
from migrator.domain.judging.opinion import Opinion
from migrator.domain.messages.message import Message, say
from migrator.domain.model.samples import Named, Ruling, Source, Verdict
from migrator.domain.model.spec import JudgeSpec, QuerySpec


@dataclass(frozen=True, slots=True)
class Measured:
    """What the plan's queries, or its own judges, say together: the gravest ruling, its reason and who said it, and each."""

    ruling: Ruling
    reason: Message
    named: tuple[Named, ...]
    source: str = Source.PROMETHEUS


def measured(spec: JudgeSpec, answers: Sequence[Opinion], now: float) -> Measured | None:
    """Give what the plan's queries say; None for a plan without one. An abort needs two looks, one after the other."""
    if spec.prometheus is None or not spec.prometheus.queries:
        return None
    queries, asked = spec.prometheus.queries, [said for said in answers if said.numbers is not None]
    last = asked[-1] if asked and now - asked[-1].at <= STALE * spec.prometheus.interval else None
    before = asked[-2] if last is not None and len(asked) > 1 else None
    rows = [(query, _number(last, query), _number(before, query)) for query in queries]
    said = [(Named(query.name, number, _ruling(query, number, was)), query) for query, number, was in rows]
    named = tuple(each for each, _ in said)
    for grave in (Ruling.ABORT, Ruling.HOLD):
        for each, query in said:
            if each.ruling is grave:
                return Measured(grave, _reason(each, query), named)
    return Measured(Ruling.PASS, say("judge.queries-pass", count=len(named)), named)


def with_queries(verdict: Verdict | None, found: Measured | None) -> Verdict | None:
    """Give the verdict with the plan's own numbers or judges: they may abort or hold it, and never make it better."""
    if verdict is None or found is None:
        return verdict
    worse = found.ruling is Ruling.ABORT or (
        found.ruling is Ruling.HOLD and verdict.ruling in {Ruling.PASS, Ruling.TOO_FEW}
    )
    if not worse or verdict.ruling is Ruling.ABORT:
        return replace(verdict, named=(*verdict.named, *found.named))
    named = (*verdict.named, *found.named)
    return replace(verdict, ruling=found.ruling, reason=found.reason, source=found.source, gateways=(), named=named)


def _number(said: Opinion | None, query: QuerySpec) -> float | None:
    return dict(said.numbers or ()).get(query.name) if said is not None else None


def _ruling(query: QuerySpec, number: float | None, was: float | None) -> Ruling:
    if number is None:
        return Ruling.HOLD
    if _beyond(query, number, query.abort):
        return Ruling.ABORT if was is not None and _beyond(query, was, query.abort) else Ruling.HOLD
    return Ruling.HOLD if _beyond(query, number, query.hold) else Ruling.PASS


def _beyond(query: QuerySpec, number: float, limit: float | None) -> bool:
    if limit is None:
        return False
    return number < limit if query.below else number > limit


def _reason(said: Named, query: QuerySpec) -> Message:
    if said.value is None:
        return say("judge.query-no-number", name=query.name)
    limit = query.abort if _beyond(query, said.value, query.abort) else query.hold
    if query.below:
        return say("judge.query-below", name=query.name, value=said.value, limit=limit)
    return say("judge.query-above", name=query.name, value=said.value, limit=limit)
