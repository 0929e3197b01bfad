"""Calls the hook that the driver wishes for, on a thread of its own, and publishes what came of it. It decides nothing."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.observation.gating import Called
from migrator.domain.ports.gating import HookPort
from migrator.domain.ports.outside import Clock
from migrator.workflow.gating.silence import why_silent
from migrator.workflow.watching.board import Board, WatchRequest

EVERY = 5.0
"""Seconds until a hook is called again that has not succeeded."""


class CallingHooks:
    """The hooks of a run, one call at a time. It remembers since when it has called for the same step."""

    def __init__(self, hooks: HookPort, board: Board, clock: Clock) -> None:
        self._hooks, self._board, self._clock = hooks, board, clock
        self._called = Called()

    def wanted(self, began: float, wish: WatchRequest) -> float:
        """Give when to call out of turn: at once, for a step that no call was made for."""
        return began if wish.hook is not None and wish.hook.id != self._called.id else float("inf")

    def __call__(self) -> None:
        """Call once, where a step waits for its hook."""
        call = self._board.wish.hook
        if call is None or (self._called.id == call.id and self._called.done):
            return
        if self._called.id != call.id:
            self._called = Called(call.id, since=self._clock.monotonic())
            self._board.publish(self._called)
        calls = self._called.calls + 1
        try:
            self._hooks.call(call)
        except Exception as error:  # noqa: BLE001 - it is told, and logged
            self._called = replace(self._called, done=False, why=why_silent(error), calls=calls)
        else:
            self._called = replace(self._called, done=True, why="", calls=calls)
        self._board.publish(self._called)
