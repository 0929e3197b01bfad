"""One signed call of an Aliyun RPC API, in our words: an answer, Unreachable or Refused. It never repeats a call.

The official SDK sends through a proxy whatever NO_PROXY says, and an answer that is no JSON loses its status; hence httpx.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

from migrator.adapters.balancers.access.answers import No
from migrator.adapters.balancers.access.api_client import ApiClient, Rejected
from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.holding import login_of
from migrator.adapters.balancers.aliyun.access.signature import FORM, authorization, canonical, digest, flat, form
from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.manifests import Json, text
from migrator.domain.model.outside.reading import parsed
from migrator.domain.observation.logins import Login

SUCCESS = "200"
"""The code by which CloudMonitor says that all is well; other APIs say none."""

SECONDS = 3.0
"""Of one call. A write reads first, and all of it may take 10 s."""

THROTTLED = 5.0
BUSY = 1.0
NOT_NOW: dict[str, float] = {
    "BackendServer.configuring": BUSY,
    "ServiceIsConfiguring": BUSY,
    "ServiceIsStopping": BUSY,
    "VServerGroupProcessing": BUSY,
    "OperationBusy": BUSY,
    "SystemBusy": BUSY,
    "Conflict.Lock": BUSY,
    "IncorrectStatus.serverGroup": BUSY,
    "IncorrectStatus.Eni": BUSY,
    "OperationFailed.ResourceIsConfiguring": BUSY,
    "ResourceNotFound.BackendServer": BUSY,  # a row went away between our look and the call: look again
    "InvalidSecurityToken.Expired": BUSY,  # credentials are fetched anew
}
"""Codes that say "not now, nothing was done", and the seconds after which to ask again. Throttling is known by its name."""

UNCLEAR = ("InternalError", "InternalInvokeError", "ServiceUnavailable", "SignatureNonceUsed")
"""Their own failure, or a repetition by somebody on the way: nobody knows whether the call took effect."""


class Keys(Protocol):
    """Where credentials come from, and where expired ones are forgotten."""

    def __call__(self) -> Credentials:
        """Give credentials."""
        ...

    def forget(self) -> None:
        """Fetch anew at the next call."""
        ...


@dataclass(frozen=True, slots=True)
class Product:
    """An API of Aliyun's: what it is called in messages, its version, where it is and in which region."""

    name: str
    version: str
    endpoint: str
    region: str


@dataclass(frozen=True, slots=True)
class Request:
    """A signed request, ready to be sent: the URL's query, headers and body."""

    query: str
    headers: Mapping[str, str]
    body: bytes


class Api:
    """A client for one API. Safe between threads."""

    def __init__(self, product: Product, keys: Keys) -> None:
        self._product, self._keys = product, keys
        self._client = ApiClient(product.name, product.endpoint, SECONDS)

    def require_credentials(self) -> None:
        """Look for credentials. Refused: there are none. Unreachable: who has them does not answer."""
        self._keys()

    def login(self) -> Login | None:
        """Say how long the credentials last that are held by now."""
        return login_of(self._product.name, self._keys)

    def ask(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call with its parameters in the query."""
        return self._call(action, {**flat(parameters), "RegionId": self._product.region}, None)

    def send(self, action: str, **parameters: Json) -> dict[str, Json]:
        """Make one call with its parameters in a form body."""
        return self._call(action, {}, {**flat(parameters), "RegionId": self._product.region})

    def dry_run(self, action: str, **parameters: Json) -> str:
        """Ask whether a call of a form would be carried out, and give the code that is answered.

        `DryRunOperation` says that it would be, "OK" that it was: the caller sees to it that nothing would change even so.
        Unreachable: not answered.
        """
        fields = {**flat({**parameters, "DryRun": True}), "RegionId": self._product.region}
        status, body = self._exchange(action, {}, fields, self._keys())
        return text(body, "Code") or ("OK" if status == 200 and body else f"HTTP {status}")

    def _call(self, action: str, query: dict[str, str], fields: dict[str, str] | None) -> dict[str, Json]:
        """Give the answer. Unreachable: not answered, throttled or busy; Refused: said no."""
        keys = self._keys()
        status, body = self._exchange(action, query, fields, keys)
        if status == 200 and body and body.get("Code", SUCCESS) == SUCCESS:
            return body
        raise self._refusal(action, status, body, keys)

    def _exchange(
        self, action: str, query: dict[str, str], fields: dict[str, str] | None, keys: Credentials
    ) -> tuple[int, dict[str, Json]]:
        """Send one call; give the status and the answer, {} for one that is no object. Unreachable: no answer."""
        named = Call(self._client.host, action, self._product.version, query, fields)
        request = signed(named, keys, datetime.now(UTC), str(uuid4()))
        return self._client.post(action, request.body, request.headers, _object, request.query)

    def _refusal(self, action: str, status: int, body: dict[str, Json], keys: Credentials) -> Unreachable | Rejected:
        code, request = text(body, "Code"), text(body, "RequestId")
        message = keys.hidden(text(body, "Message"))
        no = No(self._product.name, action, code, message, request, status)
        wait = THROTTLED if "Throttling" in code or status == 429 else NOT_NOW.get(code)
        if code == "InvalidSecurityToken.Expired":
            self._keys.forget()
        if wait is not None:
            return no.not_now(wait)
        if not code or status >= 500 or code.startswith(UNCLEAR):
            return no.failed()
        return Rejected(no.refused(), code)


def _object(raw: bytes) -> dict[str, Json]:
    value = parsed(raw)
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Call:
    """One call before it is signed. `fields` None: no body."""

    host: str
    action: str
    version: str
    query: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] | None = None


def signed(call: Call, keys: Credentials, at: datetime, nonce: str) -> Request:
    """Sign a call at this (UTC) time; the nonce must never come twice."""
    body = b"" if call.fields is None else form(call.fields)
    headers = {
        "accept": "application/json",
        "host": call.host,
        "x-acs-action": call.action,
        "x-acs-version": call.version,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": digest(body),
    }
    if call.fields is not None:
        headers["content-type"] = FORM
    if keys.token:
        headers |= {"x-acs-accesskey-id": keys.key, "x-acs-security-token": keys.token}
    headers["Authorization"] = authorization(keys.key, keys.secret, call.query, headers, body)
    return Request(canonical(call.query), headers, body)
