"""What a finished step leaves in the journal for the report: shares asked for, given and seen, and the witness's tally."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.gates.begin import STOPS
from migrator.domain.messages.message import Message, Value, say, shape, without
from migrator.domain.model.decisions import Decision, Done, TurnBack, Wait
from migrator.domain.model.samples import Answers, Tally
from migrator.domain.observation.sighting import Judgement, Sighting, Witnessed
from migrator.domain.steps import Step
from migrator.domain.steps.handing.hand_over import TELLS

GATES = STOPS | {"freeze.unread", "ask.unanswered"}
"""What is said of a run at its gates."""

OUTAGES = {"record.not-kept", "freeze.unread"}
"""What is said for as long as a system does not answer. Why it does not may be said in another way at each try."""

SET = ("weight", "meant", "was", "now")
"""Numbers that somebody has set. All others are measured, and are others a moment later."""


def tallies(step: Step, decision: Decision, seen: Sighting) -> list[tuple[str, Tally]]:
    """Return what was counted, by kind; nothing unless a step is done or the run turns back."""
    if not isinstance(decision, Done | TurnBack):
        return []
    counted = [("witness", _witness(seen))]
    if seen[Judgement].second.asked:
        counted.append(("prometheus", _second(seen[Judgement].second)))
    if isinstance(decision, Done):
        counted += step.tallies(seen).items()
    return counted


def told(before: Sequence[Message], now: Sequence[Message]) -> list[Message]:
    """Give a note for each trouble of a step that lasts that has come, and for each that is over.

    One that says the same with other numbers has neither come nor gone: its age is not news.
    """
    known, there = {_subject(trouble) for trouble in before}, {_subject(trouble) for trouble in now}
    return [
        *(trouble for trouble in now if _subject(trouble) not in known),
        *(say("nodes.over", trouble=trouble) for trouble in before if _subject(trouble) not in there),
    ]


def _subject(trouble: Message) -> Value:
    """Give what a trouble is about: the same while it lasts."""
    return shape(without(trouble, ("why",)) if trouble.code in OUTAGES else trouble, SET)


def to_do(decision: Decision) -> tuple[Message, ...]:
    """Give what this turn tells a person to do: it is noted, so that everybody hears of it who is told of the run."""
    return (decision.reason,) if isinstance(decision, Wait) and decision.reason.code == TELLS else ()


def filed(note: Message) -> str:
    """Give the word under which a note is filed (nodes: all that have none of their own); its end is filed as it is."""
    about = note["trouble"] if note.code == "nodes.over" else note
    code = about.code if isinstance(about, Message) else ""
    if code in GATES:
        return "gates"
    family = code.partition(".")[0]
    return family if family in ("drift", "record", "hand-over", "logs") else "nodes"


def _witness(seen: Sighting) -> Tally:
    tally = seen[Witnessed]
    return {
        "tries": tally.tries,
        "old": tally.old,
        "new": tally.new,
        "failed": tally.failed,
        "last_error": tally.last_error,
    }


def _second(answers: Answers) -> Tally:
    return {"answered": answers.answered, "empty": answers.empty, "silent": answers.silent, "why": answers.why}
