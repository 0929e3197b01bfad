"""One TCP connection of a client, and what its end means. It decides nothing about when to ask or to reconnect."""

import asyncio
from typing import Protocol

from migrator.lab.http1.responses import NAMED_BY, Malformed, ResponseReader
from migrator.lab.load.ledger import Answer, Loss, Result, Word


class Owner(Protocol):
    """Whose connection it is."""

    def connected(self) -> int:
        """Count a connection that was made and return its id."""
        ...

    def cut(self, link: "Link") -> None:
        """Count `link` as cut."""
        ...


class Link(asyncio.Protocol):
    """A connection. An end with nothing in flight that we did not make is a *cut*; an announced end is never one,
    for a link answers every announcement (`Connection: close`, GOAWAY, a close frame) by closing itself.

    `usable` says whether a new request may be sent: it ends with the first sign that the other side wants to go.
    `claimed` says that a request waits for this connection to be made; if it ends first, that request is lost and
    the connection is not cut as well.
    """

    def __init__(self, owner: Owner, *, claimed: bool = True) -> None:
        self._owner = owner
        self._claimed = claimed
        self._ours = False
        self._ended: Exception | None = None
        self._wire: asyncio.Transport | None = None
        self.number = 0
        self.asked = 0
        self.made_at = 0.0
        self.usable = False
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        self.number = self._owner.connected()
        self.made_at = asyncio.get_running_loop().time()
        self.usable = True

    def eof_received(self) -> None:
        self.usable = False  # the transport closes itself next, and tells connection_lost

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable, self.gone, self._wire, self._ended = False, True, None, exc
        busy = self.busy or self._claimed
        self.fail_all(exc)
        if not (busy or self._ours):
            self._owner.cut(self)

    def close(self) -> None:
        """Close politely from our side, sending what is written; twice is once."""
        self._ours, self.usable = True, False
        if self._wire is not None:
            self._wire.close()

    def is_old(self, lasts: float) -> bool:
        """Say whether it has been open for longer than its client keeps one; 0 is for ever."""
        return bool(lasts) and asyncio.get_running_loop().time() - self.made_at >= lasts

    def abort(self) -> None:
        """Drop the connection at once; twice is once."""
        self._ours, self.usable = True, False
        if self._wire is not None:
            self._wire.abort()

    def begin(self) -> "asyncio.Future[Result]":
        """Count a request on this connection and return the future of its result: a loss already, if this is gone."""
        self._claimed = False
        self.asked += 1
        waiting: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if self.gone:
            waiting.set_result(Loss(word_of(self._ended)))
        return waiting

    def write(self, data: bytes) -> None:
        """Send bytes, if the connection is still there."""
        if self._wire is not None:
            self._wire.write(data)

    @property
    def busy(self) -> bool:
        """Whether a request is in flight."""
        raise NotImplementedError

    def fail_all(self, exc: Exception | None) -> None:
        """Settle what is in flight: the connection has ended, with `exc` or (None) in good order."""
        raise NotImplementedError


class Http1Link(Link):
    """HTTP/1.1 without pipelining: one request at a time."""

    def __init__(self, owner: Owner, *, claimed: bool = True, named_by: str = NAMED_BY) -> None:
        super().__init__(owner, claimed=claimed)
        self._named_by = named_by
        self._waiting: asyncio.Future[Result] | None = None
        self._reader = ResponseReader(named_by)

    @property
    def busy(self) -> bool:
        return self._waiting is not None

    def ask(self, request: bytes) -> "asyncio.Future[Result]":
        """Send a request and return the future of its result."""
        assert self._waiting is None, "one request at a time"
        self._reader = ResponseReader(self._named_by)
        waiting = self.begin()
        if not waiting.done():
            self._waiting = waiting
            self.write(request)
        return waiting

    def hand_over(self) -> tuple[asyncio.Transport, bytes]:
        """Give the connection away after a 101, with the bytes that came after it; this link is gone."""
        wire, self._wire = self._wire, None
        assert wire is not None, "only an open connection can be given away"
        self.usable, self.gone = False, True
        return wire, self._reader.excess

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self._unasked()
            return
        try:
            if self._reader.feed(data):
                self._answered()
        except Malformed:
            self._settle(Loss(Word.MALFORMED))
            self.abort()

    def _answered(self) -> None:
        head = self._reader.head
        assert head is not None
        self._settle(Answer(head.status, head.gateway, self._reader.body))
        if head.closes:
            self.close()
        elif self._reader.excess and head.status != 101:
            self._unasked()

    def _unasked(self) -> None:
        """Bytes that answer nothing: the connection cannot be trusted any more, and that is the other side's doing."""
        if not self._ours:
            self.abort()
            self._owner.cut(self)

    def fail_all(self, exc: Exception | None) -> None:
        if self._waiting is None:
            return
        head = self._reader.head
        if exc is None and head is not None and self._reader.end():
            self._settle(Answer(head.status, head.gateway, self._reader.body))
        else:
            self._settle(Loss(word_of(exc, started=self._reader.started)))

    def _settle(self, result: Result) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(result)


def word_of(exc: BaseException | None, *, started: bool = False) -> Word:
    """Return why a request was lost whose connection ended with `exc`; `started`: some of the answer had come."""
    if isinstance(exc, ConnectionRefusedError):
        return Word.REFUSED
    if isinstance(exc, TimeoutError):
        return Word.TIMEOUT
    if isinstance(exc, ConnectionError):
        return Word.RESET
    if exc is not None:
        return Word.UNREACHABLE
    return Word.CLOSED_MID if started else Word.CLOSED_BEFORE
