"""The pods of a namespace as the server tells of them: one watch that is begun anew where it ended. It reads, and keeps no pod.

Source: Kubernetes API concepts, "Efficient detection of changes": a watch begins at a list's resourceVersion; a bookmark moves
that on without a change; 410, as a status or as an event, means that the version is forgotten, so it is listed again.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.resources import Resources
from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, number, text
from migrator.domain.model.outside.reading import parsed

SECONDS = 60
"""For so long one watch stands; the server ends it then, and the next begins where it ended."""

SLACK = 10.0
"""Seconds after which a watch that the server has not ended is cut."""

GONE = 410


class PodWatch:
    """Watches one namespace's pods at a time. `stamp` is another number after every change; None while nobody watches."""

    def __init__(self, connection: Connection, resources: Resources) -> None:
        self._connection, self._resources = connection, resources
        self._lock = Lock()
        self._version, self._namespace = "", ""
        self._changes, self._standing, self._ended = 0, False, False
        self._deadline: Deadline | None = None

    def stamp(self, namespace: str) -> int | None:
        """Give the number of changes of a namespace's pods that this process was told of; None: it is not watched now."""
        with self._lock:
            return self._changes if self._standing and namespace == self._namespace else None

    def follow(self, namespace: str, moved: Callable[[], None]) -> None:
        """Watch until the server ends it, and call `moved` at every change, and where one may have been missed.

        Unreachable, Refused or Denied as of any read; the next call begins where this one ended, or with a list.
        """
        pods = None if self._ended else self._resources.find("v1", "Pod")
        if pods is None:
            return
        path = pods.path(namespace)
        if namespace != self._namespace:
            self._namespace, self._version = namespace, ""
        with Deadline(SECONDS + SLACK) as deadline:
            self._begin(deadline)
            try:
                if not self._version:
                    self._version = self._newest(path)
                    self._noted(moved)
                self._read(path, deadline, moved)
            except MigratorError:  # 410 as a status among them: what was missed is found by a list
                self._version = ""
                if not self._ended:  # to be ended is no trouble
                    raise
            finally:
                self._standing, self._deadline = False, None

    def end(self) -> None:
        """End the watch that stands, from another thread, and let none begin any more."""
        with self._lock:
            self._ended = True
            if self._deadline is not None:
                self._deadline.cut()

    def _begin(self, deadline: Deadline) -> None:
        with self._lock:
            self._deadline = deadline
            if self._ended:
                deadline.cut()

    def _newest(self, path: str) -> str:
        """Give the version of the collection as it is now: a list of one, for none of its pods is wanted."""
        return text(self._connection.ask("GET", path, {"limit": "1"}), "metadata", "resourceVersion")

    def _read(self, path: str, deadline: Deadline, moved: Callable[[], None]) -> None:
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(SECONDS),
        }
        for line in self._connection.lines(path, query, deadline):
            if not line:
                self._stands()
                continue
            if not self._take(line, moved):
                return

    def _stands(self) -> None:
        """Say that no change is missed from now on: the answer has begun.

        What has changed before comes with it, a moment later: a list of before the last watch broke off stands no more.
        """
        with self._lock:
            self._changes, self._standing = self._changes + 1, True

    def _take(self, line: bytes, moved: Callable[[], None]) -> bool:
        """Take one event in; return whether the watch goes on. Unreachable: it is none."""
        try:
            event = parsed(line)
        except ValueError as error:
            raise Unreachable(say("cluster.no-json", server=self._connection.server, asked="watch")) from error
        kind, thing = (text(event, "type"), event.get("object")) if isinstance(event, dict) else ("", None)
        if not isinstance(thing, dict):
            raise Unreachable(say("cluster.no-object", server=self._connection.server, asked="watch"))
        if kind == "ERROR":
            return self._lost(thing, moved)
        self._version = text(thing, "metadata", "resourceVersion") or self._version
        if kind != "BOOKMARK":
            self._noted(moved)
        return True

    def _lost(self, status: Manifest, moved: Callable[[], None]) -> bool:
        """Begin anew: what has changed meanwhile is not known. Unreachable: for another reason than a forgotten version."""
        self._version = ""
        self._noted(moved)
        if number(status, "code") != GONE:
            words = text(status, "message")[:200]
            raise Unreachable(say("cluster.watch-ended", server=self._connection.server, words=words))
        return False

    def _noted(self, moved: Callable[[], None]) -> None:
        with self._lock:
            self._changes += 1
        moved()
