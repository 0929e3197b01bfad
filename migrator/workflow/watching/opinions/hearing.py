"""Reads logs for warnings: while configurations are compared again and again, and once at each share. It decides nothing.

People are told by a note when a warning comes and when it is over; only the step that compares configurations waits for it.
"""

from __future__ import annotations

from math import inf, isfinite

from migrator.domain.gateways.warnings_told import told_by_logs
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.ports.logs import LogReader
from migrator.workflow.watching.board import Board, WatchRequest

EVERY = 10.0
"""Seconds from one reading to the next while configurations are compared."""

LOOKS = 120.0
"""The interval of the loop itself: a share that lasts is read again."""


class Hearing:
    """Publishes what logs warn of."""

    def __init__(self, logs: LogReader, board: Board) -> None:
        self._logs, self._board = logs, board
        self._last = WatchRequest()
        board.publish(LogLook(pending=True))

    def wanted(self, began: float, wish: WatchRequest) -> float:
        """Give when to read out of turn: at once when a comparison or a share begins, and regularly while comparing."""
        if not wish.new:
            return inf
        if wish.configs:
            return began + EVERY if self._last.configs else began
        return began if isfinite(wish.steady_since) and wish.steady_since != self._last.steady_since else inf

    def __call__(self) -> None:
        """Read once; without a new gateway there is nothing to hear."""
        self._last = wish = self._board.wish
        if not wish.new:
            return
        look = self._logs.heard(wish.old, wish.new)
        self._board.publish(look)
        told = [found for found in told_by_logs(look) if found.severity is not Severity.INFO]
        self._board.mention(tuple(say("logs.heard", who=found.subject, what=found.problem) for found in told), "logs")
