"""Byte tunnels to a node's agent or to a pod: upgraded connections both ways, plain answers as streams."""

import asyncio
import ssl
from functools import cache, partial

import aiohttp
from aiohttp import web

from migrator.lab.certificates import unchecked
from migrator.lab.kube.api.errors import ApiError
from migrator.lab.takeover import Taken, take_over

_DIAL_S = 5.0
_HEAD_LIMIT = 64 << 10
_HOP = {"host", "authorization", "connection", "transfer-encoding", "content-length", "keep-alive", "accept-encoding"}


async def relay(
    request: web.BaseRequest, address: tuple[str, int], path: str, body: bytes, to_kubelet: bool = False
) -> web.StreamResponse:
    """Send a request on to `address` and its answer back; raises ApiError 500 if nobody listens there.

    A kubelet is spoken to over TLS, its certificate unchecked, as a real API server does unless it is told its authority."""
    url = f"{'https' if to_kubelet else 'http'}://{address[0]}:{address[1]}{path}"
    try:
        if "upgrade" in request.headers.get("Connection", "").lower():
            return await _upgrade(request, address, path, _tls() if to_kubelet else None)
        return await _fetch(request, url, body)
    except (OSError, TimeoutError, aiohttp.ClientError) as error:
        raise ApiError(500, "InternalError", f'error dialing backend: Get "{url}": {error}') from error


@cache
def _tls() -> ssl.SSLContext:
    return unchecked()


async def _fetch(request: web.BaseRequest, url: str, body: bytes) -> web.StreamResponse:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
    patience = aiohttp.ClientTimeout(total=None, sock_connect=_DIAL_S)
    async with (
        aiohttp.ClientSession(timeout=patience, auto_decompress=False) as session,
        session.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False, ssl=_tls()
        ) as answer,
    ):
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
        response = web.StreamResponse(status=answer.status, headers=kept)
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    return response


async def _upgrade(
    request: web.BaseRequest, address: tuple[str, int], path: str, tls: ssl.SSLContext | None
) -> web.StreamResponse:
    async with asyncio.timeout(_DIAL_S):
        reader, writer = await asyncio.open_connection(*address, ssl=tls)
    try:
        writer.write(_head(request, address, path))
        transport = request.transport
        if transport is None:
            return Taken()
        take_over(request, partial(_pass, writer), writer.close)
        while chunk := await reader.read(_HEAD_LIMIT):
            transport.write(chunk)
            while transport.get_write_buffer_size() > _HEAD_LIMIT and not transport.is_closing():
                await asyncio.sleep(0.005)
    finally:
        writer.close()
    return Taken()


def _pass(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing():
        writer.write(data)


def _head(request: web.BaseRequest, address: tuple[str, int], path: str) -> bytes:
    lines = [f"{request.method} {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Connection: Upgrade"]
    skipped = _HOP - {"accept-encoding"}
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name.lower() not in skipped]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
