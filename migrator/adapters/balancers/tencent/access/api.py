"""One signed call of Tencent's API, in our words: an answer, Unreachable or Refused. It never repeats a call.

HTTP status is always 200; an error is in the body. The SDK's own retrier repeats writes that succeeded, hence httpx.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from migrator.adapters.balancers.access.answers import No
from migrator.adapters.balancers.access.api_client import ApiClient, Rejected, perhaps
from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.holding import login_of
from migrator.adapters.balancers.tencent.access.signature import CONTENT_TYPE, authorization
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, mapping, text
from migrator.domain.model.outside.reading import parsed
from migrator.domain.observation.logins import Login

NAME = "Tencent CLB"
ENDPOINT = "https://clb.tencentcloudapi.com"
VERSION = "2018-03-17"
SECONDS = 9.0

NOT_NOW = {"RequestLimitExceeded": 1.0, "FailedOperation.ResourceInOperating": 0.5}
"""Codes (by prefix) that say "not now, nothing was done", and the seconds after which to ask again: throttled, busy."""

THEIR_FAULT = "InternalError"
"""Their own failure: nobody knows whether the call took effect."""


class Api:
    """A client for one endpoint and region. Safe between threads."""

    def __init__(self, endpoint: str | None, region: str, credentials: Callable[[], Credentials]) -> None:
        self._client = ApiClient(NAME, endpoint or ENDPOINT, SECONDS)
        self._region, self._credentials = region, credentials

    def require_credentials(self) -> None:
        """Look for credentials. Refused: there are none. Unreachable: who has them does not answer."""
        self._credentials()

    def login(self) -> Login | None:
        """Say how long the credentials last that are held by now."""
        return login_of(NAME, self._credentials)

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its Response. Unreachable: not answered, throttled or busy; Refused: said no."""
        credentials = self._credentials()
        body = json.dumps(parameters, separators=(",", ":")).encode()
        status, answer = self._client.post(action, body, self._headers(action, body, credentials), parsed)
        response = mapping(answer, "Response")
        if status != 200 or not response:
            raise Unreachable(say("tencent.no-response", action=action, status=status, then=perhaps(action)))
        if response.get("Error"):
            raise _refusal(action, mapping(response, "Error"), text(response, "RequestId"), credentials)
        return response

    def _headers(self, action: str, body: bytes, credentials: Credentials) -> dict[str, str]:
        now, host = datetime.now(UTC), self._client.host
        headers = {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Region": self._region,
            "X-TC-Timestamp": str(int(now.timestamp())),
            "Authorization": authorization(credentials.key, credentials.secret, host, body, now),
        }
        return {**headers, "X-TC-Token": credentials.token} if credentials.token else headers


def _refusal(action: str, error: dict[str, Json], request_id: str, credentials: Credentials) -> Unreachable | Rejected:
    code, message = text(error, "Code"), credentials.hidden(text(error, "Message"))
    said = No(NAME, action, code, message, request_id)
    wait = next((seconds for prefix, seconds in NOT_NOW.items() if code.startswith(prefix)), None)
    if wait is not None:
        return said.not_now(wait)
    if code.startswith(THEIR_FAULT):
        return said.failed()
    return Rejected(said.refused(), code)
