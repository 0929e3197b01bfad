"""The WebSocket side of exec and port-forward: the protocol `v4.channel.k8s.io`, one byte of channel before the data."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping, Sequence

from aiohttp import WSMsgType, web

from migrator.lab.node.containers.program import start_piped
from migrator.lab.node.documents import Json

log = logging.getLogger(__name__)

PROTOCOLS = ("v4.channel.k8s.io", "portforward.k8s.io", "channel.k8s.io")
_CHUNK = 64 << 10
_CONNECT_SECONDS = 5.0
STDIN, STDOUT, STDERR, STATUS = 0, 1, 2, 3


async def accept(request: web.Request, *protocols: str) -> web.WebSocketResponse:
    """Upgrade `request` to one of `protocols`; frames of any size are taken, nothing is compressed."""
    socket = web.WebSocketResponse(protocols=protocols or PROTOCOLS, max_msg_size=0, compress=False)
    await socket.prepare(request)
    return socket


async def forward(socket: web.WebSocketResponse, host: str, ports: Sequence[int]) -> None:
    """Carry bytes between the socket and `host`'s ports: channel 2i is data of port i, 2i+1 its error text."""
    for index, port in enumerate(ports):
        for channel in (2 * index, 2 * index + 1):
            await socket.send_bytes(bytes((channel,)) + port.to_bytes(2, "little"))
    opened = [await _connect(socket, host, port, 2 * index) for index, port in enumerate(ports)]
    writers = {2 * index: pair[1] for index, pair in enumerate(opened) if pair}
    readers = [_from_pod(socket, pair[0], 2 * index) for index, pair in enumerate(opened) if pair]
    outwards = asyncio.ensure_future(asyncio.gather(*readers))
    inwards = asyncio.create_task(_to_pod(socket, writers))
    try:
        await asyncio.wait((outwards, inwards), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (outwards, inwards):
            task.cancel()
        for error in await asyncio.gather(outwards, inwards, return_exceptions=True):
            if isinstance(error, Exception):  # a cancellation is none: it is how the other direction ends
                log.warning("port-forward to %s ended: %r", host, error)
        for writer in writers.values():
            writer.close()
        await socket.close()


async def _connect(
    socket: web.WebSocketResponse, host: str, port: int, channel: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await asyncio.open_connection(host, port)
    except OSError as error:
        text = f"an error occurred forwarding {port} -> {port}: error forwarding port {port} to pod: {error}"
        await socket.send_bytes(bytes((channel + 1,)) + text.encode())
        return None


async def _from_pod(socket: web.WebSocketResponse, reader: asyncio.StreamReader, channel: int) -> None:
    prefix = bytes((channel,))
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            await socket.send_bytes(prefix + data)


async def _to_pod(socket: web.WebSocketResponse, writers: Mapping[int, asyncio.StreamWriter]) -> None:
    async for message in socket:
        data = _bytes(message.type, message.data)
        if data and (writer := writers.get(data[0])):
            writer.write(data[1:])
            with contextlib.suppress(ConnectionError):
                await writer.drain()


async def execute(
    socket: web.WebSocketResponse, command: Sequence[str], env: Mapping[str, str], *, with_stdin: bool
) -> None:
    """Run `command`, stream its output on channels 1 and 2, and end with its result on channel 3."""
    process = await start_piped(command, env)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    inwards = asyncio.create_task(_type_in(socket, process.stdin))
    if not with_stdin:
        process.stdin.close()
    try:
        await asyncio.gather(
            _from_pod(socket, process.stdout, STDOUT), _from_pod(socket, process.stderr, STDERR), process.wait()
        )
        assert process.returncode is not None
        await socket.send_bytes(bytes((STATUS,)) + json.dumps(result(process.returncode)).encode())
        await socket.close()
    except ConnectionError:
        pass  # the client went away; its command goes with it
    finally:
        inwards.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _type_in(socket: web.WebSocketResponse, stdin: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        async for message in socket:
            data = _bytes(message.type, message.data)
            if data[:1] == bytes((STDIN,)) and not stdin.is_closing():
                stdin.write(data[1:])
                await stdin.drain()


def result(code: int) -> Json:
    """Return the Status that ends an exec."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def _bytes(kind: WSMsgType, data: object) -> bytes:
    if kind is WSMsgType.BINARY and isinstance(data, bytes):
        return data
    return data.encode() if kind is WSMsgType.TEXT and isinstance(data, str) else b""
