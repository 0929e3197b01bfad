"""Keeps a run's record in the cluster true: written before its first write, again at each move, taken away at its end.

A thread of its own writes, so that no turn waits for the cluster; what could not be written is written at the next beat. It
looks now and then whether somebody has changed the record, writes it again, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from time import monotonic

from migrator.app.adopt import record
from migrator.domain.messages.errors import MigratorError, Refused
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import ApplyObject, DeleteObject, PatchObject
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, ref_of, text, uid_of
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.refs import gateway_name, home
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.place import MOST_PARTS, Place
from migrator.domain.ports.outside import ClusterReader, ClusterWriter

log = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds until a record is written again that could not be written."""

LOOK = 20.0
"""Seconds until it is looked whether an unchanged record is still as it was written."""

STOP_WITHIN = 12.0
TRIES = 2


class Keeper:
    """The record of one run. Used as a context manager; `take` gives it the run's newest place and never waits.

    `tell` hears what a person should know of the record: that it cannot be written, or that somebody has changed it.
    `require` raises while the run is perhaps somebody else's: a process that wakes up must not write over who took it over.
    """

    def __init__(
        self,
        reader: ClusterReader,
        writer: ClusterWriter,
        plan: Plan,
        beat: float = BEAT,
        look: float = LOOK,
        tell: Callable[[tuple[Message, ...]], None] = lambda _troubles: None,
        require: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader, self._writer, self._plan = reader, writer, plan
        self._beat, self._look, self._tell, self._require = beat, look, tell, require
        self._packed = ""
        self._newest: Place | None = None
        self._kept: Place | None = None
        self._made: tuple[Manifest, ...] = ()
        self._told_at = float("-inf")
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
        space, gateway = home(spec).namespace, gateway_name(spec)
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
            self._due.wait(self._look)
            self._due.clear()
            found = self._flaw()
            while not self._tried(found) and not self._stopped.wait(self._beat):
                pass

    def _flaw(self) -> Message | None:
        """Look whether the record is still as it was written last; what is not is written again by the next write."""
        with suppress(MigratorError):
            for made in self._made:
                ref = ref_of(made)
                if not _holds(self._reader.get(ref), made):
                    self._made = ()
                    log.warning("record.changed-by-others name=%s", ref.name)
                    return say("record.written-again", name=ref.name)
        return None

    def _tried(self, flaw: Message | None) -> bool:
        try:
            self._require()
            self._write()
        except MigratorError as error:
            log.warning("record.not-kept why=%s", error)
            self._say(say("record.not-kept", why=error.message))
            return False
        except Exception as error:  # a library's own error, whose text may hold a secret: the next beat tries again
            log.error("record.broken error=%s", type(error).__name__)
            log.debug("record.broken", exc_info=True)
            return False
        if flaw is not None:
            self._told_at = monotonic()
        if flaw is not None or monotonic() - self._told_at >= self._look:  # what was told stands for a while
            self._say(flaw)
        return True

    def _say(self, trouble: Message | None) -> None:
        self._tell(() if trouble is None else (trouble,))

    def _write(self) -> None:
        """Write the newest place, and the plan before it where this process has not written it yet."""
        with self._lock:
            place = self._newest
        if place is None or (place == self._kept and self._made):
            return
        self._packed = self._packed or record.packed(self._plan)
        parts = self._made[:-1] or tuple(record.parts_of(self._plan.spec, self._packed))
        for part in () if self._made else parts:
            self._put(part)
        said = record.place_map(self._plan.spec, place, self._packed)
        self._put(said)
        self._made, self._kept = (*parts, said), place

    def _put(self, made: Manifest) -> None:
        """Write an object of the record. One that another field manager has edited is ours all the same."""
        try:
            self._writer.apply(ApplyObject(made))
        except Refused:
            found = self._reader.get(ref_of(made))
            if found is None:
                raise
            self._writer.patch(PatchObject(ref_of(made), {"data": mapping(made, "data")}, uid_of(found)))


def _holds(found: Manifest | None, made: Manifest) -> bool:
    """Say whether an object has all that was written."""
    has = {} if found is None else mapping(found, "data")
    return all(has.get(key) == value for key, value in mapping(made, "data").items())


def _parts(count: str) -> int:
    return min(whole_number(count) or 0, MOST_PARTS)
