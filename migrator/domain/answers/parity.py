"""What one round of asking comes to: differences, what is unstable, unproved, asked from inside or silent; as findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.brought import is_brought
from migrator.domain.answers.compare import Compared, Difference, Unstable, compare
from migrator.domain.answers.course import Course, stopped
from migrator.domain.answers.trial import Trial
from migrator.domain.messages.message import Message
from migrator.domain.model.answers import AnswersSpec, Concern, Question
from migrator.domain.model.balancer import Side

KEPT = 50
"""Rows of each kind that are kept for other processes, which show them: a run has at most as many questions in a round."""


@dataclass(frozen=True, slots=True)
class Excused:
    """What the plan allows, with its reason. `difference` None: a doubt about `who`, a site or a side."""

    concern: Concern
    who: str
    reason: str
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class AskedOfBoth:
    """How many requests this process has made of both sides so far, over all rounds (a facet of the watch).

    `used_up`: the plan's bound of the run leaves none for a round that is wanted, and there will be none.
    """

    requests: int = 0
    used_up: bool = False


@dataclass(frozen=True, slots=True)
class AnswerParity:
    """How both sides answer (a facet of the watch). `began` and `ended` are monotonic; nothing was asked while both are 0.

    `differences` are without the allowed ones, which `excused` has, and without those that a change of product brings
    (`brought`). `unproved` are sites without one good
    answer, `inside` sides that only the API server leads to, `silent` sides that gave no answer at all. `stopped` is where we
    were told that it was too much (429); `left` how many questions were not asked: no listener, or the bound.
    """

    began: float = 0.0
    ended: float = 0.0
    asked: int = 0
    questions: int = 0
    differences: tuple[Difference, ...] = ()
    unstable: tuple[Unstable, ...] = ()
    unproved: tuple[str, ...] = ()
    inside: tuple[Side, ...] = ()
    silent: tuple[Side, ...] = ()
    excused: tuple[Excused, ...] = ()
    stopped: str = ""
    left: tuple[Question, ...] = ()
    unread: Message | None = None
    brought: tuple[Difference, ...] = ()

    @property
    def known(self) -> bool:
        """Say whether a round has come to its end."""
        return self.ended > 0.0

    @property
    def agrees(self) -> bool:
        """Say whether a round has ended in which nothing speaks against the new side, and something was asked."""
        doubts = (self.differences, self.silent, self.stopped, self.unread)
        return self.known and bool(self.questions) and not any(doubts)

    @property
    def shortened(self) -> AnswerParity:
        """Give it with at most so many rows of each kind as are kept for other processes."""
        return replace(
            self,
            differences=self.differences[:KEPT],
            unstable=self.unstable[:KEPT],
            unproved=self.unproved[:KEPT],
            excused=self.excused[:KEPT],
            left=self.left[:KEPT],
            brought=self.brought[:KEPT],
        )


def parity(
    course: Course, trials: Sequence[Trial], began: float, ended: float, unread: Message | None = None
) -> AnswerParity:
    """Compare everything that was asked in a round. `unread` says why a source of questions could not be read."""
    spec = course.spec
    by_question: dict[Question, list[Trial]] = {}
    for trial in trials:
        by_question.setdefault(trial.question, []).append(trial)
    silent = tuple(side for side in Side if _all(trials, side, lambda answer: not answer.answered))
    compared = [compare(rows, spec.compare, spec.headers) for rows in by_question.values()]
    found = () if silent else _differences(compared)
    brought = tuple(row for row in found if is_brought(row, course.brought))
    differences = tuple(row for row in found if row not in brought)
    allowed = [(d, spec.allowance(d.concern, d.question.host, d.question.path)) for d in differences]
    excused = [Excused(d.concern, d.question.site, by.reason, d) for d, by in allowed if by]
    sites, excused_sites = _sites(spec, trials)
    inside, excused_sides = _sides(spec, Concern.INSIDE, [s for s in Side if _only_inside(trials, s)])
    told = stopped(trials)
    return AnswerParity(
        began,
        ended,
        len(trials),
        sum(row.enough for row in compared),
        tuple(d for d, by in allowed if not by),
        tuple(unstable for row in compared for unstable in row.unstable),
        sites,
        inside,
        silent,
        (*excused, *excused_sites, *excused_sides),
        told.question.site if told else "",
        tuple(question for question in course.questions if question not in by_question),
        unread,
        brought,
    )


def _differences(compared: Sequence[Compared]) -> tuple[Difference, ...]:
    return tuple(difference for row in compared for difference in row.differences)


def _sites(spec: AnswersSpec, trials: Sequence[Trial]) -> tuple[tuple[str, ...], list[Excused]]:
    """Give the sites that nothing good was heard of, apart from those that the plan allows."""
    by_site: dict[str, list[Trial]] = {}
    for trial in trials:
        by_site.setdefault(trial.question.site, []).append(trial)
    unproved = [(site, rows[0].question.host) for site, rows in sorted(by_site.items()) if not _proved(rows)]
    found = [(site, spec.allowance(Concern.UNPROVED, host)) for site, host in unproved]
    excused = [Excused(Concern.UNPROVED, site, by.reason) for site, by in found if by]
    return tuple(site for site, by in found if not by), excused


def _proved(trials: Sequence[Trial]) -> bool:
    """Say whether a site has shown itself: one good answer, or redirects to more than one place."""
    redirects = {(trial.answer.status, trial.answer.redirect) for trial in trials if trial.answer.is_redirect}
    return len(redirects) > 1 or any(trial.answer.proves for trial in trials)


def _sides(spec: AnswersSpec, concern: Concern, sides: Sequence[Side]) -> tuple[tuple[Side, ...], list[Excused]]:
    found = [(side, spec.allowance(concern, side.value)) for side in sides]
    return tuple(side for side, by in found if not by), [Excused(concern, s.value, by.reason) for s, by in found if by]


def _only_inside(trials: Sequence[Trial], side: Side) -> bool:
    return _all([trial for trial in trials if trial.answer.answered], side, lambda answer: answer.inside)


def _all(trials: Sequence[Trial], side: Side, holds: Callable[[Answer], bool]) -> bool:
    mine = [trial.answer for trial in trials if trial.side is side]
    return bool(mine) and all(holds(answer) for answer in mine)
