"""One API server, spoken to over plain HTTP as one user. It retries nothing: callers look again and decide anew."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from migrator.lab.controllers.resources import Json

_JSON = "application/json"
_CALL_SECONDS = 10.0


class ApiError(Exception):
    """The server answered with an error: HTTP status, reason and message of its Status object."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message


class Unanswered(Exception):
    """The server could not be reached, or did not answer in time. A write may have happened."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API server is and as whom to speak to it."""

    server: str
    token: str


def read_kubeconfig(path: Path) -> Access:
    """Read the current context of a kubeconfig. Raises KeyError, OSError or StopIteration on a broken file."""
    config: Json = yaml.safe_load(path.read_text())

    def named(group: str, name: str) -> Json:
        return dict(next(item for item in config[group] if item["name"] == name)[group.removesuffix("s")])

    context = named("contexts", config["current-context"])
    user = named("users", context["user"])
    return Access(str(named("clusters", context["cluster"])["server"]).rstrip("/"), str(user.get("token") or ""))


class Api:
    """Calls to one API server. Use as an async context manager."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Api:
        # One connection per watch stays open, so the pool must not be bounded at aiohttp's 100.
        headers = {"Authorization": f"Bearer {self._access.token}", "User-Agent": "migrator-lab"}
        self._session = aiohttp.ClientSession(
            self._access.server, headers=headers, connector=aiohttp.TCPConnector(limit=0)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
        content: str = _JSON,
    ) -> Json:
        """Make one call and give the JSON answer. Raises ApiError or Unanswered."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": content} if data is not None else {}
        timeout = aiohttp.ClientTimeout(total=_CALL_SECONDS)
        try:
            async with self._open.request(
                method, path, params=query, data=data, headers=headers, timeout=timeout
            ) as reply:
                text = await reply.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unanswered(f"{method} {path}: {error!r}") from error
        return _value(reply.status, text)

    async def watch(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Json]:
        """Yield the events of one watch until the server ends it. Raises ApiError or Unanswered."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CALL_SECONDS)
        try:
            async with self._open.get(path, params={"watch": "true", **query}, timeout=timeout) as reply:
                if reply.status != 200:
                    _value(reply.status, await reply.read())
                async for line in _lines(reply.content):
                    yield json.loads(line)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unanswered(f"watch {path}: {error!r}") from error

    @property
    def _open(self) -> aiohttp.ClientSession:
        assert self._session is not None, "used outside its `async with`"
        return self._session


async def _lines(stream: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    # `readline` refuses lines above the stream's limit; an object can be larger than that.
    rest = b""
    async for chunk in stream.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line.strip():
                yield line


def _value(status: int, text: bytes) -> Json:
    try:
        found: Any = json.loads(text) if text else {}
    except ValueError:
        found = {"message": text.decode(errors="replace")[:200]}
    answer: Json = found if isinstance(found, dict) else {"value": found}
    if status >= 400:
        raise ApiError(status, str(answer.get("reason") or ""), str(answer.get("message") or ""))
    return answer
