"""The headers of a call of the load balancing API: a signed POST of a form to `/`. Pure."""

from __future__ import annotations

from datetime import datetime

from migrator.adapters.sigv4 import Keys, signed

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


def headers(
    key: str, secret: str, token: str, scope: tuple[str, str], host: str, body: bytes, at: datetime
) -> dict[str, str]:
    """Give the headers of a request with this body at this (UTC) time; `scope` is (region, service)."""
    given = {"content-type": CONTENT_TYPE}
    proof = signed(Keys(key, secret, token), scope, "POST", f"https://{host}/", body, at, given)
    return {"host": host, **proof}
