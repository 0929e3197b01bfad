"""Start a container's processes so that they die with the node agent, and learn of their end without polling."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO

from migrator.lab import process
from migrator.lab.ending import ended


def start(argv: Sequence[str], env: Mapping[str, str], log: IO[bytes], *, low_ports: bool) -> subprocess.Popen[bytes]:
    """Start a container's first process with its output in `log`."""
    return process.spawn([*_without_low_ports(low_ports), *argv], env=env, stdout=log, stderr=subprocess.STDOUT)


async def start_piped(argv: Sequence[str], env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start a process for `exec` with three pipes; it too dies with the node agent."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *process.shim(), *argv, env=dict(env), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )


async def exited(popen: subprocess.Popen[bytes]) -> int:
    """Wait for the end of `popen`; return its exit code as a container runtime counts it (128 + signal)."""
    code = await ended(popen)
    return code if code >= 0 else 128 - code


def _without_low_ports(allowed: bool) -> list[str]:
    """Return the wrapper that takes the right to bind ports below 1024 from a container started by root.

    Without root the kernel refuses them by itself.
    """
    setpriv = shutil.which("setpriv")
    if allowed or os.geteuid() != 0 or setpriv is None:
        return []
    return [setpriv, "--bounding-set", "-net_bind_service", "--inh-caps", "-net_bind_service"]
