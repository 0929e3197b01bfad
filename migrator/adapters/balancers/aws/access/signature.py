"""AWS Signature Version 4 of a POST to `/`, as headers. Pure.

Source: AWS General Reference, "Signing AWS API requests": content-type, host, x-amz-date and the token are signed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


def headers(
    key: str, secret: str, token: str, scope: tuple[str, str], host: str, body: bytes, at: datetime
) -> dict[str, str]:
    """Give the headers of a request with this body at this (UTC) time; `scope` is (region, service)."""
    region, service = scope
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    signed = {"content-type": CONTENT_TYPE, "host": host, "x-amz-date": stamp}
    if token:
        signed["x-amz-security-token"] = token
    names = ";".join(signed)
    listed = "".join(f"{name}:{value}\n" for name, value in signed.items())
    request = f"POST\n/\n\n{listed}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    where = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{where}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing_key = f"AWS4{secret}".encode()
    for part in where.split("/"):
        signing_key = hmac.new(signing_key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing_key, text.encode(), hashlib.sha256).hexdigest()
    proof = f"AWS4-HMAC-SHA256 Credential={key}/{where}, SignedHeaders={names}, Signature={signature}"
    return {**signed, "Authorization": proof}
