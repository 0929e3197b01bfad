"""One client of the load: its target, its connection, its account. It never sends a request a second time."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from migrator.lab.http1.responses import NAMED_BY
from migrator.lab.load.ledger import Answer, Ledger, Loss, Result, Spot, Ticket
from migrator.lab.load.link import Http1Link, Link, word_of
from migrator.lab.load.mix import Group
from migrator.lab.load.pace import Beat, Pace

AGENT = "migrator-lab-load"
L = TypeVar("L", bound=Link)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the load goes, and the host it asks for there.

    `agent` says who asks, `header` is the one in which a gateway names itself. With `tls` nothing is verified: it is not
    the certificate that is tried.
    """

    host: str
    port: int
    host_header: str
    agent: str = AGENT
    header: str = NAMED_BY
    tls: bool = False

    def context(self) -> ssl.SSLContext | None:
        """Give what TLS needs; None where there is none."""
        if not self.tls:
            return None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


@dataclass(slots=True)
class Attempt:
    """A request on its way: where it went is known only once there is a connection."""

    ticket: Ticket
    spot: Spot = Spot()


class Client:
    """What every kind of client can do. `on_met` is called once, when its first connection is made."""

    def __init__(self, group: Group, number: int, target: Target, ledger: Ledger, pace: Pace) -> None:
        self.group = group
        self.number = number
        self.name = f"{group.kind}-{number}"
        self.target = target
        self.ledger = ledger
        self.link: Http1Link | None = None
        self.on_met: Callable[[], None] = _nothing
        self._tls = target.context()
        interval = 1 / group.rate
        self.beat = Beat(pace, interval, interval * number / group.clients)

    def connected(self) -> int:
        on_met, self.on_met = self.on_met, _nothing
        on_met()
        return self.ledger.connected(self.group.kind)

    def cut(self, link: Link) -> None:
        self.ledger.cut(self.group.kind, self.name, Spot(link.number, link.asked))

    async def open(self, link: L) -> L:
        """Connect `link` to the target. Raise `OSError`."""
        loop = asyncio.get_running_loop()
        name = self.target.host_header if self._tls else None
        await loop.create_connection(
            lambda: link, self.target.host, self.target.port, ssl=self._tls, server_hostname=name
        )
        return link

    async def account(self, ask: Callable[[Attempt], Awaitable[Result]]) -> Result:
        """Count a request as sent, make it with `ask`, and settle it with what came of it."""
        attempt = Attempt(self.ledger.send(self.group.kind, self.name))
        try:
            async with asyncio.timeout(self.group.deadline):
                result = await ask(attempt)
        except OSError as error:  # TimeoutError is one
            result = Loss(word_of(error))
        if isinstance(result, Answer):
            result = replace(result, right=self.group.is_right(result.status, result.body))
        self.ledger.settle(attempt.ticket, result, attempt.spot)
        return result

    async def ask_kept(self, attempt: Attempt) -> Result:
        """Ask over the kept connection; over a new one if there is none that may be used."""
        if self.link is not None and self.link.usable and self.link.is_old(self.group.lasts):
            self.link.close()
        if self.link is None or not self.link.usable:
            self.link = await self.open(Http1Link(self, named_by=self.target.header))
        return await ask_http1(self.link, self.request(attempt.ticket), attempt)

    async def ask_once(self, attempt: Attempt) -> Result:
        """Ask over a connection of its own."""
        link = await self.open(Http1Link(self, named_by=self.target.header))
        try:
            return await ask_http1(link, self.request(attempt.ticket), attempt)
        finally:
            link.close()

    def close(self) -> None:
        """Close the kept connection."""
        if self.link is not None:
            self.link.close()

    def request(self, ticket: Ticket, more: tuple[tuple[str, str], ...] = ()) -> bytes:
        """Return the bytes of an HTTP/1.1 request."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in (*self.headers(ticket), *more))
        return f"GET {self.group.path} HTTP/1.1\r\nhost: {self.target.host_header}\r\n{headers}\r\n".encode()

    def headers(self, ticket: Ticket) -> tuple[tuple[str, str], ...]:
        """Return the headers that every request carries."""
        return (("user-agent", self.target.agent), ("x-seq", str(ticket.seq)), ("x-client", self.group.kind.value))


async def ask_http1(link: Http1Link, request: bytes, attempt: Attempt) -> Result:
    """Send `request` over `link` and wait for the result; whoever stops waiting ends the connection."""
    return await settled(link, link.ask(request), attempt)


async def settled(link: Link, waiting: "asyncio.Future[Result]", attempt: Attempt) -> Result:
    """Note where a request went and wait for its result; whoever stops waiting ends the connection."""
    attempt.spot = Spot(link.number, link.asked)
    try:
        return await waiting
    except asyncio.CancelledError:
        link.abort()
        raise


def _nothing() -> None: ...
