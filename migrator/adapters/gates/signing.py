"""One signed POST to somebody's own endpoint, within one deadline. It follows no redirect and repeats nothing."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say

SECRET = "MIGRATOR_GATE_SECRET"
"""The environment variable with the secret that signs what is sent."""

LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with the secret of the environment, which is sent nowhere."""

    now: Callable[[], datetime]
    environment: Mapping[str, str]

    def headers(self, body: bytes) -> dict[str, str]:
        """Give the headers of a body. Refused: there is no secret to sign with."""
        secret = self.environment.get(SECRET, "")
        if not secret:
            raise Refused(say("hook.no-secret", variable=SECRET))
        stamp = f"{self.now().timestamp():.0f}"
        return {
            "Content-Type": "application/json",
            "X-Migrator-Timestamp": stamp,
            "X-Migrator-Signature": f"sha256={signature(secret, stamp, body)}",
        }


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Give the HMAC over the moment and the body, so that what was sent once cannot be sent again as something new."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def posted(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
    """Send once; give the status and the body of the answer. Unreachable: there is no whole answer in time."""
    import httpx

    from migrator.adapters.bounded.transport import Transport

    try:
        with (
            Deadline(seconds) as deadline,
            httpx.Client(timeout=seconds, trust_env=False, transport=Transport()) as http,
        ):
            with http.stream("POST", url, content=body, headers=dict(headers)) as answer:
                found = whole(answer.iter_bytes(), LARGEST)
            deadline.check()
            return answer.status_code, found
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise Unreachable(say("hook.silent", error=in_our_words(error, type(error).__name__))) from error
