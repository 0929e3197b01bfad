"""One client's connection through a door: its requests go on as they came, and what a fault orders happens to them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from dataclasses import dataclass

from migrator.lab.faults.answers import FLOOD, answer
from migrator.lab.faults.orders import SPEECH, Fault, Faults, Kind
from migrator.lab.faults.requests import Taken, request, words

_DIAL_S = 5.0
_AT_ONCE = 64 << 10
_DISCARDED_S = 10.0
"""How long the answer to a request that was delivered late is read, for nobody."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a door; `tls` None: it is spoken to in plain TCP."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    name: str = ""
    http: bool = True

    async def dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect. Raise `OSError`."""
        async with asyncio.timeout(_DIAL_S):
            name = (self.name or self.host) if self.tls else None
            return await asyncio.open_connection(self.host, self.port, ssl=self.tls, server_hostname=name)


class Reset(Exception):
    """The client's connection is to be reset now."""


class Link:
    """Serves one connection until either side ends it. What was delivered is never taken back."""

    def __init__(
        self, door: str, behind: Behind, faults: Faults, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._door, self._behind, self._faults = door, behind, faults
        self._reader, self._writer = reader, writer
        self._server: asyncio.StreamWriter | None = None
        self._pump: asyncio.Task[None] | None = None
        self._struck: Fault | None = None

    async def serve(self) -> None:
        """Pass on what comes until the end; then close both sides."""
        try:
            read = request if self._behind.http else words
            while taken := await read(self._reader):
                self._struck = self._faults.strike(self._door, taken.asked)
                await self._pass(taken)
                if taken.upgrades:
                    await _poured(self._reader, self._upstream)
        except Reset:
            reset(self._writer)
        except (OSError, ValueError, asyncio.IncompleteReadError):
            pass  # either side has gone, or speaks something else
        except asyncio.CancelledError:  # the doors close: nobody waits for a client's goodbye under TLS
            self._writer.transport.abort()
            raise
        finally:
            for task in [self._pump] if self._pump else []:
                task.cancel()
            for writer in [self._writer, *([self._server] if self._server else [])]:
                writer.close()

    @property
    def _upstream(self) -> asyncio.StreamWriter:
        assert self._server is not None, "a request was passed on"
        return self._server

    async def _pass(self, taken: Taken) -> None:
        fault = self._struck
        match fault.kind if fault else None:
            case None | Kind.LOST | Kind.CUT | Kind.DRIBBLE:
                await self._deliver(taken)
            case Kind.LATENCY:
                await asyncio.sleep(fault.seconds if fault else 0.0)
                await self._deliver(taken)
            case Kind.RESET:
                raise Reset
            case Kind.HALF_OPEN:
                await self._until_gone()
            case Kind.LATE:
                assert fault is not None
                keep(asyncio.ensure_future(late(self._behind, taken.raw, fault.seconds)))
                await self._until_gone()
            case _:
                assert fault is not None
                assert fault.kind in SPEECH
                await self._say(fault)

    async def _deliver(self, taken: Taken) -> None:
        if self._server is None or self._server.is_closing():
            reader, self._server = await self._behind.dial()
            self._pump = asyncio.ensure_future(self._answers(reader))
        self._server.write(taken.raw)
        await self._server.drain()

    async def _answers(self, server: asyncio.StreamReader) -> None:
        """Pass answers on as they come, and hurt them as the fault of the last request says."""
        with contextlib.suppress(OSError):
            while data := await server.read(_AT_ONCE):
                kind = self._struck.kind if self._struck else None
                if kind in (Kind.LOST, Kind.CUT):
                    self._writer.write(data[: len(data) // 2] if kind is Kind.CUT else b"")
                    await self._writer.drain()
                    reset(self._writer)
                    return
                await self._written(data, self._struck.seconds if self._struck and kind is Kind.DRIBBLE else None)
        self._writer.close()

    async def _written(self, data: bytes, apart: float | None) -> None:
        for part in [data] if apart is None else [data[at : at + 1] for at in range(len(data))]:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(apart or 0.0)

    async def _say(self, fault: Fault) -> None:
        self._writer.write(answer(fault))
        while fault.kind is Kind.FLOOD:  # until the client has had enough: writing fails then
            self._writer.write(FLOOD)
            await self._writer.drain()
            await asyncio.sleep(
                0.0
            )  # drain may never suspend; under TLS nobody would then hear that the client has gone
        await self._writer.drain()
        raise ConnectionError("said, and over")

    async def _until_gone(self) -> None:
        while await self._reader.read(_AT_ONCE):
            pass
        raise ConnectionError("the client has gone")


_KEPT: set[asyncio.Future[None]] = set()


def keep(task: asyncio.Future[None]) -> None:
    """Hold a task until it is done: the loop itself holds it weakly."""
    _KEPT.add(task)
    task.add_done_callback(_KEPT.discard)


async def late(behind: Behind, raw: bytes, seconds: float) -> None:
    """Deliver a request after so long, and read its answer for nobody."""
    await asyncio.sleep(seconds)
    with contextlib.suppress(OSError, TimeoutError):
        reader, writer = await behind.dial()
        try:
            writer.write(raw)
            await writer.drain()
            async with asyncio.timeout(_DISCARDED_S):
                await reader.read(_AT_ONCE)
        finally:
            writer.close()


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on bytes that are no requests any more, to their end."""
    while data := await reader.read(_AT_ONCE):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    await asyncio.sleep(_DISCARDED_S)  # the other side's last words; its end closes the client's connection


def reset(writer: asyncio.StreamWriter) -> None:
    """Reset a connection: whoever reads sees ECONNRESET, not an end."""
    plain = writer.get_extra_info("socket")
    if plain is not None:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
