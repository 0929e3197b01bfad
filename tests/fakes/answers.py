"""Gateways that answer our own questions as a test says, and count them in their counters as real ones do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from migrator.domain.answers.answer import Answer
from migrator.domain.answers.trial import Place
from migrator.domain.model.answers import Question
from tests.fakes.gateways import FakeGateways

OK = Answer(200, (("content-type", "text/html"),), body="b0d1", protocol="http/1.1")
Says = Callable[[Question, Place], Answer]


@dataclass
class FakeAnswers:
    """Answers by `says`; `asked` is everything that was asked, in order. `gateways` count what they answer."""

    gateways: FakeGateways
    says: Says = lambda _question, _place: OK
    asked: list[tuple[Question, Place]] = field(default_factory=list)

    def ask(self, question: Question, place: Place) -> Answer:
        """Answer, and be counted."""
        self.asked.append((question, place))
        answer = self.says(question, place)
        if place.pod is not None and answer.counted:
            self.gateways.serve(place.pod.name, 1, int(answer.status >= 500))
        return answer
