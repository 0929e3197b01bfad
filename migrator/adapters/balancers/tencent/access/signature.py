"""Tencent's TC3-HMAC-SHA256 signature. Pure.

Source: API 3.0 signature v3; only content-type and host are signed, and host carries the port of an endpoint that has one.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

SERVICE = "clb"
CONTENT_TYPE = "application/json"


def authorization(secret_id: str, secret_key: str, host: str, body: bytes, at: datetime, service: str = SERVICE) -> str:
    """Give the Authorization header of a POST / with this body at this (UTC) time."""
    date = at.strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    headers = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    request = f"POST\n/\n\n{headers}\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{hashed}"
    key = _hmac(_hmac(_hmac(f"TC3{secret_key}".encode(), date), service), "tc3_request")
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
