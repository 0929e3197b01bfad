"""Temporary credentials: the answers of metadata services and token services, read. It keeps nothing and shows no token.

Which service is asked, and in which words, stands in each vendor's `roles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, text
from migrator.domain.model.outside.reading import parsed

if TYPE_CHECKING:
    import httpx

SECONDS = 3.0
LONGEST = 5.0
"""Seconds from sending to the end of the answer; `SECONDS` bounds each part of that."""

LARGEST = 1 << 20
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def asked(
    whom: Message, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Ask once, without a proxy. Unreachable: `whom`, as messages call it, did not answer."""
    import httpx

    from migrator.adapters.bounded.transport import Transport

    try:
        with (
            Deadline(LONGEST) as deadline,
            httpx.Client(timeout=SECONDS, trust_env=False, transport=Transport()) as http,
        ):
            with http.stream(method, url, content=body, headers=dict(headers or {})) as answer:
                found = whole(answer.iter_bytes(), LARGEST)
            deadline.check()
            return httpx.Response(answer.status_code, headers=_plain(answer.headers), content=found)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):  # ValueError: too large, no header, no URL
        # no cause: it may quote the request, and the request holds a token
        raise Unreachable(say("credentials.no-answer", whom=whom)) from None


def _plain(headers: httpx.Headers) -> list[tuple[str, str]]:
    """Give the headers of an answer whose body has been unpacked."""
    return [(name, value) for name, value in headers.items() if name not in ("content-encoding", "transfer-encoding")]


def object_of(answer: httpx.Response, whom: Message) -> dict[str, Json]:
    """Give the JSON object of an answer. Unreachable: it has none."""
    try:
        value = parsed(answer.content)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unreachable(say("credentials.unreadable", whom=whom, status=answer.status_code))
    return value


def token_file(path: str) -> str:
    """Read a service account's token. Refused: it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(say("credentials.unreadable-token", path=path)) from error


def temporary(answer: dict[str, Json], secret: str, token: str, whom: Message) -> Credentials:
    """Read credentials with an end: `AccessKeyId`, `Expiration`, and secret and token by these names. Unreachable: half."""
    values = [text(answer, name) for name in ("AccessKeyId", secret, token)]
    try:
        ends = datetime.fromisoformat(text(answer, "Expiration"))
    except ValueError:
        raise Unreachable(say("credentials.endless", whom=whom)) from None
    if not all(values):
        raise Unreachable(say("credentials.incomplete", whom=whom))
    at = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return Credentials(values[0], values[1], values[2], at.timestamp(), renewed=True)
