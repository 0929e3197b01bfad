"""AWS Signature Version 4 of any request, as headers. Pure but for the time of day.

Source: AWS General Reference, "Signing AWS API requests": host, x-amz-date, the token and the given headers are signed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlsplit

_PLAIN = "-_.~"


@dataclass(frozen=True, slots=True)
class Keys:
    """What a request is signed with."""

    key: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def signed(
    keys: Keys,
    scope: tuple[str, str],
    method: str,
    url: str,
    body: bytes = b"",
    at: datetime | None = None,
    given: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Give the headers that prove a request; `scope` is (region, service), `at` the time (UTC; None: now), `given` (names in
    small letters) what it has besides and is to be signed."""
    parts, (region, service) = urlsplit(url), scope
    stamp = (at or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    headers = {**given, "host": parts.netloc, "x-amz-date": stamp}
    if keys.token:
        headers["x-amz-security-token"] = keys.token
    names = ";".join(sorted(headers))
    listed = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    asked = sorted((quote(k, safe=_PLAIN), quote(v, safe=_PLAIN)) for k, v in parse_qsl(parts.query, True))
    query = "&".join(f"{name}={value}" for name, value in asked)
    path = quote(parts.path or "/", safe=f"/{_PLAIN}")
    request = f"{method}\n{path}\n{query}\n{listed}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    where = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{where}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing_key = f"AWS4{keys.secret}".encode()
    for part in where.split("/"):
        signing_key = hmac.new(signing_key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing_key, text.encode(), hashlib.sha256).hexdigest()
    proof = f"AWS4-HMAC-SHA256 Credential={keys.key}/{where}, SignedHeaders={names}, Signature={signature}"
    return {**{name: value for name, value in headers.items() if name != "host"}, "Authorization": proof}
