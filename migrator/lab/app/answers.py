"""What the backend application answers. Every answer carries `x-app`, so that a test knows who spoke."""

import asyncio
import json
from collections.abc import Awaitable

from migrator.lab.app.websocket import Echo, handshake
from migrator.lab.http1.messages import Answer, Request, Response, Upgrade

_LONGEST_SECONDS = 600.0
_LARGEST_BYTES = 64 << 20
_HEADERS = (("content-type", "text/plain"), ("x-app", "lab"))


def answer(request: Request) -> Answer | Awaitable[Answer]:
    """Answer `/`, `/echo`, `/slow?s=3`, `/bytes?n=1000`, `/status?code=404`, `/ws`; anything else as `/`."""
    if request.path == "/slow":
        return _slow(_number(request, "s", 3.0, _LONGEST_SECONDS))
    if request.path == "/bytes":
        return Response(200, b"x" * int(_number(request, "n", 1024, _LARGEST_BYTES)), _HEADERS)
    if request.path == "/status":
        return Response(int(_number(request, "code", 200, 599)), b"as you asked\n", _HEADERS)
    if request.path == "/ws":
        response = handshake(request)
        return Upgrade(response, Echo()) if response.status == 101 else response
    if request.path == "/echo":
        return Response(200, _echo(request), (("content-type", "application/json"), ("x-app", "lab")))
    return Response(200, b"ok\n", _HEADERS)


def _number(request: Request, key: str, default: float, largest: float) -> float:
    try:
        return max(0.0, min(largest, float(request.query.get(key, default))))
    except ValueError:
        return default


async def _slow(seconds: float) -> Answer:
    await asyncio.sleep(seconds)
    return Response(200, f"slept {seconds:g} s\n".encode(), _HEADERS)


def _echo(request: Request) -> bytes:
    seen = {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": dict(request.headers),
        "bytes": len(request.body),
    }
    return json.dumps(seen).encode()
