"""Requests and responses as values. Nothing here reads or writes a connection."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; of repeated query keys the last counts, `queries` has them all."""

    method: str
    path: str
    queries: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        """Return the query string as a mapping."""
        return dict(self.queries)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; its `Content-Length` is always sent, `Connection: close` ends the connection after it."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("content-type", "text/plain"),)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An answer that hands the connection to another protocol; bytes already read are given to it."""

    response: Response
    protocol: asyncio.Protocol


Answer = Response | Upgrade
Answerer = Callable[[Request], Answer | Awaitable[Answer]]


def json_response(value: object, status: int = 200) -> Response:
    """Return `value` as a JSON answer."""
    return Response(status, json.dumps(value).encode(), (("content-type", "application/json"),))
