"""Leaving a run when told (Ctrl-C, SIGTERM, a closed terminal): within a second, whatever the process is waiting for.

The driver is given a moment to end its turn. If it is stuck in a call to the outside, the process ends as by `kill -9`,
which every write survives by design: its intent is on disk, and the next process looks before it decides.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from threading import Event, Lock, Thread
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 0.6
"""Seconds in which the driver may end its turn (its own pace is 0.4)."""


class Leaving:
    """Used as a context manager around the driver. `last_words` speaks for a stuck process and gives its exit code."""

    def __init__(self, last_words: Callable[[], int]) -> None:
        self._last_words = last_words
        self._asked, self._ended, self._one_speaks = Event(), Event(), Lock()
        self._reader, self._writer = os.pipe()
        self._before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None] = {}

    def asked(self) -> bool:
        """Say whether somebody has told this process to leave."""
        return self._asked.is_set()

    def __enter__(self) -> Leaving:
        os.set_blocking(self._writer, False)
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._leave)
        # The byte is written by C code at once, even while the main thread is inside a call that no signal ends.
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._one_speaks:  # not while the other thread says the last words: it ends the process
            self._ended.set()
        signal.set_wakeup_fd(-1)
        if not self._asked.is_set():  # a second Ctrl-C must not interrupt the last line
            for number, before in self._before.items():
                signal.signal(number, before)
        with contextlib.suppress(OSError):
            os.close(self._writer)

    def _leave(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()

    def _watch(self) -> None:
        told = os.read(self._reader, 1)
        os.close(self._reader)
        if not told:
            return
        self._asked.set()
        if self._ended.wait(GRACE):
            return
        with self._one_speaks:
            if not self._ended.is_set():
                os._exit(self._last_words())
