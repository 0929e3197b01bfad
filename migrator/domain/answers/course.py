"""Which question is asked next, and of whom: one round of asking, as a pure function of what was asked already.

Each question is put three times to each side, in turns, to another gateway each time; then every gateway gets a sample of
three; what seems to differ is asked again until the difference is confirmed. A round has a bound, keeps it, and keeps a part
of it for that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from migrator.domain.answers.answer import TOO_MANY
from migrator.domain.answers.brought import Brought, is_brought
from migrator.domain.answers.compare import CONFIRMED, EACH, Compared, Difference, compare
from migrator.domain.answers.trial import Place, Trial
from migrator.domain.model.answers import AnswersSpec, Concern, Question
from migrator.domain.model.balancer import Side

TURNS = (Side.OLD, Side.NEW, Side.NEW, Side.OLD, Side.NEW, Side.OLD)
"""Whose turn it is (the Thue-Morse sequence): plain turns would give every other upstream of a pair behind both sides to the
same side each time, and two equal sides would look different."""

CONFIRMED_PER_SITE = 2
"""Differences of one kind that are confirmed for a site; more of them would say nothing new."""

RESERVE = CONFIRMED_PER_SITE * 3 * (CONFIRMED - EACH)
"""Requests of a round that are kept for confirming: of both sides, and of one gateway that seems to be apart."""


FIXED = 2 * EACH + RESERVE
"""Requests of a round with one question, whatever the number of gateways."""


def sampling(gateways: Iterable[int]) -> int:
    """Give the requests that a sample of every gateway needs, by how many of a side are behind each listener."""
    return sum(max(0, count - EACH) * EACH for count in gateways)


def least(gateways: Iterable[int]) -> int:
    """Give the least requests of a round with so many gateways of a side behind each listener."""
    return sampling(gateways) + FIXED


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, and the place that it is to be put to."""

    question: Question
    place: Place


@dataclass(frozen=True, slots=True)
class Course:
    """One round. `places` are both sides' gateways on every listener; `most` is the most requests that it may make.

    `brought` is what may differ because the sides are of two products.
    `askable` are the questions for which both sides have a place, as many as the bound allows: every site has its turn.
    """

    spec: AnswersSpec
    questions: tuple[Question, ...]
    places: tuple[Place, ...]
    most: int
    brought: tuple[Brought, ...] = ()
    askable: tuple[Question, ...] = field(init=False, compare=False, repr=False)
    _by_listener: dict[tuple[Side, int], tuple[Place, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[tuple[Side, int], list[Place]] = {}
        for place in self.places:
            found.setdefault((place.side, place.client_port), []).append(place)
        object.__setattr__(self, "_by_listener", {key: tuple(sorted(rows)) for key, rows in found.items()})
        object.__setattr__(self, "askable", self._chosen())

    def of(self, side: Side, question: Question) -> tuple[Place, ...]:
        """Give the places of a side that answer this question, in a fixed order."""
        return self._by_listener.get((side, client_port(question)), ())

    def _chosen(self) -> tuple[Question, ...]:
        both = [q for q in self.questions if all(self.of(side, q) for side in Side)]
        room = max(0, self.most - self._sampling(both) - RESERVE) // (2 * EACH)
        return tuple(fairly(both)[: max(room, 1)])

    @property
    def least(self) -> int:
        """Give the requests that one question and a sample of every gateway need, with what confirms a difference."""
        return self._sampling(self.questions) + FIXED

    def _sampling(self, questions: Sequence[Question]) -> int:
        ports = {client_port(question) for question in questions}
        return sampling(len(rows) for (_, port), rows in self._by_listener.items() if port in ports)


def client_port(question: Question) -> int:
    """Give the port that a client of this question dials."""
    return question.port or (443 if question.tls else 80)


def fairly(questions: Sequence[Question]) -> list[Question]:
    """Give the questions so that every site's first comes before any site's second."""
    seen: Counter[str] = Counter()
    ranked = []
    for at, question in enumerate(questions):
        ranked.append((seen[question.site], at, question))
        seen[question.site] += 1
    return [question for _, _, question in sorted(ranked, key=lambda row: row[:2])]


def next_ask(course: Course, trials: Sequence[Trial]) -> Ask | None:
    """Give what is to be asked next; None when all is asked, the bound is reached, or we were told to stop."""
    if len(trials) >= course.most or stopped(trials):
        return None
    by_question: dict[Question, list[Trial]] = {}
    for trial in trials:
        by_question.setdefault(trial.question, []).append(trial)
    for asks in (_plain(course, by_question), _sampled(course, by_question), _confirming(course, by_question)):
        if (ask := next(asks, None)) is not None:
            return ask
    return None


def stopped(trials: Sequence[Trial]) -> Trial | None:
    """Give the answer that told us to stop: 429, too many requests."""
    return next((trial for trial in reversed(trials) if trial.answer.status == TOO_MANY), None)


def _plain(course: Course, done: dict[Question, list[Trial]]) -> Iterator[Ask]:
    for number, question in enumerate(course.askable):
        asked = done.get(question, ())
        if len(asked) < len(TURNS):
            yield _turn(course, question, asked, number)


def _turn(course: Course, question: Question, asked: Sequence[Trial], number: int) -> Ask:
    """Give the next turn of a question: each side's gateways one after the other, each question from another one on."""
    side = TURNS[len(asked) % len(TURNS)]
    if (len(asked) // len(TURNS)) % 2:
        side = side.other
    places = course.of(side, question)
    mine = sum(trial.side is side for trial in asked)
    return Ask(question, places[(number + mine) % len(places)])


def _sampled(course: Course, done: dict[Question, list[Trial]]) -> Iterator[Ask]:
    """Ask every gateway three times: of each listener the first question, and both sides in turns."""
    for question in _of_sample(course):
        asked = done.get(question, ())
        counted = Counter(trial.place for trial in asked)
        short = {side: [p for p in course.of(side, question) if counted[p] < EACH] for side in Side}
        turn = TURNS[len(asked) % len(TURNS)]
        side = turn if short[turn] else turn.other
        if short[side]:
            yield Ask(question, min(short[side], key=lambda place: (counted[place], place)))


def _of_sample(course: Course) -> Iterator[Question]:
    seen: set[int] = set()
    for question in course.askable:
        if (port := client_port(question)) not in seen:
            seen.add(port)
            yield question


def _confirming(course: Course, done: dict[Question, list[Trial]]) -> Iterator[Ask]:
    confirmed: Counter[tuple[str, Concern]] = Counter()
    for number, question in enumerate(course.askable):
        asked = done.get(question, ())
        found = compare(asked, course.spec.compare, course.spec.headers)
        differences = _unallowed(course, question, found)
        kinds = {(question.site, difference.concern) for difference in differences}
        if all(confirmed[kind] >= CONFIRMED_PER_SITE for kind in kinds):
            continue
        if (ask := _once_more(course, question, asked, differences, number)) is not None:
            yield ask
        confirmed.update(kinds)


def _unallowed(course: Course, question: Question, found: Compared) -> list[Difference]:
    """Give the differences that neither the plan nor a change of product explains: these are worth confirming."""
    allowed = course.spec.allowance
    own = [row for row in found.differences if not is_brought(row, course.brought)]
    return [row for row in own if not allowed(row.concern, question.host, question.path)]


def _once_more(
    course: Course, question: Question, asked: Sequence[Trial], found: Sequence[Difference], number: int
) -> Ask | None:
    """Give one more turn of what seems to differ: of both sides, then of the one gateway that seems to be apart."""
    if any(sum(trial.side is side for trial in asked) < CONFIRMED for side in Side):
        return _turn(course, question, asked, number)
    counted = Counter(trial.place.name for trial in asked)
    apart = {pod for difference in found for pod in difference.pods}
    new = course.of(Side.NEW, question)
    return next(
        (Ask(question, place) for place in new if place.name in apart and counted[place.name] < CONFIRMED), None
    )
