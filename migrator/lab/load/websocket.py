"""A WebSocket client (RFC 6455, frames by wsproto) that sends one text at a time and waits for its echo."""

import asyncio
import base64
import os

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

from migrator.lab.load.ledger import Answer, Loss, Result, Word
from migrator.lab.load.link import Http1Link, Link, Owner, word_of

SWITCHED = 101


def handshake_headers() -> tuple[tuple[str, str], ...]:
    """Return the headers that ask for the change of protocol."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-key", key),
        ("sec-websocket-version", "13"),
    )


class WebSocketLink(Link):
    """An open WebSocket. An echo that has not come when the other side closes is lost, whatever it says as it goes."""

    def __init__(self, owner: Owner, gateway: str) -> None:
        super().__init__(owner, claimed=False)
        self._frames = Connection(ConnectionType.CLIENT)
        self._waiting: asyncio.Future[Result] | None = None
        self._wanted = self._heard = ""
        self._gateway = gateway

    @property
    def busy(self) -> bool:
        return self._waiting is not None

    def adopt(self, link: Http1Link) -> None:
        """Take over the connection whose handshake was answered with 101."""
        wire, early = link.hand_over()
        wire.set_protocol(self)
        self._wire, self.usable = wire, True
        self.number, self.asked = link.number, link.asked
        if early:
            self.data_received(early)

    def echo(self, text: str) -> "asyncio.Future[Result]":
        """Send `text` and return the future of its echo."""
        assert self._waiting is None, "one echo at a time"
        waiting = self.begin()
        if not waiting.done():
            self._waiting, self._wanted, self._heard = waiting, text, ""
            self.write(self._frames.send(TextMessage(text)))
        return waiting

    def leave(self) -> None:
        """Say goodbye (close frame 1000) and close."""
        if self.usable:
            self.write(self._frames.send(CloseConnection(code=CloseReason.NORMAL_CLOSURE)))
        self.close()

    def data_received(self, data: bytes) -> None:
        try:
            self._frames.receive_data(data)
            for event in self._frames.events():
                self._heed(event)
        except (ProtocolError, ValueError):
            self._settle(Loss(Word.MALFORMED))
            self.abort()

    def fail_all(self, exc: Exception | None) -> None:
        self._settle(Loss(word_of(exc, started=bool(self._heard))))

    def _heed(self, event: Event) -> None:
        if isinstance(event, TextMessage):
            self._hear(event)
        elif isinstance(event, Ping):
            self.write(self._frames.send(event.response()))
        elif isinstance(event, CloseConnection):
            if not self._ours:
                self.write(self._frames.send(event.response()))
            self._settle(Loss(word_of(None, started=bool(self._heard))))
            self.close()

    def _hear(self, event: TextMessage) -> None:
        self._heard += event.data
        if event.message_finished:
            if self._heard == self._wanted:
                self._settle(Answer(SWITCHED, self._gateway))
            self._heard = ""

    def _settle(self, result: Result) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(result)
