"""Bytes to and from one gateway within one deadline: over a socket of our own or any other stream, in TLS where asked."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time

from migrator.adapters.bounded.dialling import dialled
from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.prober import introduction
from migrator.domain.messages.message import say

_CHUNK = 64 << 10


class Direct:
    """A TCP connection of our own: no proxy, no pool."""

    def __init__(self, address: str, port: int, seconds: float, introduced: bool = False) -> None:
        self._socket = dialled(address, lambda: socket.create_connection((address, port), timeout=seconds), seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if introduced:
            self._socket.sendall(introduction(self._socket))

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._socket.sendall(data)

    def receive(self, seconds: float) -> bytes:
        """Give the next bytes, b"" at the end; TimeoutError after `seconds`."""
        self._socket.settimeout(seconds)
        return self._socket.recv(_CHUNK)

    def close(self) -> None:
        """Close it."""
        self._socket.close()


class TlsFailed(OSError):
    """The other end does not speak TLS with us, or not for this name."""


class Wire:
    """One connection with one deadline for everything on it. After an error it is of no more use."""

    def __init__(self, stream: Stream, seconds: float) -> None:
        self._stream = stream
        self._deadline = time.monotonic() + seconds
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.certificate, self.chosen = "", ""

    @property
    def left(self) -> float:
        """Give the seconds until the deadline; TimeoutError when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(say("stream.late"))
        return left

    def secure(self, sni: str, protocols: tuple[str, ...]) -> None:
        """Speak TLS from now on. The certificate is kept as a digest and not checked: it is compared, not trusted."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(list(protocols))
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=sni or None)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                if not self._fill():
                    raise TlsFailed from None
            except ssl.SSLError as error:
                raise TlsFailed from error
        self._flush()
        der = self._tls.getpeercert(binary_form=True)
        self.certificate = hashlib.sha256(der).hexdigest()[:16] if der else ""
        self.chosen = self._tls.selected_alpn_protocol() or ""

    def send(self, data: bytes) -> None:
        """Send all of it."""
        if not data:
            return
        if self._tls is None:
            self._stream.send(data)
            return
        self._tls.write(data)
        self._flush()

    def receive(self) -> bytes:
        """Give the next bytes, b"" at the end. OSError: late or broken."""
        if self._tls is None:
            return self._stream.receive(self.left)
        while True:
            try:
                return self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                self._flush()
                if not self._fill():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    def close(self) -> None:
        """Close it at once."""
        self._stream.close()

    def _flush(self) -> None:
        if waiting := self._out.read():
            self._stream.send(waiting)

    def _fill(self) -> bool:
        data = self._stream.receive(self.left)
        if data:
            self._in.write(data)
        return bool(data)
