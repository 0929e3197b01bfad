"""Reads that are put again: urllib3's own backoff with jitter, within the deadline of the whole call. Writes are sent once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from migrator.adapters.bounded.deadline import Deadline
from migrator.domain.messages.errors import Unreachable

T = TypeVar("T")

MOST = 4
FIRST, JITTER = 0.1, 0.1
"""Seconds before the second repetition (the first comes at once), doubled for each one more; and what chance adds."""

LONGEST = 1.0
"""A server that asks for more seconds than this is not asked again here: whoever wants the answer decides."""


def patiently(ask: Callable[[], T], deadline: Deadline) -> T:
    """Ask; and again after a reset, a silence or a trouble of the server, a few times and while there is time."""
    from urllib3.util.retry import Retry

    waits = Retry(total=MOST, backoff_factor=FIRST, backoff_jitter=JITTER)
    for _ in range(MOST):
        try:
            return ask()
        except Unreachable as error:
            waits = waits.increment(error=error)
            pause = max(error.retry_after or 0.0, waits.get_backoff_time())
            if deadline.over or pause >= min(LONGEST, deadline.left):
                raise
        time.sleep(pause)
    return ask()
