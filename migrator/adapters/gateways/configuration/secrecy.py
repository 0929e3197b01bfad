"""What a configuration must not show: keys, passwords, certificates, credentials in headers. Each becomes its hash. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re

from migrator.domain.model.manifests import Json, mapping, text

SEALED = (
    "private_key",
    "certificate_chain",
    "trusted_ca",
    "crl",
    "ocsp_staple",
    "pkcs12",
    "password",
    "session_ticket_keys",
    "generic_secret",
    "users",
    "credentials",
    "secret",
)
"""Keys whose data may be a secret: a dump may hold it in full, and a difference is shown to people."""

_VALUES = frozenset({"inline_bytes", "inline_string", "value", "raw_value", "key"})
_PRIVATE_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token"}
)
_SPIFFE = re.compile(rb"\x86(.)(spiffe://)", re.DOTALL)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END", re.DOTALL)


def sealed(value: Json) -> Json:
    """Replace data by its hash; where it is read from stays, and a bare text is data."""
    if isinstance(value, dict):
        return {key: _hash(part) if key in _VALUES else _inside(part) for key, part in value.items()}
    return [sealed(part) for part in value] if isinstance(value, list) else _hash(value)


def _inside(value: Json) -> Json:
    return sealed(value) if isinstance(value, dict | list) else value


def hidden_header(header: Json) -> Json:
    """Replace the value of a header that carries a credential by its hash; and what a rule expects in one."""
    if not isinstance(header, dict):
        return header
    if text(header, "name").lower() in _PRIVATE_HEADERS:
        return _hidden_match(header)
    if text(header, "key").lower() not in _PRIVATE_HEADERS:
        return header
    return {key: _hash(part) if key in ("value", "raw_value") else part for key, part in header.items()}


def hidden_matches(matches: Json) -> Json:
    """Replace what a route or a rule expects in a header that carries a credential by its hash."""
    rows = matches if isinstance(matches, list) else []
    return [_hidden_match(row) if text(row, "name").lower() in _PRIVATE_HEADERS else row for row in rows]


def _hidden_match(match: Json) -> Json:
    return {key: part if key in ("name", "invert_match") else _hash(part) for key, part in mapping(match).items()}


def certified(secret: Json) -> Json:
    """Say whose a gateway's own certificate is: each pod has one of its own, all in the name of one service account."""
    data = mapping(secret, "tls_certificate", "certificate_chain")
    chain = text(data, "inline_string").encode() or _decoded(text(data, "inline_bytes"))
    return list[Json](sorted(_names(chain)))


def _names(chain: bytes) -> set[str]:
    """Give the SPIFFE names (subjectAltName, type URI: tag 0x86, one byte of length) of the first certificate of a PEM."""
    first = _PEM.search(chain)
    der = _decoded(first[1].decode("ascii", "ignore")) if first else b""
    found = ((match.start(2), match[1][0]) for match in _SPIFFE.finditer(der))
    return {der[start : start + length].decode("ascii", "replace") for start, length in found}


def _decoded(words: str) -> bytes:
    try:
        return base64.b64decode("".join(words.split()), validate=False)
    except (binascii.Error, ValueError):
        return b""


def _hash(value: Json) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(value).encode()).hexdigest()}"
