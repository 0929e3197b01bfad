"""Telling a run's channels from another process: what its own could not tell any more, and that nobody watches it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

from migrator.app.telling.sender import Post
from migrator.app.wiring import CLOCK, Wired, told_of
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.domain.model.runs import Run
from migrator.domain.model.spec import Moment, Spec
from migrator.domain.ports.telling import Letter
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.store import Store


TOLD_FOR = timedelta(days=1)
"""How long a run that has ended is told of still, by another process than its own."""

PATIENCE = 20.0
"""Seconds for which a round waits for one channel; a letter that takes longer goes on beside the next round."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one channel: how many letters it took, and why it took no more. `run` None: it was a test."""

    run: int | None
    channel: str
    sent: int
    trouble: Message | None


def require_told(wired: Wired) -> None:
    """Raise UsageError when a channel of the plan cannot be told: nobody should begin a run and wait for words in vain."""
    if wired.untold:
        raise UsageError(say("notify.cannot", troubles=wired.untold))


def test(spec: Spec) -> list[Told]:
    """Send each channel of a plan a letter that says that it is a test. UsageError: the plan has none."""
    from migrator.adapters.telling import channels

    if not spec.notify:
        raise UsageError(say("notify.no-channel"))
    ready, untold = channels(spec.notify)
    found = [Told(None, "", 0, trouble) for trouble in untold]
    for channel in ready:
        words = say("notify.test", channel=channel.name), say("notify.test-title", channel=channel.name)
        letter = Letter("test", Moment.BEGAN, CLOCK.now(), render(words[1]), render(words[0]))
        try:
            channel.send(letter)
        except (Unreachable, Refused) as error:
            found.append(Told(None, channel.name, 0, error.message))
        else:
            found.append(Told(None, channel.name, 1, None))
    return found


class Telling:
    """One channel of one run, told on a thread: one that hangs keeps no other from being told."""

    def __init__(self, run: int, channel: str, post: Post[Letter]) -> None:
        self._run, self._channel, self._post = run, channel, post
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Begin to tell it what is due, unless that goes on still."""
        if self._thread is None or not self._thread.is_alive():
            self._post.sent, self._post.trouble = 0, None
            self._thread = Thread(target=self._post.empty, daemon=True)
            self._thread.start()

    def ended(self, within: float) -> Told | None:
        """Give what became of it, at most so many seconds later; None where there was nothing to tell."""
        assert self._thread is not None
        self._thread.join(within)
        if self._thread.is_alive():
            return Told(self._run, self._channel, self._post.sent, say("notify.hangs", channel=self._channel))
        trouble = self._post.trouble.message if self._post.trouble else None
        return Told(self._run, self._channel, self._post.sent, trouble) if self._post.sent or trouble else None


class Posts:
    """The channels of some runs of a store, told again and again. Each keeps its place, so that a round costs little."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._posts: dict[int, tuple[Telling, ...]] = {}
        self._untold: dict[int, tuple[Message, ...]] = {}

    def round(self, runs: Iterable[Run]) -> list[Told]:
        """Tell every channel of these runs what is due, and give what became of it; a run without channels gives nothing."""
        return [told for run in runs for told in self._told(run)]

    def recent(self) -> list[Run]:
        """Give the runs that go on, and those that ended within a day, the oldest first."""
        now = self._store.now()
        return [run for run in reversed(self._store.runs()) if not run.ended or now - run.updated_at < TOLD_FOR]

    def _told(self, run: Run) -> list[Told]:
        if run.id not in self._posts:
            self._connect(run)
        found = [Told(run.id, "", 0, trouble) for trouble in self._untold.pop(run.id, ())]
        for telling in self._posts[run.id]:
            telling.begin()
        return [*found, *(told for telling in self._posts[run.id] if (told := telling.ended(PATIENCE)) is not None)]

    def _connect(self, run: Run) -> None:
        """Get at a run's channels. A cluster that this process has no kubeconfig for keeps no other channel from being told."""
        from migrator.adapters.cluster.connection import Connection

        spec = self._store.plan(run.plan_id).spec
        connections, troubles = dict[str, Connection](), list[Message]()
        clusters = {there.at: there.cluster for there in (place(spec, side) for side in Side if spec.events)}
        for name, cluster in clusters.items():
            try:
                connections[name] = Connection(cluster)
            except MigratorError as error:
                troubles.append(error.message)
        ready, untold = told_of(spec, connections)
        self._untold[run.id] = (*untold, *troubles)
        self._posts[run.id] = tuple(Telling(run.id, each.name, Post.of(self._store, run, spec, each)) for each in ready)
