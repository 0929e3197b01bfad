"""The checklists in words: a line for each, or one for each phase. For people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from migrator.domain.messages.message import Message, say
from migrator.domain.planning.checklist.items import Item, Mark, Phase, to_tick
from migrator.wording import render

SIGNS = {Mark.DONE: "x", Mark.WRONG: "!", Mark.OPEN: " ", Mark.PERSON: "?"}


def lines(items: Sequence[Item]) -> Iterator[tuple[str, Mark | None]]:
    """Yield each phase's heading and its lines, with how each stands."""
    for phase in Phase:
        if rows := [item for item in items if item.phase is phase]:
            yield render(say("checklist.phase", phase=phase.value)), None
            for item in rows:
                yield f"{_sign(item)} {_words(item)}", item.mark


def phases(items: Sequence[Item]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield each phase's heading with its lines: how each stands, as a sign, and what it says."""
    for phase in Phase:
        if rows := [item for item in items if item.phase is phase]:
            yield render(say("checklist.phase", phase=phase.value)), tuple((_sign(item), _words(item)) for item in rows)


def counted(items: Sequence[Item]) -> str:
    """Return a line: how many of each phase are so, and what a person has to tick; nothing where there is no list."""
    if not items:
        return ""
    phases = tuple(_phase(phase, [item for item in items if item.phase is phase]) for phase in Phase)
    return render(say("checklist.counted", phases=phases, tick=to_tick(tuple(items))))


def _phase(phase: Phase, items: Sequence[Item]) -> Message:
    """Return how many lines of a phase are so. What a run on its way back has undone is counted no more."""
    if any(item.by.code == "checklist.went-back" for item in items) and phase is not Phase.BEFORE:
        return say("checklist.phase-back", phase=phase.value)
    done = sum(item.mark is Mark.DONE for item in items)
    return say("checklist.of-phase", phase=phase.value, done=done, all=len(items))


def _sign(item: Item) -> str:
    return f"[{SIGNS[item.mark]}]"


def _words(item: Item) -> str:
    return render(say("checklist.line", line=item.key, by=item.by))


def values(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the lines for programs."""
    return [
        {"phase": item.phase.value, "line": item.key, "mark": item.mark.value, "by": render(item.by)} for item in items
    ]
