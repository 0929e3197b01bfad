"""The step that proves that both sides answer alike before the new one gets traffic, and what later steps ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.answers.findings import findings, used_up
from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.findings import Finding, Waiver, blocking, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.decisions import Ask, Decision, Done, Halt, Wait
from migrator.domain.observation.sighting import Clocks, JournalFacts, Sighting, Workloads
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet, elapsed

ROUND = 10.0
"""Seconds of a round of asking with few questions, at the usual rate."""

SLACK = 0.1
"""Seconds by which the clocks of the journal and of the watch may differ."""

LONGEST = 480.0
"""Seconds beyond that patience in which a round may still come to its end; the whole bound at the usual rate is 400."""

PATIENCE = 120.0
"""Seconds at a later step after which a person is asked: both sides could not be compared, though nothing differs."""


@dataclass(frozen=True, slots=True)
class CompareAnswers(Quiet):
    """Both sides give the same answers to the same questions, or differ only where the plan allows it.

    `longest` is the seconds that the longest round takes by the plan's own bound and rate.
    """

    deadline: float
    waivers: tuple[Waiver, ...] = ()
    longest: float = 60.0
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    needs: ClassVar[Needs] = frozenset({Workloads, AnswerParity, AskedOfBoth, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.compare-answers")
    compares: ClassVar[bool] = True

    def estimate(self, scale: Scale) -> Estimate:
        """Ask and compare."""
        note = say("estimate.halts-after", deadline=self.deadline)
        worst = self.deadline + self.longest
        return Estimate(min(ROUND, self.longest), worst, (say("estimate.asks-both-sides"),), note=note)

    def decide(self, seen: Sighting) -> Decision:
        """Wait for a round of this step; halt with what it found when that is still so at the deadline."""
        found = seen[AnswerParity]
        if not is_of_this_step(seen):
            if not seen[AskedOfBoth].used_up:
                return Wait(say("answers.asking", asked=found.asked))
            unasked = blocking((used_up(),), self.waivers)
            return Halt(unasked) if unasked else Done(used_up().problem)
        if not (against := doubts(found, self.waivers)):
            return Done(agreed(found))
        left = self.deadline - elapsed(seen)
        if left > 0:
            return Wait(say("answers.asked-again", found=told_of(against[:1])), left)
        return Halt(against)


def is_of_this_step(seen: Sighting) -> bool:
    """Say whether a round has ended that began in this step."""
    found, entered, now = seen[AnswerParity], seen[JournalFacts].entered_at, seen[Clocks]
    gone = (now.wall - entered).total_seconds() if entered else 0.0
    return found.known and found.began >= now.monotonic - gone - SLACK


def doubts(found: AnswerParity, waivers: tuple[Waiver, ...]) -> tuple[Finding, ...]:
    """Give what speaks against the new side, without what the plan waives."""
    return blocking(findings(found), waivers)


def agreed(found: AnswerParity) -> Message:
    """Say what was compared."""
    return say(
        "answers.agreed",
        questions=found.questions,
        asked=found.asked,
        unstable=len(found.unstable) or None,
        allowed=len(found.excused) or None,
    )


def uncompared(seen: Sighting, waivers: tuple[Waiver, ...]) -> Decision | None:
    """Give what to wait for before a step that compares may end; None when both sides were compared in it and agree.

    A difference turns the run back before this is asked. What could not be compared is asked for again, and in the end a
    person decides: nothing differs as far as anybody knows. A person is asked at once where the bound leaves no request.
    """
    if seen[JournalFacts].said_yes("answers.ask"):
        return None
    found = seen[AnswerParity]
    left = PATIENCE - elapsed(seen)
    if not is_of_this_step(seen) and seen[AskedOfBoth].used_up:
        unasked = blocking((used_up(),), waivers)
        return Ask(say("answers.ask", found=told_of(unasked))) if unasked else None
    if not is_of_this_step(seen):
        asking = say("answers.asking", asked=found.asked)
        return Wait(asking) if left > -LONGEST else Ask(say("answers.ask", found=asking))
    if not (against := doubts(found, waivers)):
        return None
    why = told_of(against[:1])
    return Wait(say("answers.asked-again", found=why), left) if left > 0 else Ask(say("answers.ask", found=why))


def settled_by_answers(seen: Sighting, waivers: tuple[Waiver, ...]) -> bool:
    """Say whether both sides were compared and agree since the judge holds: what it cannot tell is the clients' doing."""
    found, since = seen[AnswerParity], seen[Clocks].monotonic - seen[JournalFacts].held_for
    return found.known and found.began >= since - SLACK and not doubts(found, waivers)
