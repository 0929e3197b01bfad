"""One API server, spoken to over HTTP as one user. It retries nothing: callers look again and decide anew."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
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
    token: str = ""
    tls: ssl.SSLContext | None = None


def read_kubeconfig(path: Path) -> Access:
    """Read the current context of a kubeconfig: plain or TLS, token or client certificate, in files or inline.

    Raises OSError, KeyError or StopIteration on a broken file. Exec plugins are not run.
    """
    config: Json = yaml.safe_load(path.read_text())

    def named(group: str, name: str) -> Json:
        return dict(next(item for item in config[group] if item["name"] == name)[group.removesuffix("s")])

    context = named("contexts", config["current-context"])
    cluster, user = named("clusters", context["cluster"]), named("users", context["user"])
    server = str(cluster["server"]).rstrip("/")
    tls = _tls(cluster, user) if server.startswith("https:") else None
    return Access(server, str(user.get("token") or ""), tls)


def _tls(cluster: Json, user: Json) -> ssl.SSLContext:
    authority = cluster.get("certificate-authority-data")
    data = base64.b64decode(authority).decode() if authority else None
    tls = ssl.create_default_context(cafile=cluster.get("certificate-authority"), cadata=data)
    if cluster.get("insecure-skip-tls-verify"):
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    with TemporaryDirectory() as folder:  # the ssl module reads client certificates from files only
        if certificate := _file(user, "client-certificate", folder):
            tls.load_cert_chain(certificate, _file(user, "client-key", folder))
    return tls


def _file(user: Json, field: str, folder: str) -> str | None:
    if inline := user.get(f"{field}-data"):
        path = Path(folder) / field
        path.write_bytes(base64.b64decode(inline))
        return str(path)
    found: str | None = user.get(field)
    return found


class Api:
    """Calls to one API server. Use as an async context manager."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Api:
        # One connection per watch stays open, so the pool must not be bounded at aiohttp's 100.
        headers = {"User-Agent": "migrator-lab"}
        if self._access.token:
            headers["Authorization"] = f"Bearer {self._access.token}"
        pool = aiohttp.TCPConnector(limit=0, ssl=self._access.tls or True)
        self._session = aiohttp.ClientSession(self._access.server, headers=headers, connector=pool)
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
