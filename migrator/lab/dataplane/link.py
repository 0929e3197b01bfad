"""One forwarded connection: a client's socket, a backend's socket, and the two wires between.

Bytes, FIN and RST pass both ways in order. It never retries, never chooses a second target, and never reads ahead of a
slow receiver by more than a fixed number of bytes.
"""

import socket
import struct
from collections import deque
from collections.abc import Callable

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.dataplane.delay import DelayLine
from migrator.lab.dataplane.reactor import ERROR, HANG_UP, READ, WRITE, Reactor

_CHUNK = 64 * 1024
_HIGH = 512 * 1024  # bytes read and not yet written, per direction, at which reading stops
_LOW = 128 * 1024
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: close() sends RST


class End:
    """One socket of a link. What it reads travels over `wire` to `peer`."""

    __slots__ = (
        "_fin",
        "_link",
        "_mask",
        "_out",
        "_paused",
        "_reactor",
        "_shut",
        "_wire",
        "connected",
        "dead",
        "eof",
        "peer",
        "queued",
        "sock",
    )

    def __init__(self, link: "Link", reactor: Reactor, wire: DelayLine) -> None:
        """Start without a socket: what arrives before `attach` waits."""
        self._link = link
        self._reactor = reactor
        self._wire = wire
        self.peer: End = self
        self.sock: socket.socket | None = None
        self._out: deque[bytes] = deque()
        self._mask = 0
        self._fin = self._shut = self._paused = False
        self.connected = self.dead = self.eof = False
        self.queued = 0  # bytes on the wire towards this end or waiting in it

    def attach(self, sock: socket.socket) -> None:
        """Begin with a connected socket."""
        self.sock = sock
        self.connected = True
        self._mask = self._wanted()
        self._reactor.watch(sock, self._mask, self.event)
        self._flush()

    def event(self, events: int) -> None:
        """Do what the kernel says is possible."""
        if events & WRITE:
            self._flush()
        if self.dead:
            return
        if self.eof:
            if events & (ERROR | HANG_UP):
                self.broken()
        elif self._paused and events & ERROR:
            self.broken()
        elif events & HANG_UP or (events & (READ | ERROR) and not self._paused):
            self._read()  # at a hang-up even while paused: only what the kernel holds is left to come

    def _read(self) -> None:
        assert self.sock is not None
        try:
            data = self.sock.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.broken()
            return
        peer = self.peer
        if not data:
            self.eof = True
            self._ask()
            self._wire.put(peer.finish, None)
            self._close_if_done()
            return
        self._link.carried(self, len(data))
        peer.queued += len(data)
        if peer.queued > _HIGH:
            self._paused = True
            self._ask()
        self._wire.put(peer.deliver, data)

    def deliver(self, data: bytes) -> None:
        """Write `data` after all that came before it."""
        if self.dead:
            return
        self._out.append(data)
        if self.connected and len(self._out) == 1:
            self._flush()

    def finish(self, _: None = None) -> None:
        """Pass a FIN on, after all data."""
        self._fin = True
        if self.connected and not self._out:
            self._flush()

    def reset(self, _: None = None) -> None:
        """Send a RST and be gone; unsent data is discarded, as the receiver of a RST would do."""
        if self.dead:
            return
        if self.sock is not None:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._die()

    def broken(self) -> None:
        """This end was reset: reset the other one too, once the wire has carried the reset there."""
        if self.dead:
            return
        self._link.broken()
        self._die()
        self._wire.put(self.peer.reset, None)

    def abort(self) -> None:
        """Reset this end by the balancer's own decision, and the other one as soon as the wire has carried it."""
        self.reset()
        self._wire.put(self.peer.reset, None)

    def _flush(self) -> None:
        if self.dead or self.sock is None:
            return
        out = self._out
        try:
            while out:
                sent = self.sock.send(out[0])
                self.queued -= sent
                if sent < len(out[0]):
                    out[0] = out[0][sent:]
                    break
                out.popleft()
            if self._fin and not out and not self._shut:
                self._shut = True
                self.sock.shutdown(socket.SHUT_WR)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.broken()
            return
        self._ask()
        self.peer.relieve(self.queued)
        self._close_if_done()

    def relieve(self, queued: int) -> None:
        """Read on once the other end has caught up."""
        if self._paused and queued < _LOW:
            self._paused = False
            self._ask()

    def _close_if_done(self) -> None:
        if self.eof and self._shut and not self.dead:
            self._die()

    def _die(self) -> None:
        self.dead = True
        self._out.clear()
        if self.sock is not None:
            self._reactor.close(self.sock)
            self.sock = None
        self._link.lost()

    def _wanted(self) -> int:
        reading = 0 if self.eof or self._paused else READ
        return reading | (WRITE if self._out else 0)

    def _ask(self) -> None:
        wanted = self._wanted()
        if wanted != self._mask and self.sock is not None and self.connected:
            self._mask = wanted
            self._reactor.change(self.sock, wanted)


class Link:
    """A client's connection and the backend's that belongs to it."""

    __slots__ = ("_on_end", "backend", "client", "counts", "key")

    def __init__(self, reactor: Reactor, up: DelayLine, down: DelayLine, on_end: Callable[["Link"], None]) -> None:
        """Join two ends; `on_end(link)` is called once, when both are gone. `key` and `counts` wait for a target."""
        self._on_end = on_end
        self.key: Key | None = None
        self.counts: TargetCounts | None = None
        self.client = End(self, reactor, up)
        self.backend = End(self, reactor, down)
        self.client.peer = self.backend
        self.backend.peer = self.client

    def cut(self) -> None:
        """Reset both ends, as a balancer does that reschedules."""
        if self.counts is not None:
            self.counts.cut += 1
        self.backend.abort()

    def carried(self, end: End, size: int) -> None:
        """Count a chunk of `size` bytes that `end` read; bytes that came before a target was chosen count for none."""
        counts = self.counts
        if counts is None:
            return
        counts.chunks += 1
        if end is self.client:
            counts.bytes_in += size
        else:
            counts.bytes_out += size

    def broken(self) -> None:
        """An end was reset by its owner."""
        if self.counts is not None:
            self.counts.resets += 1

    def lost(self) -> None:
        """An end is gone."""
        if self.client.dead and self.backend.dead:
            self._on_end(self)
