"""The end of an event loop that a test ran in a thread of its own."""

from __future__ import annotations

import asyncio


def close(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop that runs no more, and leave no connection open: neither one that was still being closed, nor one that
    nobody had shaken hands on yet. A socket that is left complains later, in a test that has nothing to do with it."""
    for transport in list(vars(loop)["_transports"].values()):
        transport.abort()
    loop.run_until_complete(asyncio.sleep(0))  # each closes its socket at the next turn of the loop
    loop.close()
