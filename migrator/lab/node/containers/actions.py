"""Perform one probe or hook action. It knows no thresholds and repeats nothing."""

import asyncio
import ssl
from collections.abc import Mapping

from migrator.lab.http1.client import fetch
from migrator.lab.node.containers.program import start_piped
from migrator.lab.node.containers.spec import Action, Exec, HttpGet, Sleep, TcpSocket


class ActionFailed(Exception):
    """The action did not succeed; the text is what a kubelet writes into its event."""


async def perform(action: Action, env: Mapping[str, str], timeout: float) -> None:
    """Perform `action` within `timeout` seconds. Raise `ActionFailed`."""
    try:
        async with asyncio.timeout(timeout):
            await _perform(action, env, timeout)
    except TimeoutError as error:
        raise ActionFailed(f"timed out after {timeout:g}s") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(str(error)) from error


async def _perform(action: Action, env: Mapping[str, str], timeout: float) -> None:
    match action:
        case HttpGet():
            await _get(action, timeout)
        case TcpSocket():
            _, writer = await asyncio.open_connection(action.host, action.port)
            writer.close()
        case Exec():
            await _execute(action, env)
        case Sleep():
            await asyncio.sleep(action.seconds)


async def _get(action: HttpGet, timeout: float) -> None:
    tls = None
    if action.tls:  # a kubelet does not verify either
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    headers = {"user-agent": "kube-probe/lab", **dict(action.headers)}
    status, _ = await fetch((action.host, action.port), action.path, timeout=timeout, headers=headers, tls=tls)
    if not 200 <= status < 400:
        raise ActionFailed(f"HTTP probe failed with statuscode: {status}")


async def _execute(action: Exec, env: Mapping[str, str]) -> None:
    started = await start_piped(action.command, env)
    try:
        out, err = await started.communicate()
    except asyncio.CancelledError:
        started.kill()
        await started.wait()
        raise
    if started.returncode:
        output = (out + err).decode(errors="replace").strip()[-300:]
        raise ActionFailed(f"command {' '.join(action.command)!r} exited with {started.returncode}: {output}")
