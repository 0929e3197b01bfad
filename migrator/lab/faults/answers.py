"""What a door answers by itself in HTTP: an error, a web page, a redirect, an answer without end. Pure."""

from __future__ import annotations

import json
from http import HTTPStatus

from migrator.lab.faults.orders import Fault, Kind

ELSEWHERE = "http://192.0.2.1/"
"""A host that nobody has (RFC 5737): whoever follows is seen to."""

PORTAL = b"<!DOCTYPE html><html><body>Please log in to continue.</body></html>"
FLOOD = b"[" * (64 << 10)
_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_REASONS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 429: "TooManyRequests"}


def answer(fault: Fault) -> bytes:
    """Return a whole answer, after which the connection is closed; of `flood`, its head."""
    match fault.kind:
        case Kind.PAGE:
            return _written(200, "text/html", PORTAL)
        case Kind.REDIRECT:
            return _written(302, "text/plain", b"", f"Location: {ELSEWHERE}\r\n")
        case Kind.FLOOD:
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        case _:
            return _refusal(fault.status, fault.door)


def _refusal(status: int, door: str) -> bytes:
    """A Kubernetes Status before an API server, plain words before anything else."""
    later = "Retry-After: 1\r\n" if status in _LATER else ""
    if not door.startswith("api"):
        return _written(status, "text/plain", b"injected by the lab", later)
    reason = _REASONS.get(status, "ServiceUnavailable" if status == HTTPStatus.SERVICE_UNAVAILABLE else "InternalError")
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": status}
    told = json.dumps(body | {"reason": reason, "message": "injected by the lab"}).encode()
    return _written(status, "application/json", told, later)


def _written(status: int, kind: str, body: bytes, more: str = "") -> bytes:
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    head = f"HTTP/1.1 {status} {words}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode() + body
