"""Our own requests straight to a backend, each on a connection of its own. A redirect is an answer and is not followed."""

from __future__ import annotations

import contextlib
import socket
import ssl
from contextlib import closing

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import AnswerTooLarge, Deadline, whole
from migrator.adapters.bounded.dialling import dialled
from migrator.domain.messages.message import Message, Value, say
from migrator.domain.model.balancer import ProbeWay

TLS_PORTS = frozenset({443, 8443})
LARGEST = 1 << 20


class HttpProber:
    """Asks a backend as a client would: by address, with the Host (and SNI) of the site.

    `tls_ports` are spoken to in TLS. The certificate is not checked: the question is whether the backend answers, and an
    address is in no certificate.
    """

    def __init__(self, seconds: float = 3.0, tls_ports: frozenset[int] = TLS_PORTS) -> None:
        self._seconds = seconds
        self._tls_ports = tls_ports
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the authorities, which take 30 ms to load
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    def probe(self, address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> Message | None:
        """Send one GET on a new connection: None when it was fully answered below 500, else why not. Raises nothing."""
        import httpx

        from migrator.adapters.bounded.transport import Transport

        if way in (ProbeWay.TCP, ProbeWay.NONE):
            return self._connects(address, port) if way is ProbeWay.TCP else None
        in_tls = way.in_tls or (way is ProbeWay.AUTO and port in self._tls_ports)
        scheme, first = "https" if in_tls else "http", introduction if way.introduced else None
        where = f"[{address}]" if ":" in address else address
        name = host or address
        try:
            # trust_env off: a proxy of ours would answer for the backend
            with (
                Deadline(self._seconds) as deadline,
                httpx.Client(trust_env=False, timeout=self._seconds, transport=Transport(self._tls, first)) as client,
                client.stream(
                    "GET",
                    f"{scheme}://{where}:{port}{path}",
                    headers={"host": name, "connection": "close", "user-agent": "migrator-probe"},
                    extensions={"sni_hostname": name} if host else None,
                ) as answer,
            ):
                with contextlib.suppress(AnswerTooLarge):  # so much of it is whole enough
                    whole(answer.iter_bytes(), LARGEST)
                deadline.check()
        except httpx.InvalidURL as error:
            return say("probe.no-path", path=path, words=str(error))
        except (httpx.HTTPError, OSError) as error:
            words: Value = say("call.late") if deadline.over else in_our_words(error)
            asked: dict[str, Value] = {"address": address, "port": port, "path": path, "host": name, "words": words}
            return say("probe.refused", **asked) if is_refused(error) else say("probe.no-answer", **asked)
        if answer.status_code < 500:
            return None
        return say("probe.bad", address=address, port=port, path=path, host=name, status=answer.status_code)

    def _connects(self, address: str, port: int) -> Message | None:
        """Open a connection and close it: None when that worked, else why not."""
        try:
            seconds = self._seconds
            with closing(dialled(address, lambda: socket.create_connection((address, port), seconds), seconds)):
                return None
        except OSError as error:
            return say("probe.no-connection", address=address, port=port, words=in_our_words(error))


def is_refused(error: BaseException) -> bool:
    """Say whether the address answered that nobody listens there: somewhere in an error's causes a connection was refused."""
    cause: BaseException | None = error
    for _ in range(8):
        if cause is None or isinstance(cause, ConnectionRefusedError):
            return cause is not None
        cause = cause.__cause__ or cause.__context__
    return False


def introduction(connection: socket.socket) -> bytes:
    """Return the line of PROXY protocol, version 1, that says who is at both ends (haproxy.org, proxy-protocol.txt, 2.1).

    Whoever expects the protocol reads both versions, as Envoy and nginx do.
    """
    family = "TCP6" if connection.family is socket.AF_INET6 else "TCP4"
    (source, source_port, *_), (target, target_port, *_) = connection.getsockname(), connection.getpeername()
    return f"PROXY {family} {source} {target} {source_port} {target_port}\r\n".encode()
