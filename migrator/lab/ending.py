"""Wait in an asyncio loop for the end of a process, without polling. `process` is for those without a loop."""

import asyncio
import os
import subprocess


async def ended(popen: subprocess.Popen[bytes]) -> int:
    """Wait for the end of `popen`; return its exit code, negative for a signal."""
    if popen.poll() is None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        descriptor = os.pidfd_open(popen.pid)
        loop.add_reader(descriptor, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
    return popen.wait()
