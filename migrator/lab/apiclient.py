"""One API server, anybody's, spoken to over HTTP as one user. It retries nothing: callers look again and decide anew."""

import base64
import json
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import yaml

Json = dict[str, Any]
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
_CALL_SECONDS = 10.0
_QUIET_SECONDS = 90.0  # a watch that says nothing that long may hang on a dead connection


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
    """Where the API server is and how to be let in."""

    server: str
    token: str = ""
    tls: ssl.SSLContext | bool = True


def read_kubeconfig(path: Path) -> Access:
    """Read the current context: token or client certificate, plain or TLS. `ValueError` if it names what is not there."""
    config: Json = yaml.safe_load(path.read_text())

    def named(group: str, name: str) -> Json:
        for item in config.get(group) or ():
            if item["name"] == name:
                return dict(item[group.removesuffix("s")])
        raise ValueError(f"{path}: no {name!r} among the {group}")

    context = named("contexts", config["current-context"])
    cluster, user = named("clusters", context["cluster"]), named("users", context["user"])
    token = user.get("token") or (Path(user["tokenFile"]).read_text().strip() if user.get("tokenFile") else "")
    server = str(cluster["server"]).rstrip("/")
    return Access(server, str(token), _tls(cluster, user) if server.startswith("https") else True)


def _tls(cluster: Json, user: Json) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority := _bytes(cluster, "certificate-authority"):
        context.load_verify_locations(cadata=authority.decode())
    if cluster.get("insecure-skip-tls-verify"):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    certificate, key = _bytes(user, "client-certificate"), _bytes(user, "client-key")
    if certificate and key:
        with tempfile.NamedTemporaryFile() as both:  # load_cert_chain takes files only
            both.write(certificate + b"\n" + key)
            both.flush()
            context.load_cert_chain(both.name)
    return context


def _bytes(section: Json, name: str) -> bytes:
    if data := section.get(f"{name}-data"):
        return base64.b64decode(data)
    return Path(section[name]).read_bytes() if section.get(name) else b""


class Api:
    """Calls to one API server. Use as an async context manager."""

    def __init__(self, access: Access, agent: str = "migrator-lab") -> None:
        """`agent` is who writes: the server names the owner of fields after it."""
        self._access, self._agent = access, agent
        self._session: aiohttp.ClientSession | None = None

    @property
    def server(self) -> str:
        """Return where the API server is."""
        return self._access.server

    async def __aenter__(self) -> Self:
        headers = {"User-Agent": self._agent}
        if self._access.token:
            headers["Authorization"] = f"Bearer {self._access.token}"
        connector = aiohttp.TCPConnector(limit=0, ssl=self._access.tls)  # each watch keeps a connection
        self._session = aiohttp.ClientSession(self._access.server, headers=headers, connector=connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
        content: str = "application/json",
    ) -> Json:
        """Make one call and return the JSON answer. Raises ApiError or Unanswered."""
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": content}
        timeout = aiohttp.ClientTimeout(total=_CALL_SECONDS)
        try:
            async with self._open.request(
                method, path, params=query, data=data, headers=headers, timeout=timeout
            ) as reply:
                return _value(reply.status, await reply.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unanswered(f"{method} {path}: {error!r}") from error

    async def watch(self, path: str, query: Mapping[str, str]) -> AsyncIterator[Json]:
        """Yield the events of one watch until the server ends it. Raises ApiError or Unanswered."""
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CALL_SECONDS, sock_read=_QUIET_SECONDS)
        try:
            async with self._open.get(path, params={**query, "watch": "true"}, timeout=timeout) as reply:
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
    # `readline` refuses lines above the stream's limit; an object can be larger than that
    rest = b""
    async for chunk in stream.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield line


def _value(status: int, text: bytes) -> Json:
    try:
        value: Any = json.loads(text) if text else {}
    except ValueError:
        value = {"message": text.decode(errors="replace")[:200]}
    answer: Json = value if isinstance(value, dict) else {"value": value}
    if status >= 400:
        raise ApiError(status, str(answer.get("reason") or ""), str(answer.get("message") or ""))
    return answer
