"""Reads the old gateways' last log lines while their removal is near, on a thread of its own: nothing of a run waits for it.

What fails is logged and tried again while the pod is there; what was read once stays.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from types import TracebackType
from typing import Protocol

from migrator.app.evidence.files import MOST, write
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.actions import PodRef
from migrator.domain.model.runs import Heading
from migrator.domain.model.workload import Pod
from migrator.domain.observation.sighting import Workloads
from migrator.domain.ports.outside import Clock
from migrator.domain.steps.retire import Retire
from migrator.workflow.progress import Progress, Tell

log = logging.getLogger(__name__)

AHEAD = 3
"""So many steps before the removal it begins: hooks and questions may stand between."""

AGAIN, AT_THE_END = 15.0, 3.0
"""Seconds after which a pod is read again: while it serves, and while it ends."""

ENDS_WITHIN = 5.0


class Logs(Protocol):
    """Whoever gives the last lines of a pod. Raises as a cluster's port does."""

    def last(self, pod: PodRef, seconds: float) -> str:
        """Give the lines of the last seconds."""
        ...


class Collector:
    """Used as a context manager around a driver. `seconds` is how far back it reads, `where` the folder that it fills."""

    def __init__(self, logs: Logs | None, seconds: float, where: Path, clock: Clock) -> None:
        self._logs, self._seconds, self._where, self._clock = logs, seconds, where, clock
        self._pods: tuple[Pod, ...] = ()
        self._read_at: dict[str, float] = {}
        self._wake, self._over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def telling(self, tell: Tell) -> Tell:
        """Give what a driver tells of its turns to."""

        def told(progress: Progress) -> None:
            self.see(progress)
            tell(progress)

        return told

    def see(self, progress: Progress) -> None:
        """Note the old pods of a turn near their removal. It takes no time."""
        if self._logs is None or not self._seconds or not near(progress):
            return
        if progress.seen is not None and Workloads in progress.seen:
            self._pods = progress.seen[Workloads].old.pods[:MOST]
            self._wake.set()
            self._begun()

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(ENDS_WITHIN)

    def _begun(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._collect, daemon=True, name="evidence")
            self._thread.start()

    def _collect(self) -> None:
        while not self._over.is_set():
            self._wake.wait()
            self._wake.clear()
            for pod in self._pods:
                if self._over.is_set():
                    return
                self.read(pod)

    def read(self, pod: Pod) -> None:
        """Read a pod that is due, and keep what it says."""
        now, before = self._clock.monotonic(), self._read_at.get(pod.ref.uid)
        if self._logs is None or (before is not None and now - before < (AT_THE_END if pod.terminating else AGAIN)):
            return
        self._read_at[pod.ref.uid] = now
        try:
            if lines := self._logs.last(pod.ref, self._seconds):
                write(self._where, pod.ref.name, lines)
        except (MigratorError, OSError) as error:
            log.warning("evidence.not-kept pod=%s why=%s", pod.ref.name, error)


def near(progress: Progress) -> bool:
    """Say whether the old side is about to be removed, or is being removed, on the way forward."""
    if progress.run.heading is not Heading.FORWARD:
        return False
    at = progress.run.cursor
    return any(isinstance(step, Retire) for step in progress.route[at : at + AHEAD])
