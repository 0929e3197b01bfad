"""What a person watches while a run goes on, taken from one turn: shares, error rates, connections, the witness, the wait.

It leaves out what nobody knows yet; absent is never shown as 0.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.domain.answers.findings import table
from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Ask, Done, Halt, TurnBack, Wait
from migrator.domain.model.samples import Observed, Verdict
from migrator.domain.observation.drifted import Drifted
from migrator.domain.observation.sides import Rehearsed
from migrator.domain.observation.sighting import (
    Configs,
    ConnectionCounts,
    JournalFacts,
    Judgement,
    Sighting,
    Stale,
    Witnessed,
    Workloads,
)
from migrator.domain.steps.handing.hand_over import TELLS
from migrator.domain.steps.verification import shown
from migrator.wording import render
from migrator.workflow.progress import Progress

MANY = 1_000_000.0
GRAVE = (Halt, TurnBack, Ask)
"""Decisions whose words are never cut short: a person has to act on them."""


def said(progress: Progress) -> str:
    """Return what the turn decided, in words."""
    words = render(progress.words)
    return render(say("shown.done", words=words)) if isinstance(progress.decision, Done) else words


def subject(progress: Progress) -> int:
    """Return the index of the step that the words are about: a step that is done has been left already."""
    run = progress.run
    return run.cursor - 1 if isinstance(progress.decision, Done) and run.cursor and not run.ended else run.cursor


def is_grave(progress: Progress) -> bool:
    """Return whether a person must read all of it: a decision to act on, or why an outside system cannot be looked at."""
    seen = progress.seen
    to_do = isinstance(progress.decision, GRAVE) or progress.words.code == TELLS
    return to_do or seen is None or _is_stale(seen) or _is_held(seen)


def _is_stale(seen: Sighting) -> bool:
    return Stale in seen and bool(seen[Stale].reasons)


def _is_held(seen: Sighting) -> bool:
    return Drifted in seen and bool(seen[Drifted].found)


def until(progress: Progress, now: datetime) -> tuple[datetime, float] | None:
    """Return until when the run waits and how many seconds that is; None when it waits for something without a date."""
    decision = progress.decision
    if not isinstance(decision, Wait) or not decision.seconds or decision.seconds > MANY:
        return None
    return now + timedelta(seconds=decision.seconds), decision.seconds


def share(seen: Sighting) -> float | None:
    """Return the new side's percent of new connections by its weights."""
    return seen[Pools].share() if Pools in seen else None


def observed(seen: Sighting) -> tuple[float, Observed] | None:
    """Return the percent that was seen to arrive, and the counts; None while nobody has counted anything."""
    counted = seen[Judgement].observed if Judgement in seen else None
    return None if counted is None or counted.share is None else (counted.share, counted)


def verdict(seen: Sighting) -> Verdict | None:
    """Return the judge's ruling with both sides' counts; None before the first one."""
    return seen[Judgement].verdict if Judgement in seen else None


def connections(seen: Sighting) -> list[tuple[Side, int]]:
    """Return the live connections of each side that can tell."""
    if Workloads not in seen or ConnectionCounts not in seen:
        return []
    pods = {side: tuple(pod.ref for pod in seen[Workloads].of(side).live) for side in Side}
    counted = {side: seen[ConnectionCounts].connections(refs) for side, refs in pods.items() if refs}
    return [(side, count) for side, count in counted.items() if count is not None]


def differing(progress: Progress) -> list[str]:
    """Return a line for each difference between the sides' configurations, or answers, while the run waits."""
    seen = progress.seen
    if seen is None or not isinstance(progress.decision, Wait | Halt | Ask):
        return []
    configs = shown(seen[Configs]) if Configs in seen else ()
    answers = seen[AnswerParity] if AnswerParity in seen else AnswerParity()
    doubted = answers.differences or answers.unproved or answers.inside or answers.silent
    return [render(line) for line in (*configs, *(table(answers) if doubted else ()))]


def rehearsed(seen: Sighting) -> Rehearsed | None:
    """Return what the rehearsal of the way back came to; None while there was none."""
    return seen[JournalFacts].rehearsed if JournalFacts in seen else None


def witness(seen: Sighting) -> tuple[int, int] | None:
    """Return how many new connections through the balancer were answered, and tried; None when nobody tries."""
    if Witnessed not in seen or not seen[Witnessed].tries:
        return None
    tally = seen[Witnessed]
    return tally.tries - tally.failed, tally.tries
