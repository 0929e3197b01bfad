"""One line to HAProxy's runtime API and its reply. It repeats nothing; several commands on a line are not atomic.

Source: HAProxy management guide 9.3 and 2.6.12 on loopback: `;` joins commands, an empty line follows each reply, a command
that fails does not stop the rest, the reply ends at close.
"""

from __future__ import annotations

import socket

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import Deadline, watch_now
from migrator.adapters.bounded.dialling import dialled
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import whole_number

SECONDS = 9.0
MOST = 8 << 20
DENIED = "Permission denied"


class Runtime:
    """Where the runtime API listens: a path, or host:port. Each call is a connection of its own."""

    def __init__(self, where: str) -> None:
        self._where = where

    def ask(self, commands: list[str]) -> str:
        """Send the commands on one line and give the whole reply. Unreachable: perhaps done. Refused: not allowed."""
        try:
            with Deadline(SECONDS) as deadline, self._connected() as link:
                watch_now(link)
                link.sendall((";".join(commands) + "\n").encode())
                reply = _all(link)
                deadline.check()
        except PermissionError as error:
            raise Refused(say("haproxy.socket-closed-to-us", socket=self._where)) from error
        except OSError as error:
            problem = in_our_words(error, error.strerror or type(error).__name__)
            then = say("driver.read-again" if all(map(reads, commands)) else "driver.perhaps-done")
            raise Unreachable(say("haproxy.no-answer", socket=self._where, problem=problem, then=then)) from error
        if reply.startswith(DENIED):
            raise Refused(say("haproxy.not-admin", socket=self._where))
        return reply

    def _connected(self) -> socket.socket:
        host, _, digits = self._where.rpartition(":")
        if not self._where.startswith("/") and (port := whole_number(digits)) is not None:
            return dialled(host, lambda: socket.create_connection((host, port), SECONDS))
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(SECONDS)
        try:
            link.connect(self._where)
        except OSError:
            link.close()
            raise
        return link


def reads(command: str) -> bool:
    """Say whether a command only shows something."""
    return command.startswith("show ")


def _all(link: socket.socket) -> str:
    """Read until the other side closes. An answer without its end, or without any, is no answer."""
    parts: list[bytes] = []
    size = 0
    while part := link.recv(1 << 16):
        parts.append(part)
        size += len(part)
        if size > MOST:
            raise OSError("the reply is too long")
    if not parts:
        raise ConnectionError("closed without a reply")
    return b"".join(parts).decode(errors="replace")
