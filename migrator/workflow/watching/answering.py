"""Asks both sides the same questions while a step wants it, one question at a time, and publishes how the answers compare.

Everything that is asked is noted first, so that it is no evidence about clients. Where a gateway's counts cannot be told from
ours, nothing is asked while a window is judged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.domain.answers.brought import brought_by
from migrator.domain.answers.course import Ask, Course, next_ask
from migrator.domain.answers.findings import findings
from migrator.domain.answers.parity import AnswerParity, AskedOfBoth, parity
from migrator.domain.answers.questions import questions
from migrator.domain.answers.trial import Place, Trial
from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.findings import blocking
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import AnswersSpec, Question, Route
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Spec
from migrator.domain.ports.outside import AnswerPort, Clock, GatewayReader, KnowsRoutes
from migrator.workflow.watching.board import AnswersWanted, Board
from migrator.workflow.watching.own_requests import OwnRequests

log = logging.getLogger(__name__)

AGAIN = 300.0
"""Seconds after which both sides are asked again while a step lasts."""

SOON = 5.0
"""Seconds after which they are asked again when something speaks against the new side, or could not be asked."""

ORDERED = 30.0
"""Seconds between two rounds that the judge orders in one step: as long as the windows by which it judges 4xx. A verdict that
comes and goes orders no more than that."""

TOLD_EVERY = 1.0
"""Seconds between two words of how far a round is."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round under way: when its step was entered, when it began, what was asked so far."""

    of: datetime | None
    course: Course
    began: float
    trials: tuple[Trial, ...] = ()
    unread: Message | None = None


class Answering:
    """One question a call, as the plan's rate allows; a round's end is published, and how far it is now and then.

    `asked` is what earlier processes have asked in this run: the plan's bound is one for all of them.
    """

    def __init__(
        self,
        spec: Spec,
        port: AnswerPort,
        gateways: GatewayReader,
        board: Board,
        clock: Clock,
        own: OwnRequests,
        asked: int = 0,
    ) -> None:
        assert spec.answers is not None
        self._spec, self._answers, self._port, self._gateways = spec, spec.answers, port, gateways
        self._board, self._clock, self._own = board, clock, own
        self._round: Round | None = None
        self._last: tuple[datetime | None, AnswerParity] | None = None
        self._before, self._asked, self._told_at = asked, 0, float("-inf")
        self._ordered, self._ordered_at, self._for_an_order = False, float("-inf"), False

    @property
    def interval(self) -> float:
        """Give the seconds between two questions."""
        return 1.0 / self._answers.rate

    def __call__(self) -> None:
        """Ask the next question, if any is wanted now."""
        wanted = self._board.wish.answers
        if wanted is None or not wanted.places:
            self._round = None
            return
        now = self._clock.monotonic()
        self._hear(wanted, now)
        if self._round is None or self._round.of != wanted.entered:
            if not self._due(wanted, now):
                self._tell_the_end(wanted)
                return
            self._round = self._begun(wanted, now)
        if wanted.judged and not all(map(countable, wanted.places)):
            return
        ask = next_ask(self._round.course, self._round.trials)
        if ask is None:
            self._end(self._round)
        else:
            self._ask(self._round, ask)

    def _hear(self, wanted: AnswersWanted, now: float) -> None:
        """Keep when the judge began to want a comparison. A round that is under way goes on all the same."""
        if wanted.ordered and not self._ordered:
            self._ordered_at = now
        self._ordered = wanted.ordered

    def _due(self, wanted: AnswersWanted, now: float) -> bool:
        """Say whether a round is to begin: the first of a step, and later ones while the steps to come keep their share."""
        if self._last is None or self._last[0] != wanted.entered:
            return self._left > 0
        found = self._last[1]
        if found.asked * (1 + wanted.later) > self._left:
            return False
        return now - found.ended >= self._pause(found)

    def _tell_the_end(self, wanted: AnswersWanted) -> None:
        """Tell that a step waits for a round that will never be: the bound is used up."""
        if not self._left and (self._last is None or self._last[0] != wanted.entered):
            self._board.publish(AskedOfBoth(self._asked, used_up=True))

    def _pause(self, found: AnswerParity) -> float:
        """Give the seconds between a round and the next one of the same step; none where the judge orders one since."""
        if blocking(findings(found), self._spec.waivers):
            return SOON
        if self._ordered and self._ordered_at > found.began:
            return ORDERED if self._for_an_order else 0.0
        return AGAIN

    @property
    def _left(self) -> int:
        """Give the requests that the run may still make."""
        return max(0, self._answers.most - self._before - self._asked)

    def _begun(self, wanted: AnswersWanted, now: float) -> Round:
        self._for_an_order = wanted.ordered
        routes, unread = routes_of(self._answers, self._gateways, wanted.places, self._board.wish.old)
        asking = self._first_the_open(questions(self._spec, routes, wanted.places))
        course = Course(self._answers, asking, wanted.places, self._answers.share, brought_by(self._spec))
        most = min(max(self._answers.share, course.least), self._left)
        log.info("answers.begun questions=%d places=%d most=%d", len(asking), len(wanted.places), most)
        return Round(wanted.entered, replace(course, most=most), now, unread=unread)

    def _first_the_open(self, asking: tuple[Question, ...]) -> tuple[Question, ...]:
        """Put first what nobody was sure of in the round before."""
        rows = self._last[1].differences if self._last else ()
        unsure = {row.question for row in rows if not row.sure}
        return tuple(sorted(asking, key=lambda question: question not in unsure))

    def _ask(self, under_way: Round, ask: Ask) -> None:
        side, gateway, now = ask.place.side, ask.place.name, self._clock.monotonic()
        sent = self._own.sent(side, gateway, ask.place.port, now)
        answer = self._port.ask(ask.question, ask.place)
        self._own.answered(side, gateway, sent, answer)
        self._asked += 1
        self._board.publish(AskedOfBoth(self._asked))
        self._round = replace(under_way, trials=(*under_way.trials, Trial(ask.question, ask.place, answer)))
        if now - self._told_at >= TOLD_EVERY and self._last is None:
            self._told_at = now
            self._board.publish(AnswerParity(under_way.began, asked=len(self._round.trials)))

    def _end(self, ended: Round) -> None:
        now = max(self._clock.monotonic(), ended.began + 1e-6)
        found = parity(ended.course, ended.trials, ended.began, now, ended.unread)
        log.info("answers.ended asked=%d differences=%d", found.asked, len(found.differences))
        self._last, self._round = (ended.of, found), None
        self._board.publish(found)


def countable(place: Place) -> bool:
    """Say whether our requests to a place can be told from clients': its counters are those of a pod that we know."""
    return place.pod is not None


def routes_of(
    spec: AnswersSpec, gateways: GatewayReader, places: tuple[Place, ...], others: tuple[PodRef, ...] = ()
) -> tuple[tuple[Route, ...], Message | None]:
    """Give the routes of an old gateway, and why they could not be read; a kind that cannot tell them is no fault.

    `others` are old gateways, too: behind a node port no place knows its own.
    """
    known = (place.pod for place in places if place.side is Side.OLD and place.pod)
    pods = dict.fromkeys((*known, *others))
    if not spec.routes or not isinstance(gateways, KnowsRoutes):
        return (), None
    why: Message | None = None
    for pod in pods:
        try:
            return gateways.routes(pod), None
        except MigratorError as error:
            why = error.message
        except Exception as error:
            log.debug("gateway.broken pod=%s", pod.name, exc_info=True)
            why = Unreachable(say("gateway.broken", pod=pod.name, error=type(error).__name__)).message
    return (), why
