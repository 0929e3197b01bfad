"""Processes that read large dumps, so that a run's own threads go on meanwhile. None outlives its crew, nor its parent.

Small dumps are read where they are: a process costs more than they do. For the same reason a crew may keep its processes
for a while after a round: the guard over configurations makes one each few seconds while something moves.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import weakref
from multiprocessing.connection import Connection
from types import TracebackType
from typing import cast

from migrator.adapters.gateways.comparison.comparing import Job, Outcome, done
from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say

SMALL = 400_000
"""Bytes of a dump up to which this process reads it: some 30 ms."""

SECONDS = 60.0
"""How long a process may take for one dump; 4.5 MB take less than a second."""

KEPT = 90.0
"""Seconds for which a guard's processes are kept after a round: a little longer than its rounds are apart at rest."""

_MODULE = "migrator.adapters.gateways.comparison.worker"


def hands() -> int:
    """Give how many dumps are worked on at once: one a core, and one that is being fetched meanwhile; four at most."""
    return min(4, (os.cpu_count() or 1) + 1)


class Crew:
    """Processes for rounds, which may overlap. `do` may be called by several threads, each of which then waits for a process
    of its own; there are never more of them than threads that have called at once. `kept`: for how many seconds they are
    kept after the last round (0: not at all)."""

    def __init__(self, kept: float = 0.0) -> None:
        self._kept, self._rounds = kept, 0
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []
        self._lock = threading.Lock()
        self._ending: threading.Timer | None = None
        weakref.finalize(self, _ended, self._all)

    def __enter__(self) -> Crew:
        with self._lock:
            if not self._rounds:
                self._bury()
            self._rounds += 1
            if self._ending is not None:
                self._ending.cancel()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._rounds -= 1
            if self._rounds or not self._all:
                return
            if self._kept:
                self._ending = threading.Timer(self._kept, _rest, (weakref.ref(self),))
                self._ending.daemon = True
                self._ending.start()
                return
        self.rest()

    def rest(self) -> None:
        """End every process, unless a round is being made."""
        with self._lock:
            if not self._rounds:
                _ended(self._all)
                self._idle.clear()

    @property
    def processes(self) -> list[int]:
        """Give the ids of the processes."""
        return [worker.pid for worker in self._all]

    def do(self, job: Job) -> Outcome:
        """Do a job here or in a process. Unreachable for an answer that is no JSON, or when the process ends over it."""
        if len(job.dump.body) <= SMALL:
            return done(job)
        worker = self._taken()
        try:
            answer = worker.do(job)
        except Unreachable:
            self._lost(worker)
            raise
        with self._lock:
            self._idle.append(worker)
        if isinstance(answer, MigratorError):
            raise answer
        return answer

    def _bury(self) -> None:
        """Forget processes that were killed since the last round, for their memory."""
        dead = [worker for worker in self._all if not worker.lives]
        self._idle = [worker for worker in self._idle if worker.lives]
        for worker in dead:
            self._all.remove(worker)
        _ended(dead)

    def _taken(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        worker = _Worker()
        with self._lock:
            self._all.append(worker)
        return worker

    def _lost(self, worker: _Worker) -> None:
        with self._lock:
            self._all.remove(worker)
        worker.end()


def _rest(crew: weakref.ref[Crew]) -> None:
    if (found := crew()) is not None:
        found.rest()


def _ended(workers: list[_Worker]) -> None:
    while workers:
        workers.pop().end()


class _Worker:
    """One process and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-P", "-m", _MODULE, str(number)]
            self._process = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL)  # noqa: S603
        self._connection = Connection(ours.detach())

    @property
    def pid(self) -> int:
        """Give the process's id."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Say whether the process has not ended."""
        return self._process.poll() is None

    def do(self, job: Job) -> Outcome | MigratorError:
        """Give the outcome, or the error with which the process ended or answered."""
        try:
            self._connection.send(job)
            if not self._connection.poll(SECONDS):
                raise TimeoutError
            return cast("Outcome | MigratorError", self._connection.recv())
        except (OSError, EOFError) as error:
            self._process.kill()
            raise Unreachable(say("gateway.unread", seconds=SECONDS)) from error

    def end(self) -> None:
        """Hang up, which ends the process."""
        self._connection.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
