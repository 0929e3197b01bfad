"""Doors in this very process, before a server of a test's own: as the lab opens them, without a lab."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from migrator.lab.faults.__main__ import opened
from migrator.lab.faults.orders import Faults
from tests.loops import close


@contextmanager
def door(port: int, name: str = "api", **more: Any) -> Iterator[tuple[Faults, int]]:
    """Open a door before a port of loopback; give what is in force there, and the door's own port."""
    faults = Faults({name: more.get("http", True)})
    described = {"name": name, "listen": "127.0.0.1:0", "host": "127.0.0.1", "port": port, "http": True} | more
    loop = asyncio.new_event_loop()
    opening = loop.run_until_complete(opened(described, faults))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield faults, opening.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(opening.close)
        loop.call_soon_threadsafe(_cancel, loop)
        thread.join(10.0)
        close(loop)


def _cancel(loop: asyncio.AbstractEventLoop) -> None:
    """End what still runs, then the loop: a client may have left a connection half open."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    ended = asyncio.gather(*tasks, return_exceptions=True)
    ended.add_done_callback(lambda _: loop.call_later(0.05, loop.stop))  # what was closed ends in a later turn
