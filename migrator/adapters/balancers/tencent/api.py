"""One signed call of Tencent's API, in our words: an answer, Unreachable or Refused. It never repeats a call.

HTTP status is always 200; an error is in the body. The SDK's own retrier repeats writes that succeeded, hence httpx.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from migrator.adapters.balancers.answers import No, no_answer
from migrator.adapters.balancers.credentials import Credentials
from migrator.adapters.balancers.refusals import perhaps
from migrator.adapters.balancers.tencent.signature import CONTENT_TYPE, authorization
from migrator.domain.model.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, mapping, text
from migrator.domain.model.message import Message, say

if TYPE_CHECKING:
    import httpx

NAME = "Tencent CLB"
ENDPOINT = "https://clb.tencentcloudapi.com"
VERSION = "2018-03-17"
SECONDS = 9.0

NOT_NOW = {"RequestLimitExceeded": 1.0, "FailedOperation.ResourceInOperating": 0.5}
"""Codes (by prefix) that say "not now, nothing was done", and the seconds after which to ask again: throttled, busy."""

THEIR_FAULT = "InternalError"
"""Their own failure: nobody knows whether the call took effect."""


class Rejected(Refused):
    """Tencent said no; `code` is the API's own error code."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message)
        self.code = code


class Api:
    """A client for one endpoint and region. Safe between threads."""

    def __init__(self, endpoint: str | None, region: str, credentials: Callable[[], Credentials]) -> None:
        self._endpoint = (endpoint or ENDPOINT).rstrip("/")
        self._region = region
        self._credentials = credentials
        self._client: httpx.Client | None = None

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its Response. Unreachable: not answered, throttled or busy; Refused: said no."""
        import httpx

        credentials = self._credentials()
        body = json.dumps(parameters, separators=(",", ":")).encode()
        try:
            answer = self._http().post("/", content=body, headers=self._headers(action, body, credentials))
            found: Any = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise no_answer(NAME, action, error) from error
        response = mapping(found, "Response")
        if answer.status_code != 200 or not response:
            raise Unreachable(
                say("tencent.no-response", action=action, status=answer.status_code, then=perhaps(action))
            )
        if response.get("Error"):
            raise _refusal(action, mapping(response, "Error"), text(response, "RequestId"), credentials)
        return response

    def _http(self) -> httpx.Client:
        import httpx

        if self._client is None:
            # trust_env off: a proxy variable must not lead a signed request elsewhere
            self._client = httpx.Client(base_url=self._endpoint, timeout=SECONDS, trust_env=False)
            weakref.finalize(self, self._client.close)
        return self._client

    def _headers(self, action: str, body: bytes, credentials: Credentials) -> dict[str, str]:
        now = datetime.now(UTC)
        host = self._endpoint.split("://", 1)[-1]
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
