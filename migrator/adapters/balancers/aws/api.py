"""One signed call of an AWS query API, in our words: an answer, Unreachable or Refused. It never repeats a call.

httpx and a signer of our own, as for the other clouds: botocore wants python-dateutil below 3 and the Kubernetes client
wants 3 or above, so the two cannot be installed together. The tests hold our requests to what the SDK's servers take.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from migrator.adapters.balancers.answers import No, no_answer
from migrator.adapters.balancers.aws.query import fault, form, read, result
from migrator.adapters.balancers.aws.signature import headers
from migrator.adapters.balancers.credentials import Credentials
from migrator.domain.model.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, items, text
from migrator.domain.model.message import Message, say

if TYPE_CHECKING:
    import httpx

SECONDS = 9.0
PAGES = 50

NOT_NOW = {
    "Throttling": 1.0,
    "ThrottlingException": 1.0,
    "RequestLimitExceeded": 1.0,
    "TooManyRequestsException": 1.0,
    "PriorRequestNotComplete": 0.5,
    "HealthUnavailable": 1.0,
    "ResourceInUse": 2.0,
}
"""Codes that say "not now, nothing was done", and the seconds after which to ask again: throttled, busy."""

MISSING = ("LoadBalancerNotFound", "ListenerNotFound", "TargetGroupNotFound")


@dataclass(frozen=True, slots=True)
class Service:
    """An API: its name as it is signed, its version, its endpoint and region."""

    name: str
    version: str
    endpoint: str
    region: str


class Rejected(Refused):
    """AWS said no; `code` is the API's own error code."""

    def __init__(self, message: Message, code: str) -> None:
        super().__init__(message)
        self.code = code


class Api:
    """A client for one service. Safe between threads."""

    def __init__(self, service: Service, credentials: Callable[[], Credentials]) -> None:
        self._service, self._credentials = service, credentials
        self._endpoint = service.endpoint.rstrip("/")
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its result. Unreachable: not answered, throttled or busy; Refused: said no."""
        import httpx

        keys, body = self._credentials(), form(action, self._service.version, parameters)
        scope, host = (self._service.region, self._service.name), self._endpoint.split("://", 1)[-1]
        signed = headers(keys.key, keys.secret, keys.token, scope, host, body, datetime.now(UTC))
        try:
            answer = self._http().post("/", content=body, headers=signed)
            found = read(answer.content)
            if answer.status_code == 200:
                return result(found, action)
        except (httpx.HTTPError, ValueError) as error:
            raise no_answer(f"AWS {self._service.name}", action, error) from error
        raise _refusal(self._service.name, action, answer.status_code, fault(found), keys)

    def every(self, action: str, name: str, **parameters: Json) -> list[dict[str, Json]]:
        """Give the rows of every page of a call."""
        found: list[dict[str, Json]] = []
        marker: dict[str, Json] = {}
        for _ in range(PAGES):
            answer = self.call(action, **parameters, **marker)
            found += items(answer, name)
            following = text(answer, "NextMarker") or text(answer, "nextToken")
            if not following:
                return found
            marker = {"Marker" if text(answer, "NextMarker") else "NextToken": following}
        raise Unreachable(say("cloud.too-many-pages", api=f"AWS {self._service.name}", name=name, most=PAGES))

    def _http(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                # trust_env off: a proxy variable must not lead a signed request elsewhere
                self._client = httpx.Client(base_url=self._endpoint, timeout=SECONDS, trust_env=False)
                weakref.finalize(self, self._client.close)
            return self._client


def _refusal(
    service: str, action: str, status: int, said: tuple[str, str, str], keys: Credentials
) -> Unreachable | Rejected:
    code, message, request = said
    no = No(f"AWS {service}", action, code, keys.hidden(message), request, status)
    if (wait := NOT_NOW.get(code)) is not None:
        return no.not_now(wait)
    if status >= 500 or not code:
        return no.failed()
    return Rejected(no.refused(), code)
