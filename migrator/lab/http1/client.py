"""Ask a server once, over a connection of its own. It keeps nothing and retries nothing."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

import h11

_READ_AT_ONCE = 64 << 10
Address = tuple[str, int] | Path
"""Where a server listens: host and port, or a socket in the file system."""


async def fetch(
    address: Address,
    target: str,
    *,
    method: str = "GET",
    timeout: float = 5.0,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
) -> tuple[int, bytes]:
    """Ask `address` once over a connection of its own; return status and body.

    Raise `OSError` (`TimeoutError` is one) when no whole answer came within `timeout` seconds.
    """
    host = "localhost" if isinstance(address, Path) else f"{address[0]}:{address[1]}"
    sent = {"host": host, "connection": "close", "content-length": "0"}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    http = h11.Connection(h11.CLIENT)
    async with asyncio.timeout(timeout):
        reader, writer = await _opened(address, tls)
        try:
            writer.write(http.send(h11.Request(method=method, target=target, headers=list(sent.items()))) or b"")
            http.send(h11.EndOfMessage())
            return await _answer(http, reader)
        except h11.RemoteProtocolError as error:
            raise ConnectionError(f"no whole answer: {error}") from error
        finally:
            writer.close()


async def _opened(address: Address, tls: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, Path):
        return await asyncio.open_unix_connection(str(address), ssl=tls)
    return await asyncio.open_connection(*address, ssl=tls)


async def _answer(http: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read until the answer is whole by its own account: a draining Envoy keeps the connection for a while after it."""
    status, body = 0, bytearray()
    while True:
        match http.next_event():
            case h11.Response(status_code=code):
                status = code
            case h11.Data(data=data):
                body += data
            case h11.EndOfMessage():
                return status, bytes(body)
            case h11.ConnectionClosed():
                raise ConnectionError("the connection closed before an answer")
            case h11.InformationalResponse():
                pass
            case _:
                http.receive_data(await reader.read(_READ_AT_ONCE))
