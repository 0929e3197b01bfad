"""One signed call of Tencent's API, in our words: an answer, Unreachable or Refused. It never repeats a call.

HTTP status is always 200; an error is in the body. The SDK's own retrier repeats writes that succeeded, hence httpx.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
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

SECONDS = 9.0

NOT_NOW = {"RequestLimitExceeded": 1.0, "FailedOperation.ResourceInOperating": 0.5}
"""Codes (by prefix) that say "not now, nothing was done", and the seconds after which to ask again: throttled, busy."""

THEIR_FAULT = "InternalError"
"""Their own failure: nobody knows whether the call took effect."""


@dataclass(frozen=True, slots=True)
class Service:
    """An API: what it is called in messages and when it is signed, its endpoint and its version."""

    name: str
    signed: str
    endpoint: str
    version: str


CLB = Service("Tencent CLB", "clb", "https://clb.tencentcloudapi.com", "2018-03-17")
MONITOR = Service("Tencent Cloud Monitor", "monitor", "https://monitor.tencentcloudapi.com", "2018-07-24")


class Api:
    """A client for one endpoint and region. Safe between threads."""

    def __init__(
        self, endpoint: str | None, region: str, credentials: Callable[[], Credentials], service: Service = CLB
    ) -> None:
        self._client = ApiClient(service.name, endpoint or service.endpoint, SECONDS)
        self._region, self._credentials, self._service = region, credentials, service

    def watching(self, endpoint: str) -> Api:
        """Give a client for Cloud Monitor, by the same region and credentials; "" for its own endpoint."""
        return Api(endpoint, self._region, self._credentials, MONITOR)

    def require_credentials(self) -> None:
        """Look for credentials. Refused: there are none. Unreachable: who has them does not answer."""
        self._credentials()

    def login(self) -> Login | None:
        """Say how long the credentials last that are held by now."""
        return login_of(self._service.name, self._credentials)

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its Response. Unreachable: not answered, throttled or busy; Refused: said no."""
        credentials = self._credentials()
        body = json.dumps(parameters, separators=(",", ":")).encode()
        status, answer = self._client.post(action, body, self._headers(action, body, credentials), parsed)
        response = mapping(answer, "Response")
        if status != 200 or not response:
            raise Unreachable(say("tencent.no-response", action=action, status=status, then=perhaps(action)))
        if response.get("Error"):
            raise _refusal(
                self._service.name, action, mapping(response, "Error"), text(response, "RequestId"), credentials
            )
        return response

    def _headers(self, action: str, body: bytes, credentials: Credentials) -> dict[str, str]:
        now, host = datetime.now(UTC), self._client.host
        headers = {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": self._service.version,
            "X-TC-Region": self._region,
            "X-TC-Timestamp": str(int(now.timestamp())),
            "Authorization": authorization(credentials.key, credentials.secret, host, body, now, self._service.signed),
        }
        return {**headers, "X-TC-Token": credentials.token} if credentials.token else headers


def _refusal(
    api: str, action: str, error: dict[str, Json], request_id: str, credentials: Credentials
) -> Unreachable | Rejected:
    code, message = text(error, "Code"), credentials.hidden(text(error, "Message"))
    said = No(api, action, code, message, request_id)
    wait = next((seconds for prefix, seconds in NOT_NOW.items() if code.startswith(prefix)), None)
    if wait is not None:
        return said.not_now(wait)
    if code.startswith(THEIR_FAULT):
        return said.failed()
    return Rejected(said.refused(), code)
