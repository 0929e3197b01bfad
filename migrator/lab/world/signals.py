"""Turn the signals that end a process into one exception, so that `finally` blocks stop what was started."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


class StopAsked(Exception):
    """A signal asked this process to stop."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM, SIGINT and SIGHUP into `StopAsked` inside the block; a second one while stopping is ignored."""

    def tell(caught: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise StopAsked(signal.Signals(caught).name)

    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.signal(number, tell) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
