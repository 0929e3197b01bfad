"""Two sides that answer as a test says, and a round of asking them that is bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.compare import Compared, compare
from migrator.domain.answers.course import Ask, Course, next_ask
from migrator.domain.answers.parity import AnswerParity, parity
from migrator.domain.answers.trial import Place, Trial
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import AnswersSpec, Question
from migrator.domain.model.balancer import Side

SHOP = Question("http", "shop.x", "/cart")
OK = Answer(200, (("content-type", "text/html"),), body="b0d1")
MOST = 3000

Answers = Callable[[Ask, int], Answer]
"""What a world answers to an ask; the number counts all asks from 0."""


def place(side: Side, number: int = 1, port: int = 80) -> Place:
    """Give a gateway of a side."""
    name, ip = f"{side.value}-{number}", f"10.0.{1 if side is Side.OLD else 2}.{number}"
    return Place(side, f"lbl-{port}", port, ip, 8080, PodRef("gw", name, f"uid-{name}", ip))


def places(old: int = 3, new: int = 3, port: int = 80) -> tuple[Place, ...]:
    """Give so many gateways of each side."""
    sides = [(Side.OLD, old), (Side.NEW, new)]
    return tuple(place(side, number, port) for side, count in sides for number in range(1, count + 1))


def course(
    *questions: Question, of: Sequence[Place] | None = None, most: int = MOST, spec: AnswersSpec | None = None
) -> Course:
    """Give a round of these questions."""
    return Course(spec or AnswersSpec(), questions or (SHOP,), tuple(of or places()), most)


def asked(round_of: Course, answers: Answers) -> list[Trial]:
    """Ask until the round is over, at most as often as it may."""
    trials: list[Trial] = []
    for number in range(round_of.most + 1):
        ask = next_ask(round_of, trials)
        if ask is None:
            return trials
        trials.append(Trial(ask.question, ask.place, answers(ask, number)))
    raise AssertionError("the round does not end")


def outcome(round_of: Course, answers: Answers) -> AnswerParity:
    """Ask, and give what it comes to."""
    return parity(round_of, asked(round_of, answers), 1.0, 2.0)


def compared(trials: Sequence[Trial]) -> Compared:
    """Compare as the plan does by default."""
    spec = AnswersSpec()
    return compare(trials, spec.compare, spec.headers)


def by_place(trials: Sequence[Trial]) -> Counter[Place]:
    """Count the asks of each gateway."""
    return Counter(trial.place for trial in trials)
