"""Something that a thread does again and again beside a command, and a last time once the command is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def repeated(act: Callable[[], None], every: float, name: str, stop_within: float) -> Iterator[None]:
    """Act each `every` seconds while the block lasts, and at its end, for which the thread is waited `stop_within` seconds."""
    over = Event()

    def go_on() -> None:
        while not over.wait(every):
            act()

    thread = Thread(target=go_on, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(stop_within)
        act()
