"""Aliyun's ACS3-HMAC-SHA256 signature of an RPC-style request. Pure.

Source: the V3 signature of the OpenAPI, as `alibabacloud-tea-openapi` makes it: every header that is sent may be signed,
the query is signed percent-encoded and sorted, the body by its SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from migrator.domain.model.manifests import Json

ALGORITHM = "ACS3-HMAC-SHA256"
FORM = "application/x-www-form-urlencoded"


def authorization(key_id: str, secret: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> str:
    """Give the Authorization header of a POST / with these (lower-case) headers, all of which are signed."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = f"POST\n/\n{canonical(query)}\n{lines}\n{';'.join(names)}\n{digest(body)}"
    text = f"{ALGORITHM}\n{digest(request.encode())}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(names)},Signature={signature}"


def canonical(query: Mapping[str, str]) -> str:
    """Give the query as it is signed, and as it may be sent: sorted, RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))


def form(fields: Mapping[str, str]) -> bytes:
    """Give a form body, sorted by name."""
    return urlencode(sorted(fields.items())).encode()


def digest(body: bytes) -> str:
    """Give the hex SHA-256."""
    return hashlib.sha256(body).hexdigest()


def flat(values: Mapping[str, Json]) -> dict[str, str]:
    """Give parameters as the API takes them: lists counted from 1 (`Servers.1.Port`), all values as text, no nulls."""
    parameters: dict[str, str] = {}
    for name, value in values.items():
        _spread(name, value, parameters)
    return parameters


def _spread(name: str, value: Json, parameters: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _spread(f"{name}.{key}", part, parameters)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for at, part in enumerate(value, 1):
            _spread(f"{name}.{at}", part, parameters)
    elif isinstance(value, bool):
        parameters[name] = "true" if value else "false"
    elif value is not None:
        parameters[name] = str(value)
