"""One call of an AWS API through boto3, in our words: an answer, Unreachable or Refused. It never repeats a call.

botocore's own retries are off: a write is asked once and the turn does the waiting. Secrets are taken out of every word.
"""

from __future__ import annotations

import logging
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from migrator.domain.errors import Refused, Unreachable, UsageError
from migrator.domain.manifests import Json, dig, items, text

if TYPE_CHECKING:
    from boto3 import Session
    from botocore.credentials import ReadOnlyCredentials
    from botocore.exceptions import BotoCoreError, ClientError

CONNECT, READ = 3.0, 6.0
"""Seconds: together they stay below the ten that a write may take."""
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
_ANONYMOUS = ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "NoRegionError", "NoAuthTokenError")
_NO_TOKEN = ("SSOError", "UnauthorizedSSOTokenError", "SSOTokenLoadError", "TokenRetrievalError", "LoginError")


class Rejected(Refused):
    """AWS said no; `code` is the API's own error code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def require_boto3() -> None:
    """Raise UsageError where boto3 is not installed."""
    if find_spec("boto3") is None:
        raise UsageError(
            "The aws balancer needs boto3, which is not installed. Nothing was changed. "
            "Install it with `pip install 'migrator[aws]'`."
        )


class Api:
    """A client for one service, endpoint and region. Safe between threads."""

    def __init__(self, service: str, endpoint: str | None, region: str, session: Session | None = None) -> None:
        self._service, self._endpoint, self._region = service, endpoint or None, region
        self._session = session
        self._client: Any = None  # boto3's clients are made from data and have no types
        self._lock = threading.Lock()

    def call(self, operation: str, **parameters: Json) -> dict[str, Json]:
        """Make one call and give its answer. Unreachable: not answered, throttled or busy; Refused: said no."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: dict[str, Json] = getattr(self._made(), operation)(**parameters)
        except ClientError as error:
            refusal: Exception = self._refusal(operation, error)
        except BotoCoreError as error:
            refusal = self._silence(operation, error)
        else:
            return answer
        raise refusal  # outside of the handlers: the original quotes what was signed, and would stay in its context

    def every(self, operation: str, name: str, **parameters: Json) -> list[dict[str, Json]]:
        """Give the rows of every page of a call."""
        found: list[dict[str, Json]] = []
        marker: dict[str, Json] = {}
        for _ in range(PAGES):
            answer = self.call(operation, **parameters, **marker)
            found += items(answer, name)
            following = text(answer, "NextMarker") or text(answer, "NextToken")
            if not following:
                return found
            marker = {"Marker" if text(answer, "NextMarker") else "NextToken": following}
        raise Unreachable(f"AWS gave {name} on more than {PAGES} pages. Weights stay as they are.")

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._new()
            return self._client

    def _new(self) -> Any:
        import boto3
        from botocore.config import Config

        logging.getLogger("botocore").setLevel(logging.INFO)  # its DEBUG shows signed headers, session token and all
        self._session = self._session or boto3.Session(region_name=self._region or None)
        config = Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=CONNECT,
            read_timeout=READ,
            proxies={},  # a proxy variable must not lead a signed request elsewhere
            user_agent_extra="migrator",
        )
        return self._session.client(
            self._service, endpoint_url=self._endpoint, region_name=self._region or None, config=config
        )

    def _refusal(self, operation: str, error: ClientError) -> Exception:
        response: Any = error.response
        code, status = text(response, "Error", "Code"), dig(response, "ResponseMetadata", "HTTPStatusCode")
        said = self._hidden(text(response, "Error", "Message"))
        request = text(response, "ResponseMetadata", "RequestId")
        words = f"AWS {self._service}: {operation}: {code}: {said} (request {request})"
        if (wait := NOT_NOW.get(code)) is not None:
            return Unreachable(f"{words}. Weights stay as they are; the run asks again.", wait)
        if not isinstance(status, int) or status >= 500:
            return Unreachable(f"{words}. A write may have taken effect; the run looks again before it decides.")
        return Rejected(f"{words}. Weights stay as they are.", code)

    def _silence(self, operation: str, error: BotoCoreError) -> Exception:
        kind = type(error).__name__
        if kind in (*_ANONYMOUS, *_NO_TOKEN):
            return Refused(
                f"No AWS credentials or region were found ({kind}). Nothing was changed. Give them as boto3 takes them: "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, IRSA or an instance role; the region is "
                "loadBalancer.region."
            )
        if kind in ("ParamValidationError", "UnknownServiceError"):
            return Refused(f"AWS {self._service}: {operation} was not sent: boto3 does not take its parameters.")
        return Unreachable(
            f"AWS {self._service} did not answer {operation} ({kind}). A write may have taken effect; "
            "the run looks again before it decides."
        )

    def _hidden(self, words: str) -> str:
        """Give `words` without any secret; an error of the API may quote what was signed."""
        found = self._session.get_credentials() if self._session else None
        if found is None:
            return words
        kept: ReadOnlyCredentials = found.get_frozen_credentials()
        for secret in (kept.secret_key, kept.token, kept.access_key):
            words = words.replace(secret, "(hidden)") if secret else words
        return words
