"""Temporary credentials: the answers of metadata services and token services, read. It keeps nothing and shows no token.

Which service is asked, and in which words, stands in each vendor's `roles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, text

if TYPE_CHECKING:
    import httpx

SECONDS = 3.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def asked(
    whom: str, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Ask once, without a proxy. Unreachable: `whom`, as messages call it, did not answer."""
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as http:
            return http.request(method, url, content=body, headers=dict(headers or {}))
    except (httpx.HTTPError, httpx.InvalidURL):
        # no cause: it may quote the request, and the request holds a token
        raise Unreachable(f"No credentials: {whom} did not answer. Weights stay as they are.") from None


def object_of(answer: httpx.Response, whom: str) -> dict[str, Json]:
    """Give the JSON object of an answer. Unreachable: it has none."""
    try:
        value: Json = answer.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unreachable(f"No credentials: {whom} answered HTTP {answer.status_code}, not with a JSON object.")
    return value


def token_file(path: str) -> str:
    """Read a service account's token. Refused: it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The service account's token {path} cannot be read. Nothing was changed.") from error


def temporary(answer: dict[str, Json], secret: str, token: str, whom: str) -> Credentials:
    """Read credentials with an end: `AccessKeyId`, `Expiration`, and secret and token by these names. Unreachable: half."""
    values = [text(answer, name) for name in ("AccessKeyId", secret, token)]
    try:
        ends = datetime.fromisoformat(text(answer, "Expiration"))
    except ValueError:
        raise Unreachable(f"No credentials: {whom} gave some without an end.") from None
    if not all(values):
        raise Unreachable(f"No credentials: {whom} gave incomplete ones.")
    at = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return Credentials(values[0], values[1], values[2], at.timestamp())
