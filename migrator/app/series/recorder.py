"""Keeps what turns see, now and then, on a thread of its own: no turn waits for it, fails by it, or decides anything by it.

What cannot be kept is said once in the log and dropped; the charts have a gap there.
"""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from migrator.domain.messages.errors import MigratorError
from migrator.domain.observation.sighting import Clocks
from migrator.domain.showing.sampling import sample
from migrator.domain.showing.series import EVERY, MOST, Sample, spacing, thinned
from migrator.store import Store
from migrator.workflow.progress import Progress, Tell

log = logging.getLogger(__name__)

ENDS_WITHIN = 2.0
LONGEST_TURN = 60.0
"""Seconds: between two looks that lie farther apart nobody looked; the process was stopped, or the machine slept."""

WAITING = 4
"""Samples that may wait to be written; a disk that hangs for longer costs those that come then."""


class Recorder:
    """The samples of one run in this process's hands; used as a context manager around a driver."""

    def __init__(self, store: Store, run_id: int) -> None:
        self._store, self._run_id = store, run_id
        self._every = EVERY
        self._last: float | None = None
        self._due: list[Sample] = []
        self._count: int | None = None
        self._lock, self._wake, self._over = threading.Lock(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True, name="samples")
        self._said = False

    def telling(self, tell: Tell) -> Tell:
        """Give what a driver tells of its turns to."""

        def told(progress: Progress) -> None:
            self.see(progress)
            tell(progress)

        return told

    def see(self, progress: Progress) -> None:
        """Take what a turn saw, if it is time. It waits for nothing and raises nothing."""
        try:
            self._see(progress)
        except Exception as error:  # whatever a look held: showing it later is worth no turn
            log.debug("samples.broken", exc_info=True)
            self._lost(type(error).__name__)

    def _see(self, progress: Progress) -> None:
        seen = progress.seen
        if seen is None or Clocks not in seen:
            self._last = None
            return
        now = seen[Clocks]
        passed = None if self._last is None else now.monotonic - self._last
        if passed is not None and passed < self._every:
            return
        self._last = now.monotonic
        watched = passed is not None and passed < LONGEST_TURN + self._every
        found = sample(seen, now.wall, passed if passed is not None and watched else 0.0)
        with self._lock:
            self._due = [*self._due, found][-WAITING:]
        self._wake.set()

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._wake.set()
        self._thread.join(ENDS_WITHIN)

    def _keep(self) -> None:
        while not self._over.is_set():
            self._wake.wait()
            self._wake.clear()
            self.write()
        self.write()

    def write(self) -> None:
        """Write what is due."""
        with self._lock:
            due, self._due = self._due, []
        for each in due:
            try:
                self._write(each)
            except MigratorError as error:
                self._lost(str(error))
            except Exception as error:  # a library's own: the next sample tries again
                log.debug("samples.broken", exc_info=True)
                self._lost(type(error).__name__)

    def _write(self, found: Sample) -> None:
        self._store.keep_sample(self._run_id, found)
        if self._count is None:
            self._count = len(self._store.samples(self._run_id))
        else:
            self._count += 1
        if self._count > MOST:
            fewer = thinned(self._store.samples(self._run_id))
            self._store.replace_samples(self._run_id, fewer)
            self._count, self._every = len(fewer), spacing(fewer)

    def _lost(self, why: str) -> None:
        if not self._said:
            log.warning("samples.not-kept run=%s why=%s", self._run_id, why)
        self._said = True
