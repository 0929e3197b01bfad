"""A process that holds a run, for tests that stop or kill it. `python -m tests.store.holder FILE RUN WHAT`.

It prints one word when it is where the test wants it, then reads its standard input: nothing outlives the test.
"""

from __future__ import annotations

import os
import signal
import sys

from migrator.domain.messages.errors import LeaseLost
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Heading
from migrator.store import Lease, Store
from tests.store.world import OLD, FakeClock


def say(word: str) -> None:
    """Tell the test."""
    print(word, flush=True)


def hold(store: Store, lease: Lease) -> None:
    """Hold the run until the test says something, then write, and say how that went."""
    say("holding")
    sys.stdin.readline()
    try:
        store.journal(lease.run_id, lease).note("late", verbatim("still here"))
        say("wrote")
    except LeaseLost:
        say("lost")
    sys.stdin.read()


def die(store: Store, lease: Lease) -> None:
    """Die between the intent and its acceptance, as `kill -9` does it."""
    store.journal(lease.run_id, lease).intend(
        Heading.FORWARD, 0, SetWeights((Weighted(OLD, 90),)), verbatim("one step")
    )
    say("intended")
    os.kill(os.getpid(), signal.SIGKILL)


def fork(store: Store, lease: Lease) -> None:
    """Leave a child behind and die."""
    if os.fork() == 0:
        say("forked")
        sys.stdin.read()
        os._exit(0)
    signal.pause()


if __name__ == "__main__":
    file, run_id, what = sys.argv[1:]
    opened = Store.open(file, FakeClock())
    {"hold": hold, "die": die, "fork": fork}[what](opened, opened.acquire(int(run_id), f"bob@ops pid {os.getpid()}"))
