"""Asks a judge of the plan's own, and publishes the verdict anew with what it said. It judges nothing."""

from __future__ import annotations

import logging

from migrator.domain.judging.own.others import Spoken
from migrator.domain.model.spec import OtherSpec
from migrator.domain.ports.outside import Clock
from migrator.domain.ports.rates import JudgePort, JudgeQuestion
from migrator.workflow.gating.silence import why_silent
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.history import History

log = logging.getLogger(__name__)


class AskingJudge:
    """Asks one judge how the new side is doing."""

    def __init__(self, judge: OtherSpec, port: JudgePort, history: History, board: Board, clock: Clock) -> None:
        self._judge, self._port, self._history, self._board, self._clock = judge, port, history, board, clock

    def __call__(self) -> None:
        """Ask once and rule anew; an answer that cannot be had is one too: nobody can say."""
        wish = self._board.wish
        try:
            answer = self._port.ask(self._judge, self._question(wish))
        except Exception as error:  # noqa: BLE001 - it is told as a silence
            why = why_silent(error)
            log.warning("judge.silent name=%s why=%s", self._judge.name, why)
            said = Spoken(self._clock.monotonic(), None, why)
        else:
            said = Spoken(self._clock.monotonic(), answer.ruling, answer.reason)
        self._history.speak(self._judge.name, said)
        self._board.publish(self._history.ruled(self._clock.monotonic(), wish.steady_since, wish.alone))

    def _question(self, wish: WatchRequest) -> JudgeQuestion:
        return JudgeQuestion(wish.sides, dict(wish.whose), self._clock.monotonic() - wish.steady_since, wish.alone)
