"""urllib3's pools, which the Kubernetes client and requests speak through, with connections that a deadline can cut."""

from __future__ import annotations

import socket

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from migrator.adapters.bounded.deadline import watch_now
from migrator.adapters.bounded.dialling import dialled


class _Watched(HTTPConnection):
    """A connection that is watched from its first byte, and again whenever it is taken up."""

    def _new_conn(self) -> socket.socket:
        try:
            link = dialled(self._dns_host, super()._new_conn)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "the connection was not open in time") from error
        watch_now(link)
        return link

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request; urllib3 opens the connection in it, or takes a kept one."""
        watch_now(self.sock)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class Plain(_Watched):
    """One without TLS."""


class Secure(_Watched, HTTPSConnection):
    """One over TLS."""


class PlainPool(HTTPConnectionPool):
    """Plain connections to one host."""

    ConnectionCls = Plain


class SecurePool(HTTPSConnectionPool):
    """TLS connections to one host."""

    ConnectionCls = Secure


def watched(manager: PoolManager) -> None:
    """Let the manager's future connections be cut by the deadline of the call that uses them."""
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
