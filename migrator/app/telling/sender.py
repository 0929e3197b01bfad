"""Empties the outbox of a run, a thread for each channel: a channel that fails or hangs delays no turn and no other channel.

A letter counts as told once its channel took it. A process that is killed between the two leaves it to the next one, which
tells it again: at least once, and one repeat for a kill at most, since a channel is told one letter at a time by one process
at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Thread
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from migrator.app.telling.outbox import Outbox
from migrator.app.telling.spans import SpanBox
from migrator.domain.messages.errors import MigratorError, Refused
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Spec
from migrator.domain.ports.telling import Channel, Letter, Traces
from migrator.store import Delivery, Store
from migrator.store.file.lock import Lock

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
LONGEST_PAUSE = 60.0
FLUSH = 5.0
"""Seconds in which the last letters may be taken once the run has ended; what is left is for `migrator notify`."""

FLUSH_LEAVING = 0.2
"""... and once the process was told to leave: it goes within a second."""


class Sender:
    """Tells the channels of one run, for as long as it is entered. `leaving` says whether the process was told to go."""

    def __init__(
        self,
        store: Store,
        run: Run,
        spec: Spec,
        channels: Iterable[Channel],
        leaving: Callable[[], bool] = lambda: False,
        every: float = LOOK_EVERY,
        traces: Traces | None = None,
    ) -> None:
        self._leaving, self._every = leaving, every
        self._stopping, self._given_up = Event(), Event()
        posts: list[Post[Any]] = [Post.of(store, run, spec, channel) for channel in channels]
        if traces is not None:
            posts.append(Post(store, run, traces.name, SpanBox(store, run, traces.name).due, traces.send))
        self._threads = [
            Thread(target=self._serve, args=(post,), daemon=True, name=f"tell {post.name}") for post in posts
        ]

    def __enter__(self) -> Sender:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the channels a moment for the last letters, and leave the rest to whoever comes next."""
        self._stopping.set()
        deadline = monotonic() + (FLUSH_LEAVING if self._leaving() else FLUSH)
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        self._given_up.set()

    def _serve(self, post: Post[Any]) -> None:
        failures = 0
        while not self._given_up.is_set():
            is_last = self._stopping.is_set()  # asked first: what was written before it is in this look
            emptied = post.empty(self._given_up.is_set)
            if is_last and emptied:
                return
            failures = 0 if emptied else failures + 1
            if is_last:
                self._given_up.wait(self._every)
            else:
                self._stopping.wait(min(LONGEST_PAUSE, self._every * 2 ** min(failures, 6)))


class Told(Protocol):
    """What is sent has an id, for the log."""

    @property
    def id(self) -> str:
        """Give it."""
        ...


T = TypeVar("T", bound=Told)


class Post(Generic[T]):
    """One channel of one run: what is due, and how it is sent. It raises nothing: what went wrong is logged by its code, and
    tried again."""

    def __init__(
        self,
        store: Store,
        run: Run,
        name: str,
        due: Callable[[], Sequence[tuple[T, Delivery]]],
        send: Callable[[T], None],
    ) -> None:
        self._store, self._run, self.name = store, run, name
        self._due, self._send = due, send
        self._lock = store.file.with_name(f"{store.file.name}.run-{run.id}-tell-{name}.lock")
        self.sent = 0
        self.trouble: MigratorError | None = None

    @classmethod
    def of(cls, store: Store, run: Run, spec: Spec, channel: Channel) -> Post[Letter]:
        """Give the one that sends letters."""
        box = Outbox(store, run, spec, channel.name, channel.moments)
        return Post(store, run, channel.name, box.due, channel.send)

    def empty(self, given_up: Callable[[], bool] = lambda: False) -> bool:
        """Send what is due; say whether nothing is left. While another process tells this channel, it is left to that one."""
        try:
            lock = Lock.take(self._lock)
            if lock is None:
                return True
            try:
                return self._emptied(given_up)
            finally:
                lock.release()
        except MigratorError as error:
            self._failed(error)
        except Exception as error:  # noqa: BLE001 - a defect here must never end a run; its text may hold a secret
            log.error("notify.broken channel=%s error=%s", self.name, type(error).__name__)
        return False

    def _emptied(self, given_up: Callable[[], bool]) -> bool:
        for each, told in self._due():
            if given_up():
                return False
            try:
                self._send(each)
            except Refused as error:  # it will never take this one: the next may fare better
                self._failed(error)
            else:
                self.sent += 1
                log.info("notify.sent channel=%s run=%s id=%s", self.name, self._run.id, each.id)
            self._store.keep_told(self._run.id, self.name, told)
        return True

    def _failed(self, error: MigratorError) -> None:
        self.trouble = error
        log.warning("notify.failed channel=%s run=%s why=%s", self.name, self._run.id, error.message.code)
