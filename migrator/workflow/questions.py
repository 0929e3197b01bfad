"""Questions to systems that may be slow: a turn waits for an answer only so long, and takes it in a later turn otherwise.

A system that hangs must not keep the guard from speaking. Nothing is asked twice at a time, and nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any, Protocol, TypeAlias

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message

Reading: TypeAlias = "Callable[[], Any]"  # Any: what a question gives is its asker's business, who knows it by the kind


class Questions(Protocol):
    """Questions by their kind. One that was begun is asked until it is answered or forgotten."""

    def begin(self, kind: str, reading: Reading, of: Hashable = None) -> None:
        """Ask, unless this very question (the same kind, `of` the same things) is being asked already."""
        ...

    def answer(self, kind: str, seconds: float, late: Message) -> Any:
        """Give the answer of the newest question of a kind, or raise what it met. Unreachable, in the words of `late`: there
        was none within `seconds`."""
        ...

    def forget(self) -> None:
        """Take no answer of what is being asked now: the world was changed since it was asked."""
        ...


class Asked:
    """Questions on threads of their own, which die with the process.

    A kind that was late once is not waited for again until an answer has come: no turn pays for the same silence twice.
    """

    def __init__(self) -> None:
        self._open: dict[str, tuple[Hashable, Future[Any]]] = {}
        self._late: set[str] = set()

    def begin(self, kind: str, reading: Reading, of: Hashable = None) -> None:
        """Ask, unless this very question is being asked already."""
        if kind in self._open and self._open[kind][0] == of:
            return
        future: Future[Any] = Future()
        self._open[kind] = of, future
        try:
            Thread(target=_answer, args=(future, reading), daemon=True).start()
        except RuntimeError as error:  # the system has no thread left
            future.set_exception(error)

    def answer(self, kind: str, seconds: float, late: Message) -> Any:
        """Give the answer, or raise what it met. Unreachable: not within `seconds`, or not yet when it was late before."""
        _, future = self._open[kind]
        if kind not in self._late:
            wait([future], max(0.0, seconds))
        if not future.done():
            self._late.add(kind)
            raise Unreachable(late)
        self._late.discard(kind)
        del self._open[kind]
        return future.result()

    def forget(self) -> None:
        """Take no answer of what is being asked now. Who is late stays known to be."""
        self._open.clear()


def _answer(future: Future[Any], reading: Reading) -> None:
    try:
        future.set_result(reading())
    except BaseException as error:  # noqa: BLE001 - whoever asked gets it, in its own thread
        future.set_exception(error)
