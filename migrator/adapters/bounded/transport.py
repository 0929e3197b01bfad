"""httpx's transport, over connections that a deadline can cut. It uses no proxy."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import httpcore
import httpx

from migrator.adapters.bounded.deadline import watch_now
from migrator.adapters.bounded.dialling import dialled

First: TypeAlias = Callable[[socket.socket], bytes]
"""What is said first on a connection."""

KEPT = 20
KEPT_FOR = 5.0
"""Connections that are kept for the next call, and for how many seconds: httpx's own numbers."""


class Transport(httpx.HTTPTransport):
    """What httpx makes, with a pool of ours below: httpx passes no network backend on."""

    def __init__(self, context: ssl.SSLContext | None = None, first: First | None = None) -> None:
        """Use this TLS, and send what `first` says of a new connection before anything else, TLS too."""
        trusted = context or httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted,
            max_connections=100,
            max_keepalive_connections=KEPT,
            keepalive_expiry=KEPT_FOR,
            network_backend=_Backend(first),
        )


class _Backend(httpcore.SyncBackend):
    def __init__(self, first: First | None) -> None:
        super().__init__()
        self._first = first

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # httpcore's own union of three tuples
    ) -> httpcore.NetworkStream:
        dial = super().connect_tcp
        try:
            stream = dialled(host, lambda: dial(host, port, timeout, local_address, socket_options), timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        watch_now(stream.get_extra_info("socket"))
        if self._first is not None:
            stream.write(self._first(stream.get_extra_info("socket")), timeout)
        return _Stream(stream)


class _Stream(httpcore.NetworkStream):
    """A stream that is watched again with every request that is sent over it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch_now(self._stream.get_extra_info("socket"))
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
