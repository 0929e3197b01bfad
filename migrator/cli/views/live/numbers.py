"""What a person watches while a run goes on, taken from one turn: shares, error rates, connections, the witness, the wait.

It gives short words for each and leaves out what nobody knows yet; absent is never shown as 0.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.decisions import Ask, Done, Halt, TurnBack, Wait
from migrator.domain.model.samples import Rate
from migrator.domain.observation.sighting import ConnectionCounts, Judgement, Sighting, Stale, Witnessed, Workloads
from migrator.wording import render
from migrator.workflow.progress import Progress

MANY = 1_000_000.0
GRAVE = (Halt, TurnBack, Ask)
"""Decisions whose words are never cut short: a person has to act on them."""


def said(progress: Progress) -> str:
    """Give what the turn decided, in words."""
    text = render(progress.words)
    return f"done: {text}" if isinstance(progress.decision, Done) else text


def subject(progress: Progress) -> int:
    """Give the index of the step that the words are about: a step that is done has been left already."""
    run = progress.run
    return run.cursor - 1 if isinstance(progress.decision, Done) and run.cursor and not run.ended else run.cursor


def is_grave(progress: Progress) -> bool:
    """Say whether a person must read all of it: a decision to act on, or why an outside system cannot be looked at."""
    return isinstance(progress.decision, GRAVE) or progress.seen is None or _silences(progress.seen)


def _silences(seen: Sighting) -> bool:
    return Stale in seen and bool(seen[Stale].reasons)


def until(progress: Progress, now: datetime) -> tuple[datetime, float] | None:
    """Give until when the run waits and how many seconds that is; None when it waits for something without a date."""
    decision = progress.decision
    if not isinstance(decision, Wait) or not decision.seconds or decision.seconds > MANY:
        return None
    return now + timedelta(seconds=decision.seconds), decision.seconds


def share(seen: Sighting) -> float | None:
    """Give the new side's percent of new connections by its weights."""
    return seen[Pools].share() if Pools in seen else None


def observed(seen: Sighting) -> str:
    """Give the percent that was seen to arrive, of how many, and who counted; "" while nobody has."""
    found = seen[Judgement].observed if Judgement in seen else None
    if found is None or found.share is None:
        return ""
    return f"{found.share:.1f} % of {found.total} ({found.source})"


def rates(seen: Sighting) -> tuple[str, Rate, Rate] | None:
    """Give the judge's ruling and both sides' counts; None before the first verdict."""
    verdict = seen[Judgement].verdict if Judgement in seen else None
    return None if verdict is None else (str(verdict.ruling), verdict.new, verdict.old)


def rate(counted: Rate) -> str:
    """Give bad of all answers with the percentage; a dash when there were none."""
    errors = counted.errors
    return "-" if errors is None else f"{counted.bad}/{counted.requests} {errors:.2%}".replace("%", " %")


def connections(seen: Sighting) -> list[tuple[Side, int]]:
    """Give the live connections of each side that can tell."""
    if Workloads not in seen or ConnectionCounts not in seen:
        return []
    pods = {side: tuple(pod.ref for pod in seen[Workloads].of(side).live) for side in Side}
    found = {side: seen[ConnectionCounts].connections(refs) for side, refs in pods.items() if refs}
    return [(side, count) for side, count in found.items() if count is not None]


def witness(seen: Sighting) -> tuple[int, int] | None:
    """Give how many new connections through the balancer were answered, and tried; None when nobody tries."""
    if Witnessed not in seen or not seen[Witnessed].tries:
        return None
    tally = seen[Witnessed]
    return tally.tries - tally.failed, tally.tries
