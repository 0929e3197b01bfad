"""A question that both sides are asked, and what a gateway has a route for. Values; nothing is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing (RFC 9110, 9.2.1, without TRACE, which proxies refuse)."""


class Protocol(StrEnum):
    """How a question is put. WEBSOCKET asks for the upgrade and closes; GRPC calls a method that does not exist."""

    HTTP1 = "http/1.1"
    HTTP2 = "h2"
    WEBSOCKET = "websocket"
    GRPC = "grpc"


class Origin(StrEnum):
    """Where a question comes from: the old gateways' routes, the plan's list, a HAR file, or an access log."""

    ROUTES = "routes"
    LIST = "list"
    HAR = "har"
    ACCESS_LOG = "accessLog"


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """One request, as it is asked of both sides.

    `host` is the Host header and the SNI (`sni` where that is another); `port` is what clients dial, it says which listener is
    meant (0: by the scheme). `query` has the names of the query alone: values may be secrets, so they are kept nowhere.
    `headers` are sent as they are; `secrets` are headers with the environment variable that holds the value.
    """

    scheme: str
    host: str
    path: str = "/"
    method: str = "GET"
    port: int = 0
    protocol: Protocol = Protocol.HTTP1
    query: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()
    sni: str = ""
    origin: Origin = Origin.LIST

    @property
    def tls(self) -> bool:
        """Say whether it is asked in TLS."""
        return self.scheme == "https"

    @property
    def target(self) -> str:
        """Give the path with the names of the query, each without a value."""
        return self.path + ("?" + "&".join(f"{name}=" for name in self.query) if self.query else "")

    @property
    def site(self) -> str:
        """Give the scheme and the host: what one certificate and one set of routes belong to."""
        return f"{self.scheme}://{self.host}"


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """What a gateway has a route for: the port on which it listens, whether in TLS, the host and the path.

    `host` may be a pattern of the gateway's (`*`, `*.example.com`).
    """

    port: int
    tls: bool
    host: str
    path: str = "/"
