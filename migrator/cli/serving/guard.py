"""Who may read what is served: by the name under which we are asked, and by a token. Pure.

On loopback, without a token, only requests that name this machine are answered: a page of some other site, whose name was
made to lead here (DNS rebinding), names that site. Source: RFC 9110, section 7.2 (Host).
"""

from __future__ import annotations

import base64
import binascii
from hmac import compare_digest
from ipaddress import ip_address

SHORTEST = 16
"""Characters of a token: one that can be guessed protects nothing."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names_us(host: str | None, bound: str) -> bool:
    """Say whether a Host header names this machine, whatever port it names (a tunnel has its own)."""
    if not host:
        return False
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower() in LOCAL or name == bound.strip("[]")


def has_token(header: str | None, token: str) -> bool:
    """Say whether an Authorization header brings the token: as Bearer, or as the password of Basic, which browsers ask for."""
    scheme, _, given = (header or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return compare_digest(given.strip().encode("utf-8", "replace"), token.encode("utf-8", "replace"))
