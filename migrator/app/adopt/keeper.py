"""Keeps a run's record in the cluster true: written before its first write, again at each move, taken away at its end.

A thread of its own writes, so that no turn waits for the cluster; what could not be written is written at the next beat.
"""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread
from time import monotonic

from migrator.app.adopt import record
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.actions import ApplyObject, DeleteObject
from migrator.domain.model.manifests import ObjectRef, mapping, text, uid_of
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.refs import gateway_name
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.place import MOST_PARTS, Place
from migrator.domain.ports.outside import ClusterReader, ClusterWriter

log = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds until a record is written again that could not be written."""

STOP_WITHIN = 12.0
TRIES = 2


class Keeper:
    """The record of one run. Used as a context manager; `take` gives it the run's newest place and never waits."""

    def __init__(self, reader: ClusterReader, writer: ClusterWriter, plan: Plan, beat: float = BEAT) -> None:
        self._reader, self._writer, self._plan, self._beat = reader, writer, plan, beat
        self._packed = ""
        self._newest: Place | None = None
        self._kept: Place | None = None
        self._has_plan = False
        self._lock = Lock()
        self._due, self._stopped = Event(), Event()
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self, place: Place) -> None:
        """Write the record of a run that has not begun. Raises Unreachable or Refused: it may not begin then."""
        self._newest = place
        self._write()

    def take(self, place: Place) -> None:
        """Take the run's newest place."""
        with self._lock:
            if place == self._newest:
                return
            self._newest = place
        self._due.set()

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._due.set()
        deadline = monotonic() + STOP_WITHIN
        self._thread.join(max(0.0, deadline - monotonic()))

    def end(self) -> bool:
        """Take the record of a run away that has ended; say whether it is gone. What stays says that the run has ended."""
        for _ in range(TRIES):
            try:
                self._remove()
            except MigratorError as error:
                log.warning("record.not-removed why=%s", error)
            else:
                return True
        return False

    def _remove(self) -> None:
        """Take away the place first, for without it the rest says nothing."""
        spec = self._plan.spec
        space, gateway = spec.cluster.namespace, gateway_name(spec)
        first = record.place_ref(space, gateway)
        found = self._reader.get(first)
        parts = max(_parts(text(mapping(found, "data"), "parts")) if found else 0, 1)
        for ref in (first, *(record.part_ref(space, gateway, number + 1) for number in range(parts))):
            self._delete(ref)

    def _delete(self, ref: ObjectRef) -> None:
        found = self._reader.get(ref)
        if found is not None:
            self._writer.delete(DeleteObject(ref, uid_of(found)))

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.wait()
            self._due.clear()
            while not self._tried() and not self._stopped.wait(self._beat):
                pass

    def _tried(self) -> bool:
        try:
            self._write()
        except MigratorError as error:
            log.warning("record.not-kept why=%s", error)
            return False
        except Exception as error:  # a library's own error, whose text may hold a secret: the next beat tries again
            log.error("record.broken error=%s", type(error).__name__)
            log.debug("record.broken", exc_info=True)
            return False
        return True

    def _write(self) -> None:
        """Write the newest place, and the plan before it where this process has not written it yet."""
        with self._lock:
            place = self._newest
        if place is None or place == self._kept:
            return
        if not self._has_plan:
            self._packed = record.packed(self._plan)
            for part in record.parts_of(self._plan.spec, self._packed):
                self._writer.apply(ApplyObject(part))
            self._has_plan = True
        self._writer.apply(ApplyObject(record.place_map(self._plan.spec, place, self._packed)))
        self._kept = place


def _parts(count: str) -> int:
    return min(whole_number(count) or 0, MOST_PARTS)
