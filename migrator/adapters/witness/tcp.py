"""New connections through the balancer's own address, one per question: what no gateway's counter can see.

A connection that is refused or reset before it reaches a gateway is in nobody's statistics but a client's.
"""

from __future__ import annotations

import http.client
import socket
import ssl

from migrator.adapters.bounded.deadline import Deadline, watch_now
from migrator.adapters.bounded.dialling import dialled
from migrator.adapters.prober import TLS_PORTS
from migrator.domain.ports.outside import Witness

GATEWAY_HEADER = "x-gateway"
_LARGEST = 1 << 20


class TcpWitness:
    """Dials the balancer afresh each time: no pool, no proxy, no retry.

    `header` is the response header by which an answer names the gateway that gave it; without it the answer says
    nothing of its sender (""), which is unknown and not "old". `tls` None: as the port suggests (443, 8443).
    """

    def __init__(
        self,
        address: str,
        port: int,
        host: str = "",
        path: str = "/",
        header: str = GATEWAY_HEADER,
        seconds: float = 3.0,
        tls: bool | None = None,
    ) -> None:
        self._where = (address, port)
        self._host, self._path, self._header, self._seconds = host or address, path, header, seconds
        self._tls = _unchecked() if (port in TLS_PORTS if tls is None else tls) else None

    def try_once(self) -> Witness:
        """Open a new connection, ask once, close. An answer cut short, refused or late is an error in words; a 5xx is
        an answer, with its status."""
        connection = self._connection()
        with Deadline(self._seconds) as deadline:
            try:
                connection.sock = self._dialled()
                peer = str(connection.sock.getpeername()[0])
                connection.request("GET", self._path, headers={"Host": self._host, "Connection": "close"})
                answer = connection.getresponse()
                _read_whole(answer)
                deadline.check()
            except (OSError, http.client.HTTPException) as error:
                why = TimeoutError() if deadline.over else error
                return Witness(f"{self._where[0]}:{self._where[1]}: {_words(why)}", "")
            finally:
                connection.close()
        return Witness("", answer.getheader(self._header) or "", answer.status, peer)

    def _dialled(self) -> socket.socket:
        """Connect under the deadline of this try, TLS too."""
        link = dialled(self._where[0], lambda: socket.create_connection(self._where, self._seconds))
        watch_now(link)
        return link if self._tls is None else self._tls.wrap_socket(link, server_hostname=self._host)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self._where, timeout=self._seconds)


def _read_whole(answer: http.client.HTTPResponse) -> None:
    """Read to the end, which is what makes an answer whole; a body beyond 1 MiB is whole enough."""
    size = 0
    while size < _LARGEST and (part := answer.read(64 << 10)):
        size += len(part)
    if size < _LARGEST and answer.length:
        raise http.client.IncompleteRead(b"", answer.length)


def _words(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return f"the answer was cut short, {error.expected} bytes are missing"
    if isinstance(error, http.client.RemoteDisconnected | http.client.BadStatusLine):
        return "closed without an answer"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"


def _unchecked() -> ssl.SSLContext:
    """The question is whether anybody answers through the balancer; an address is in no certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
