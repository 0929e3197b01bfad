"""The life of the process: come, stay until the pod ends, take the gateway off, and let it end. What fails is tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from migrator.app.farewell.words import Word
from migrator.domain.farewell import Terms, is_over
from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.domain.messages.message import Message
from migrator.domain.ports.outside import Clock

log = logging.getLogger(__name__)

LOOKS_EVERY = 0.5
COMES_EVERY = 2.0
"""Seconds between two looks while it comes: every gateway of a cluster asks, and a cloud counts its questions."""


class Staying:
    """`told` says whether the pod was told to end, `said` is told what fails. `ready` and `over` are for probes and hooks.

    `tell` asks the gateway once to let its clients leave, and says whether it was heard: a weight steers new connections only.
    """

    def __init__(
        self,
        word: Word,
        terms: Terms,
        clock: Clock,
        told: Callable[[], bool],
        said: Callable[[Message], None],
        tell: Callable[[], bool] = lambda: True,
    ) -> None:
        self._word, self._terms, self._clock, self._told, self._said = word, terms, clock, told, said
        self._tell = tell
        self._last: Message | None = None
        self.ready, self.leaving, self.over = Event(), Event(), Event()

    def until_over(self) -> None:
        """Stay until the pod was told to end and the gateway may. UsageError, before that, where it can never be taken off
        so."""
        log.info("farewell.begins within=%g", self._terms.within)
        self._come()
        self.leaving.set()
        self._leave()
        self.over.set()

    def _come(self) -> None:
        due = self._clock.monotonic()
        while not self._told():
            if not self.ready.is_set() and self._clock.monotonic() >= due:
                if self._answered(self._word.has_come):
                    self.ready.set()
                due = self._clock.monotonic() + COMES_EVERY
            self._clock.sleep(LOOKS_EVERY)

    def _leave(self) -> None:
        began, since, heard = self._clock.monotonic(), None, False
        while True:
            heard = heard or self._answered(self._tell)
            off = self._answered(self._word.is_off)
            now = self._clock.monotonic()
            since = (now if since is None else since) if off else None
            if is_over(self._terms, now - began, None if since is None else now - since):
                log.info("farewell.over seconds=%.1f off=%s", now - began, off)
                return
            self._clock.sleep(LOOKS_EVERY)

    def _answered(self, ask: Callable[[], bool]) -> bool:
        try:
            answer = ask()
        except MigratorError as error:
            if isinstance(error, UsageError) and not self._told():
                raise  # while the gateway comes it shows; once it ends, its seconds are what counts
            if error.message != self._last:
                self._said(error.message)
            self._last = error.message
            return False
        except (
            Exception
        ) as error:  # a library's own error, whose text may hold a secret: it is no word, and ends nothing
            log.warning("farewell.failed error=%s", type(error).__name__)
            log.debug("farewell.failed", exc_info=True)
            return False
        self._last = None
        return answer
