"""Verify AWS Signature Version 4 of a POST to `/`. It trusts nothing but the secret key and the clock."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from migrator.lab.clouds.aws.errors import ApiError
from migrator.lab.clouds.signing import Signed, canonical, derived, hashed, mac

SERVICE = "elasticloadbalancing"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = 300
_NEEDED = frozenset({"host", "x-amz-date"})


def admit(
    headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], now: float, service: str = SERVICE
) -> str:
    """Return the access key that signed this body at about `now` (unix seconds); `headers` have lower-case names."""
    authorization = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if authorization is None:
        raise ApiError(403, "IncompleteSignature", "The request signature does not conform to AWS standards.")
    if authorization["id"] not in secrets:
        raise ApiError(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    names = authorization["headers"].split(";")
    if not _NEEDED.issubset(names) or names != sorted(names) or authorization["service"] != service:
        raise ApiError(403, "IncompleteSignature", "The signature does not cover what it must.")
    date = headers["x-amz-date"]
    _on_time(date, now)
    request = canonical(Signed("POST", "/", "", headers, body), "", names)
    scope = f"{authorization['date']}/{authorization['region']}/{authorization['service']}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed(request)}"
    if not hmac.compare_digest(
        mac(derived(f"AWS4{secrets[authorization['id']]}", scope.split("/")), text), authorization["signature"]
    ):
        problem = "The request signature we calculated does not match the signature you provided."
        # The real one quotes the canonical string, session token and all.
        raise ApiError(403, "SignatureDoesNotMatch", f"{problem} The Canonical String should have been {request!r}")
    return authorization["id"]


def _on_time(date: str, now: float) -> None:
    try:
        at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise ApiError(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'.") from error
    if abs(now - at) > _SKEW:
        raise ApiError(403, "SignatureDoesNotMatch", "Signature expired: the date is too far from now.")
