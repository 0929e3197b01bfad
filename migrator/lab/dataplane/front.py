"""One listener of the data plane: accept, choose a target, connect, forward. No target or a refusal is a RST.

It never asks the control plane anything: weights and health are told to it when they take effect.
"""

import errno
import socket

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.delay import DelayLine
from migrator.lab.dataplane.link import Link
from migrator.lab.dataplane.pool import Pool
from migrator.lab.dataplane.reactor import READ, WRITE, Reactor
from migrator.lab.dataplane.rotation import Rotation

_ACCEPTS = 64  # per event, so that one busy listener does not starve the others
_CONNECT_TIMEOUT = 5.0
_PAUSE = 0.05
_IP_BIND_ADDRESS_NO_PORT = 24  # linux/in.h; choose the port at connect(), so 28,000 per target, not in all


class Front(Pool):
    """The forwarding half of a listener at `vip`:`port`; backends see `vip` as the client's address."""

    def __init__(
        self, reactor: Reactor, vip: str, port: int, wires: tuple[DelayLine, DelayLine], rotation: Rotation
    ) -> None:
        """Listen at once (port 0: any free one, see `port`); `wires` are (client to us, us to client)."""
        super().__init__(rotation)
        self._reactor = reactor
        self._vip = vip
        self._up, self._down = wires
        self._links: dict[Key, set[Link]] = {}
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind((vip, port))
        self._sock.listen(4096)
        self._sock.setblocking(False)
        self.port: int = self._sock.getsockname()[1]
        reactor.watch(self._sock, READ, self._accept)

    def cut(self, key: Key) -> None:
        """Reset every connection to `key`."""
        for link in list(self._links.get(key, ())):
            link.cut()

    def close(self) -> None:
        """Stop listening and reset every connection."""
        self._reactor.close(self._sock)
        for key in list(self._links):
            self.cut(key)

    def _accept(self, _: int) -> None:
        for _turn in range(_ACCEPTS):
            try:
                sock, _address = self._sock.accept()
            except BlockingIOError:
                return
            except OSError as error:
                self._rest(error)
                return
            self.counts.accepted += 1
            _prepare(sock)
            link = Link(self._reactor, self._up, self._down, self._ended)
            link.client.attach(sock)
            self._up.put(self._open, link)

    def _rest(self, error: OSError) -> None:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
            self._reactor.change(self._sock, 0)
            self._reactor.loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        if self._sock.fileno() >= 0:
            self._reactor.change(self._sock, READ)

    def _open(self, link: Link) -> None:
        """The client's SYN has arrived: choose and connect."""
        slot = self.rotation.pick()
        if slot is None:
            self.counts.no_target += 1
            link.backend.abort()
            return
        slot.counts.opened()
        link.counts = slot.counts
        link.key = slot.key
        self._links.setdefault(slot.key, set()).add(link)
        try:
            self._connect(link, slot.key)
        except OSError:  # out of sockets or ports
            slot.counts.failures += 1
            link.backend.abort()

    def _connect(self, link: Link, key: Key) -> None:
        sock = link.backend.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        _prepare(sock)
        sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((self._vip, 0))
        code = sock.connect_ex((key.address, key.port))
        if code == errno.EINPROGRESS:
            self._await(link, sock)
        else:
            self._connected(link, sock, code)

    def _await(self, link: Link, sock: socket.socket) -> None:
        def ready(_: int) -> None:
            timer.cancel()
            if link.backend.dead:
                return
            self._connected(link, sock, sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

        timer = self._reactor.loop.call_later(_CONNECT_TIMEOUT, self._connected, link, sock, errno.ETIMEDOUT)
        self._reactor.watch(sock, WRITE, ready)

    def _connected(self, link: Link, sock: socket.socket, code: int) -> None:
        if link.backend.dead:
            return
        if code == 0:
            link.backend.attach(sock)
            return
        assert link.counts is not None
        if code == errno.ECONNREFUSED:
            link.counts.refused += 1
        elif code in (errno.ECONNRESET, errno.EPIPE):  # it accepted, and reset before we looked
            link.counts.resets += 1
        else:
            link.counts.failures += 1
        link.backend.abort()

    def _ended(self, link: Link) -> None:
        if link.key is None or link.counts is None:
            return
        link.counts.active -= 1
        links = self._links[link.key]
        links.discard(link)
        if not links:
            del self._links[link.key]


def _prepare(sock: socket.socket) -> None:
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
