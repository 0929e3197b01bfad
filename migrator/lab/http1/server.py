"""A small HTTP/1.1 server over asyncio, for lab processes that must start fast: one answer at a time, in order."""

import asyncio
from collections.abc import Awaitable

from migrator.lab.http1.messages import Answer, Answerer, Response, Upgrade
from migrator.lab.http1.requests import BadRequest, Requests


class Connection(asyncio.Protocol):
    """One client's connection: requests are answered strictly in order, one at a time."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._requests = Requests()
        self._pending: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._pending is not None:
            self._pending.cancel()

    def data_received(self, data: bytes) -> None:
        self._requests.feed(data)
        if self._pending is None:
            self._pump()

    def _pump(self) -> None:
        while self._transport is not None and self._pending is None:
            try:
                request = self._requests.next()
            except BadRequest as error:
                self._refuse(self._transport, error)
                return
            if request is None:
                return
            answer = self._answer(request)
            if isinstance(answer, Response | Upgrade):
                self._send(answer)
            else:
                self._pending = asyncio.ensure_future(self._later(answer))

    def _refuse(self, transport: asyncio.Transport, error: BadRequest) -> None:
        response = Response(400, str(error).encode(), (("connection", "close"),))
        transport.write(self._requests.respond(response))
        transport.close()

    async def _later(self, answer: Awaitable[Answer]) -> None:
        try:
            self._send(await answer)
        except asyncio.CancelledError:  # the server ends while somebody waits for an answer
            if self._transport is not None:
                self._transport.abort()
            raise
        finally:
            self._pending = None
        self._pump()

    def _send(self, answer: Answer) -> None:
        transport = self._transport
        if transport is None:
            return
        if isinstance(answer, Upgrade):
            transport.write(self._requests.respond(answer.response))
            self._hand_over(transport, answer.protocol)
            return
        transport.write(self._requests.respond(answer))
        if self._requests.is_over:
            transport.close()

    def _hand_over(self, transport: asyncio.Transport, protocol: asyncio.Protocol) -> None:
        self._transport = None
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if excess := self._requests.excess:
            protocol.data_received(excess)


async def serve(answer: Answerer, host: str, port: int) -> asyncio.Server:
    """Listen on `host:port` and answer every request with `answer`; the caller closes the server."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(answer), host, port, backlog=1024)
