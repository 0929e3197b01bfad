"""Tell the owner of a socket what the kernel says about it, through one epoll inside the asyncio loop.

asyncio's transports are not used because they stop watching a half-closed socket, and so would never see its RST.
"""

import asyncio
import select
import socket
from collections.abc import Callable

READ = select.EPOLLIN
WRITE = select.EPOLLOUT
ERROR = select.EPOLLERR  # always reported, asked for or not, like the next
HANG_UP = select.EPOLLHUP  # FIN sent and received, the latter perhaps not read yet; or reset

_BATCH = 256


class Reactor:
    """Level-triggered events for many sockets. Sockets are closed after a batch, so no event meets a reused number."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Attach to `loop`; every callback runs in its thread."""
        self.loop = loop
        self._epoll = select.epoll()
        self._owners: dict[int, Callable[[int], None]] = {}
        self._doomed: list[socket.socket] = []
        self._in_batch = False
        loop.add_reader(self._epoll.fileno(), self._batch)

    def watch(self, sock: socket.socket, mask: int, owner: Callable[[int], None]) -> None:
        """Call `owner(events)` while any of `mask`, an error or a hang-up is pending on `sock`; replaces an owner."""
        fd = sock.fileno()
        if fd in self._owners:
            self._epoll.modify(fd, mask)
        else:
            self._epoll.register(fd, mask)
        self._owners[fd] = owner

    def change(self, sock: socket.socket, mask: int) -> None:
        """Ask for another set of events; errors and hang-ups are reported even for 0."""
        self._epoll.modify(sock.fileno(), mask)

    def close(self, sock: socket.socket) -> None:
        """Watch `sock` no more and close it."""
        if self._owners.pop(sock.fileno(), None) is not None:
            self._epoll.unregister(sock.fileno())
        if self._in_batch:
            self._doomed.append(sock)
        else:
            sock.close()

    def stop(self) -> None:
        """Detach from the loop; sockets still watched stay as they are."""
        self.loop.remove_reader(self._epoll.fileno())
        self._epoll.close()

    def _batch(self) -> None:
        self._in_batch = True
        try:
            for fd, events in self._epoll.poll(0, _BATCH):
                owner = self._owners.get(fd)
                if owner is not None:
                    owner(events)
        finally:
            self._in_batch = False
            for sock in self._doomed:
                sock.close()
            self._doomed.clear()
