"""What cannot be given a deadline, on a thread of its own: whoever wants the outcome waits for it as long as it may."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def aside(act: Callable[[], T]) -> Future[T]:
    """Begin it on a thread that dies with the process; the future has what it gives or raises."""
    future: Future[T] = Future()
    Thread(target=_carried_out, args=(future, act), daemon=True).start()
    return future


def _carried_out(future: Future[T], act: Callable[[], T]) -> None:
    try:
        future.set_result(act())
    except BaseException as error:  # noqa: BLE001 - whoever waits gets it, in its own thread
        future.set_exception(error)
