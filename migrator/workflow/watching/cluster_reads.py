"""What the guard reads of the cluster: every list and every object with an outcome of its own, and its own moment.

What does not answer now is as it was seen last, and grows old; the others are read all the same. What we may not read is
left out, and not asked for again for a while. A question that hangs is waited for once, and goes on beside the next looks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping
from migrator.domain.observation.nodes import Host
from migrator.domain.observation.world import Listing
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import Clock, ClusterReader
from migrator.workflow.questions import Questions

log = logging.getLogger(__name__)

WITHIN = 5.0
"""Seconds that one look waits for everything together."""

REFUSED_FOR = 15.0
"""Seconds for which a kind that we may not read is not asked for again: so long a right that is granted goes unnoticed, and
people are told that nobody watches what it is for."""

LATE = say("drift.late")


@dataclass(frozen=True, slots=True)
class Read:
    """What one question came to last, and when it was put: monotonic, and as the wall has it."""

    value: Any  # Any: what a question gives is its asker's business
    at: float
    told_at: datetime


class ClusterReads:
    """Reads for one look after the other (`begin`), each thing once a look."""

    def __init__(self, cluster: ClusterReader, clock: Clock, questions: Questions) -> None:
        self._cluster, self._clock, self._questions = cluster, clock, questions
        self._versions: dict[str, int] = {}
        self._refused: dict[str, float] = {}
        self._known: dict[str, Read] = {}
        self._now: dict[str, Read | None] = {}
        self._silent: set[str] = set()
        self._ends = inf

    def begin(self) -> None:
        """Begin a look: everything is asked for anew."""
        self._now.clear()
        self._ends = self._clock.monotonic() + WITHIN

    def listed(self, kind: Listing, cluster: str = "") -> tuple[Json, ...] | None:
        """List a kind in the version that had objects last; while none has any, in another version each time.

        None: we may not, or nobody has answered yet.
        """
        name, reader = _of(kind.key, cluster), reader_of(self._cluster, cluster)
        turn = self._versions.get(name, 0)
        version = kind.versions[turn % len(kind.versions)]
        read = self._read(name, lambda: reader.list_objects(version, kind.kind, kind.namespace, keep=slim))
        if read is not None and not read.value:
            self._versions[name] = turn + 1
        return None if read is None else tuple(read.value)

    def got(self, ref: ObjectRef) -> tuple[Manifest | None, ...]:
        """Give an object (None: it is not there); nothing at all where we may not read it, or nobody has answered yet."""
        read = self._read(str(ref), lambda: self._cluster.get(ref))
        return () if read is None else (read.value,)

    def seen_at(self, ref: ObjectRef) -> datetime | None:
        """Give when the question was put whose answer says how an object is."""
        read = self._now.get(str(ref))
        return read.told_at if read else None

    def hosts(self, selector: Sequence[tuple[str, str]], cluster: str = "") -> tuple[Host, ...] | None:
        """List the nodes; None: nobody knows which there are."""
        reader = reader_of(self._cluster, cluster)
        read = self._read(_of("Node", cluster), lambda: reader.hosts(selector))
        return None if read is None else read.value

    @property
    def oldest(self) -> float:
        """Give the moment (monotonic) of the oldest answer of this look; minus infinity while one is missing."""
        read = (each.at if each else -inf for name, each in self._now.items() if not self._is_refused(name))
        return min(read, default=self._clock.monotonic())

    @property
    def told(self) -> tuple[Message, ...]:
        """Tell what may not be read, as far as this process has tried, and what does not answer now."""
        shut = tuple(sorted(name for name in self._refused if self._is_refused(name)))
        silent = tuple(sorted(self._silent))
        refused = (say("drift.not-watched", what=shut),) if shut else ()
        return (*refused, *((say("drift.silent", what=silent),) if silent else ()))

    def _read(self, name: str, reading: Callable[[], Any]) -> Read | None:
        if name not in self._now:
            self._now[name] = self._asked(name, reading)
        return self._now[name]

    def _asked(self, name: str, reading: Callable[[], Any]) -> Read | None:
        if self._is_refused(name):
            return None
        self._silent.discard(name)
        try:
            self._questions.begin(name, lambda: self._put(reading))
            self._known[name] = self._questions.answer(name, self._ends - self._clock.monotonic(), LATE)
        except Refused as error:
            log.info("guard.unwatched what=%s why=%s", name, error)
            self._refused[name] = self._clock.monotonic() + REFUSED_FOR
            self._known.pop(name, None)
        except Unreachable as error:
            log.info("guard.silent what=%s why=%s", name, error)
            self._silent.add(name)
        return self._known.get(name)

    def _put(self, reading: Callable[[], Any]) -> Read:
        at, told_at = self._clock.monotonic(), self._clock.now()
        return Read(reading(), at, told_at)

    def _is_refused(self, name: str) -> bool:
        return self._refused.get(name, -inf) > self._clock.monotonic()


def _of(kind: str, cluster: str) -> str:
    """Give the name of a list; of a cluster that is not the gateway's home it names that, too."""
    return f"{kind} {cluster}:" if cluster else kind


def slim(thing: Manifest) -> Manifest:
    """Keep of an object what may mean something, and its name."""
    meta = mapping(thing, "metadata")
    kept: Manifest = {key: meta[key] for key in ("name", "namespace", "labels", "annotations") if key in meta}
    made: Manifest = {"apiVersion": thing.get("apiVersion"), "kind": thing.get("kind"), "metadata": kept}
    return made | {key: thing[key] for key in ("spec", "data") if key in thing}
