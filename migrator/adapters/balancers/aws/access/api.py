"""One signed call of an AWS query API, in our words: an answer, Unreachable or Refused. It never repeats a call.

httpx and a signer of our own, as for the other clouds: botocore wants python-dateutil below 3 and the Kubernetes client
wants 3 or above, so the two cannot be installed together. The tests hold our requests to what the SDK's servers take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.access.answers import No
from migrator.adapters.balancers.access.api_client import ApiClient, Rejected
from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.holding import login_of
from migrator.adapters.balancers.aws.access.query import fault, form, read, result
from migrator.adapters.balancers.aws.access.signature import headers
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, text
from migrator.domain.observation.logins import Login

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


class Api:
    """A client for one service. Safe between threads."""

    def __init__(self, service: Service, credentials: Callable[[], Credentials]) -> None:
        self._service, self._credentials = service, credentials
        self._client = ApiClient(f"AWS {service.name}", service.endpoint, SECONDS)

    def require_credentials(self) -> None:
        """Look for credentials. Refused: there are none. Unreachable: who has them does not answer."""
        self._credentials()

    def login(self) -> Login | None:
        """Say how long the credentials last that are held by now."""
        return login_of(self._client.name, self._credentials)

    def call(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its result. Unreachable: not answered, throttled or busy; Refused: said no."""
        keys, body = self._credentials(), form(action, self._service.version, parameters)
        scope = (self._service.region, self._service.name)
        signed = headers(keys.key, keys.secret, keys.token, scope, self._client.host, body, datetime.now(UTC))
        status, answer = self._client.post(action, body, signed, read)
        if status != 200:
            raise _refusal(self._client.name, action, status, fault(answer), keys)
        try:
            return result(answer, action)
        except ValueError as error:
            raise self._client.unanswered(action, error) from error

    def every(self, action: str, name: str, **parameters: Json) -> list[dict[str, Json]]:
        """Give the rows of every page of a call."""
        rows: list[dict[str, Json]] = []
        marker: dict[str, Json] = {}
        for _ in range(PAGES):
            answer = self.call(action, **parameters, **marker)
            rows += strict.rows(answer, name)
            following = text(answer, "NextMarker") or text(answer, "nextToken")
            if not following:
                return rows
            marker = {"Marker" if text(answer, "NextMarker") else "NextToken": following}
        raise Unreachable(say("cloud.too-many-pages", api=self._client.name, name=name, most=PAGES))


def _refusal(
    api: str, action: str, status: int, fault_of: tuple[str, str, str], keys: Credentials
) -> Unreachable | Rejected:
    code, message, request = fault_of
    no = No(api, action, code, keys.hidden(message), request, status)
    if (wait := NOT_NOW.get(code)) is not None:
        return no.not_now(wait)
    if status >= 500 or not code:
        return no.failed()
    return Rejected(no.refused(), code)
