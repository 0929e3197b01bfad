"""The second opinion (Prometheus): what became of asking it, what it says, and the one verdict that both give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.domain.judging.classes import collapsed_unseen
from migrator.domain.judging.judge import Ruled, Seen, ruling
from migrator.domain.judging.limits import STALE
from migrator.domain.judging.opinion import Opinion
from migrator.domain.judging.soon import soon
from migrator.domain.judging.window import Window
from migrator.domain.messages.message import say
from migrator.domain.model.samples import Answers, Rate, Ruling, Source, Verdict
from migrator.domain.model.spec import JudgeSpec

TOGETHER = 0.25
"""Samples that are nearer than so many seconds are the same: their time is known only as their age."""


def tallied(answers: Answers, said: Opinion) -> Answers:
    """Count one more answer, or its absence."""
    if said.silence:
        return replace(answers, silent=answers.silent + 1, why=said.silence)
    if said.new is None:
        return replace(answers, empty=answers.empty + 1)
    return replace(answers, answered=answers.answered + 1, last_at=said.at)


def opinion(
    spec: JudgeSpec, answers: Sequence[Opinion], now: float, before: Rate | None = None, compared: bool = True
) -> Verdict:
    """Give the verdict of the second opinion from its newest answers, oldest first; an abort needs two of them.

    `before` is the new side's own mix of classes at the share before, as the gateways' counters have it. `compared`: both
    sides are asked the same questions, which tells clients from gateways sooner and better than a second window would.
    """
    if spec.prometheus is None or not answers:
        return Verdict(Ruling.NO_DATA, say("judge.prometheus-not-yet"), Source.PROMETHEUS)
    last = answers[-1]
    if last.new is None or now - last.at > STALE * spec.prometheus.interval:
        return Verdict(Ruling.NO_DATA, say("judge.prometheus-empty"), Source.PROMETHEUS)
    window = Window(last.new, last.old or Rate())
    earlier = _before(answers)
    second = Window(earlier.new, earlier.old or Rate()) if earlier and earlier.new else Window()
    mix = window if spec.prometheus.window >= spec.classes.window else None
    said = soon(spec, answers, before) or ruling(spec, Seen(window, second, mix, before))
    if said.ruling is Ruling.HOLD and not compared and (worse := _collapsed(spec, answers, window, before)):
        said = worse
    fresh = round(last.new.requests * min(1.0, last.interval / spec.prometheus.window))
    return Verdict(
        said.ruling,
        said.reason,
        Source.PROMETHEUS,
        window.new,
        window.old,
        said.gateways,
        last.interval,
        last.at,
        fresh,
    )


def _before(answers: Sequence[Opinion]) -> Opinion | None:
    """Give the answer before the newest one that is of earlier samples: the same ones twice are no second look."""
    *others, last = answers
    if last.sampled is None:
        return others[-1] if others else None
    return next((o for o in reversed(others) if o.sampled is None or o.sampled < last.sampled - TOGETHER), None)


def _collapsed(spec: JudgeSpec, answers: Sequence[Opinion], now: Window, before: Rate | None) -> Ruled | None:
    """Give an abort where the newest window and the newest one that does not overlap it agree on a collapse."""
    assert spec.prometheus is not None
    since = answers[-1].at - spec.prometheus.window
    earlier = next((said for said in reversed(answers) if said.at <= since), None)
    if earlier is None or earlier.new is None:
        return None
    found = collapsed_unseen(spec, now, Window(earlier.new, earlier.old or Rate()), before)
    return Ruled(Ruling.ABORT, found[0].reason) if found else None


_GRAVITY = (Ruling.ABORT, Ruling.SHARED, Ruling.HOLD)


def combined(primary: Verdict | None, second: Verdict | None) -> Verdict | None:
    """Give one verdict: either may abort or hold; otherwise the primary speaks. Its silence is no pass, and is no data only
    while the second opinion is silent too."""
    said = [verdict for verdict in (primary, second) if verdict is not None]
    for grave in _GRAVITY:
        if found := next((verdict for verdict in said if verdict.ruling is grave), None):
            return found
    if len(said) > 1 and said[0].ruling is Ruling.NO_DATA and said[1].ruling is not Ruling.NO_DATA:
        return _alone(*said)
    return said[0] if said else None


def _alone(silent: Verdict, speaking: Verdict) -> Verdict:
    """Give what the second opinion is worth alone: it sees the first errors late, so it passes nothing; but it does see."""
    reason = say(
        "judge.one-alone", source=speaking.source, silent=silent.reason, ruling=speaking.ruling, why=speaking.reason
    )
    return replace(speaking, ruling=Ruling.HOLD, reason=reason)
