"""Calling hooks: only for the step that waits for one, until success, and counted from the first call."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.spec import HookPoint
from migrator.domain.observation.gating import Called, HookCall
from migrator.workflow.gating.calling import CallingHooks
from migrator.workflow.watching.board import Board
from tests.fakes.clock import FakeClock

FIRST, SECOND = (HookCall(name, 7, "warm", False, HookPoint.DRAIN) for name in ("a", "b"))


class Answers:
    """Hooks that end as they are told, one call after the other."""

    def __init__(self, *ends: Exception | None) -> None:
        self._ends = list(ends)
        self.calls: list[str] = []

    def call(self, call: HookCall) -> None:
        """End as told."""
        self.calls.append(call.id)
        if (end := self._ends.pop(0)) is not None:
            raise end


def test_it_calls_until_success_and_then_only_for_the_next_step() -> None:
    board, clock = Board(), FakeClock()
    hooks = Answers(Refused(say("hook.exit", exit=1)), Unreachable(say("hook.too-slow", timeout=5.0)), None, None)
    calling, told = CallingHooks(hooks, board, clock), list[tuple[bool | None, int]]()
    calling()
    assert (hooks.calls, board.facets()) == ([], ())

    for call in (FIRST, FIRST, FIRST, FIRST, SECOND):
        board.wish = replace(board.wish, hook=call)
        calling()
        told += [(each.done, each.calls) for each in board.facets() if isinstance(each, Called)]
        clock.sleep(3.0)

    assert hooks.calls == ["a", "a", "a", "b"]
    assert told == [(False, 1), (False, 2), (True, 3), (True, 3), (True, 1)]


def test_a_step_that_nobody_has_called_for_is_called_for_at_once() -> None:
    board = Board()
    calling = CallingHooks(Answers(None), board, FakeClock())
    wish = replace(board.wish, hook=FIRST)

    assert (calling.wanted(5.0, board.wish), calling.wanted(5.0, wish)) == (float("inf"), 5.0)
    board.wish = wish
    calling()
    assert calling.wanted(9.0, wish) == float("inf")


def test_a_call_that_breaks_is_no_success_and_is_made_again() -> None:
    board = Board()
    board.wish = replace(board.wish, hook=FIRST)
    calling = CallingHooks(Answers(KeyError("a secret"), None), board, FakeClock())

    calling()
    (broken,) = board.facets()
    calling()

    assert broken == Called("a", False, say("hook.silent", error="KeyError"), board.facets()[0].since, 1)  # type: ignore[attr-defined]
    assert [each.done for each in board.facets() if isinstance(each, Called)] == [True]
