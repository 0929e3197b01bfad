"""The plan's own judges beside the counts: what each said last, and what that makes of the verdict. Pure.

They may hold or abort, and never make a verdict better; a judge that is silent holds. An abort needs two looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrator.domain.judging.limits import STALE
from migrator.domain.judging.own.named import Measured
from migrator.domain.messages.message import Message, say
from migrator.domain.model.samples import Named, Ruling, Verdict
from migrator.domain.model.spec import JudgeSpec, OtherSpec


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a judge of the plan's own said at monotonic `at`, with its reason. `ruling` None: it said nothing, and why."""

    at: float
    ruling: Ruling | None
    reason: Message | str = ""


def overruled(spec: JudgeSpec, said: Mapping[str, Sequence[Spoken]], now: float) -> Measured | None:
    """Give what the plan's judges say together; None for a plan without one. `said` has the newest two of each."""
    if not spec.others:
        return None
    rows = [(judge, *_ruled(judge, said.get(judge.name, ()), now)) for judge in spec.others]
    named = tuple(Named(judge.name, None, ruling, judged=True, said=_figures(judge, said)) for judge, ruling, _ in rows)
    for grave in (Ruling.ABORT, Ruling.HOLD):
        for judge, ruling, reason in rows:
            if ruling is grave:
                return Measured(grave, reason, named, judge.name)
    return Measured(Ruling.PASS, say("judge.others-pass", count=len(rows)), named)


def _ruled(judge: OtherSpec, said: Sequence[Spoken], now: float) -> tuple[Ruling, Message]:
    fresh = [each for each in said if now - each.at <= STALE * judge.interval + judge.timeout]
    if not fresh:
        return Ruling.HOLD, say("judge.other-silent", name=judge.name, why=None)
    last, reason = fresh[-1], fresh[-1].reason or None
    if last.ruling is None:
        return Ruling.HOLD, say("judge.other-silent", name=judge.name, why=reason)
    if last.ruling is Ruling.ABORT and [each.ruling for each in fresh[-2:]] != [Ruling.ABORT] * 2:
        return Ruling.HOLD, say("judge.other-once", name=judge.name, ruling=last.ruling, why=reason)
    return last.ruling, say("judge.other", name=judge.name, ruling=last.ruling, why=reason)


def _figures(judge: OtherSpec, said: Mapping[str, Sequence[Spoken]]) -> Message | None:
    """Give what the balancer's own monitoring said last, for people who watch."""
    last = said[judge.name][-1] if judge.balancer and said.get(judge.name) else None
    return last.reason if last is not None and isinstance(last.reason, Message) else None


def is_silent(verdict: Verdict | None) -> bool:
    """Say whether a judge of the plan's own holds because it says nothing, or its cloud's monitoring does not."""
    if verdict is None or verdict.reason.code != "judge.other":
        return verdict is not None and verdict.reason.code == "judge.other-silent"
    why = verdict.reason["why"]
    return isinstance(why, Message) and why.code == "judge.late-silent"


def newest_two(said: Sequence[Spoken], spoken: Spoken) -> tuple[Spoken, ...]:
    """Give what is remembered of a judge once it has spoken again."""
    return (*said[-1:], spoken)
