"""Asks the webhook what the driver wishes to know of it, and publishes what it said. It decides nothing."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.observation.gating import Heard
from migrator.domain.ports.gating import GatePort
from migrator.domain.ports.outside import Clock
from migrator.workflow.gating.silence import why_silent
from migrator.workflow.watching.board import Board

EVERY = 3.0
"""Seconds until it is asked again that has not said yes."""


class AskingGate:
    """One webhook. It remembers since when it has been asked the same."""

    def __init__(self, gate: GatePort, board: Board, clock: Clock) -> None:
        self._gate, self._board, self._clock = gate, board, clock
        self._heard = Heard()

    def __call__(self) -> None:
        """Ask once, where there is a question that has no yes yet."""
        asked = self._board.wish.gate
        if asked is None or (self._heard.id == asked.id and self._heard.allowed):
            return
        if self._heard.id != asked.id:
            self._heard = Heard(asked.id, since=self._clock.monotonic())
        try:
            answer = self._gate.ask(asked)
        except Exception as error:  # noqa: BLE001 - it is told, and logged
            self._heard = replace(self._heard, allowed=None, why=why_silent(error))
        else:
            self._heard = replace(self._heard, allowed=answer.allowed, why=answer.reason)
        self._board.publish(self._heard)
