"""Connections to a host by its name, the look-up within the same time: the system's resolver knows no deadline of ours.

A resolver that does not answer holds a call for 10 s and more (resolv.conf(5): `timeout` 5 s, `attempts` 2, for each name
server and each search domain), while nothing that a deadline cuts is open yet. So it is asked on a thread of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from ipaddress import ip_address
from typing import Protocol, TypeVar

from migrator.adapters.bounded.aside import aside
from migrator.adapters.bounded.deadline import seconds_left


class Link(Protocol):
    """What is closed when nobody wants it any more."""

    def close(self) -> None:
        """Close it."""
        ...


L = TypeVar("L", bound=Link)


def dialled(host: str, dial: Callable[[], L], seconds: float | None = None) -> L:
    """Give what `dial` opens within `seconds`, or what the deadline of this call leaves of them.

    An address needs no look-up, and is dialled here. TimeoutError: it took longer; what it opens then is closed at once.
    """
    if is_address(host):
        return dial()
    ours = copy_context()  # the deadline of this call, for what watches its connection itself
    opening = aside(lambda: ours.run(dial))
    wait([opening], seconds_left(seconds))
    if not opening.done():
        opening.add_done_callback(_hang_up)
        raise TimeoutError
    return opening.result()


def is_address(host: str) -> bool:
    """Say whether this is an IP address, perhaps in brackets."""
    try:
        ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def _hang_up(late: Future[L]) -> None:
    if late.exception() is None:
        with contextlib.suppress(OSError):
            late.result().close()
