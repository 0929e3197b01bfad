"""From trials of one question to what differs. A difference counts only when the sides' values never overlap.

What varies on the old side alone is unstable: listed, and no gate. The new side is compared as a whole, and each of its
gateways that was asked three times for itself: one gateway that answers otherwise is one too many. What was not asked often
enough to be sure of, and what the old side itself fails at, is told and turns nothing back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from migrator.domain.answers.answer import Part
from migrator.domain.answers.trial import Trial
from migrator.domain.model.answers import Concern, Question
from migrator.domain.model.balancer import Side

EACH = 3
"""Questions to each side, and to each gateway of a sample, below which nothing is called different."""

CONFIRMED = 9
"""Questions to each side by which a difference is sure: routes that are drawn by lot (half and half) look different by
chance in 1 of 32 comparisons of three, and in 1 of 131,072 of nine."""

REDIRECTS = 300
"""The first status of answers that a gateway may write itself: redirects, and errors after them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part in which the sides differ: what each side said. `pods` are the new gateways that differ; empty: all of them.

    `sure`: asked so often that chance is no explanation. `old_fails`: the old side gave no good answer to this question at
    all, so that going back would help nobody. `who_asks`: one side was asked through the API server alone, and refuses what the
    other grants; rules by client address explain that. `of_gateways`: every answer was a redirect or an error, so it may be
    the gateways' own.
    """

    question: Question
    concern: Concern
    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    pods: tuple[str, ...] = ()
    sure: bool = True
    old_fails: bool = False
    who_asks: bool = False
    of_gateways: bool = False

    @property
    def counts(self) -> bool:
        """Say whether it speaks against the new side alone, for certain."""
        return self.sure and not self.old_fails and not self.who_asks


@dataclass(frozen=True, slots=True)
class Unstable:
    """A part that varies on the old side alone, so that nothing can be said of the new side."""

    question: Question
    concern: Concern
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A question's comparison. `enough`: each side was asked often enough for it to mean anything."""

    differences: tuple[Difference, ...] = ()
    unstable: tuple[Unstable, ...] = ()
    enough: bool = True


def compare(trials: Sequence[Trial], concerns: Iterable[Concern], headers: Iterable[str]) -> Compared:
    """Compare the trials of one question, part by part."""
    wanted, names = tuple(concerns), tuple(headers)
    read = [(trial, trial.answer.parts(wanted, names)) for trial in trials]
    enough = _least(trials) >= EACH
    of_gateways = all(trial.answer.status >= REDIRECTS for trial in trials)
    old_fails = not any(trial.answer.serves for trial in trials if trial.side is Side.OLD)
    differences: list[Difference] = []
    unstable: list[Unstable] = []
    for part in dict.fromkeys(part for _, parts in read for part in parts):
        found = _of_part(part, [(trial, parts[part]) for trial, parts in read if part in parts])
        if isinstance(found, Difference) and enough:
            sure, who_asks = _sure(trials, found.pods), _is_for_who_asks(trials, found.pods)
            more = replace(found, sure=sure, old_fails=old_fails, who_asks=who_asks, of_gateways=of_gateways)
            differences.append(more)
        unstable += [found] if isinstance(found, Unstable) else []
    return Compared(tuple(differences), tuple(unstable), enough)


def _least(trials: Sequence[Trial]) -> int:
    """Give how often the side was asked that was asked less."""
    return min(sum(trial.side is side for trial in trials) for side in Side)


def _is_for_who_asks(trials: Sequence[Trial], pods: tuple[str, ...]) -> bool:
    """Say whether the sides were asked in two ways, and just one of them refuses: a rule may know one of our addresses."""
    old = [trial.answer for trial in trials if trial.side is Side.OLD and trial.answer.answered]
    new = [trial for trial in trials if trial.side is Side.NEW and trial.answer.answered]
    ours = [trial.answer for trial in new if not pods or trial.place.name in pods]
    if not old or not ours or {answer.inside for answer in old} & {answer.inside for answer in ours}:
        return False
    return all(answer.refuses for answer in old) is not all(answer.refuses for answer in ours)


def _sure(trials: Sequence[Trial], pods: tuple[str, ...]) -> bool:
    """Say whether both sides, and one of the gateways that are apart, were asked often enough to confirm it."""
    asked = Counter(trial.place.name for trial in trials)
    return _least(trials) >= CONFIRMED and (not pods or max(asked[pod] for pod in pods) >= CONFIRMED)


def _of_part(part: Part, values: Sequence[tuple[Trial, str]]) -> Difference | Unstable | None:
    """Compare one part; None where the sides agree, overlap, or one of them has no such part."""
    concern, name = part
    question = values[0][0].question
    old = _said(value for trial, value in values if trial.side is Side.OLD)
    new = [(trial, value) for trial, value in values if trial.side is Side.NEW]
    if len(old) > 1:
        return Unstable(question, concern, name, old)
    if not old or not new:
        return None
    if old[0] not in {value for _, value in new}:
        return Difference(question, concern, name, old, _said(value for _, value in new))
    pods = _apart(old[0], new)
    said = _said(value for trial, value in new if trial.place.name in pods)
    return Difference(question, concern, name, old, said, pods) if pods else None


def _apart(old: str, new: Sequence[tuple[Trial, str]]) -> tuple[str, ...]:
    """Give the new gateways that never gave the old side's value, though each was asked three times or more."""
    by_pod: dict[str, list[str]] = {}
    for trial, value in new:
        by_pod.setdefault(trial.place.name, []).append(value)
    return tuple(sorted(pod for pod, values in by_pod.items() if len(values) >= EACH and old not in values))


def _said(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
