"""Verify TC3-HMAC-SHA256 signatures of API 3.0. It trusts nothing but the secret key and the clock."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from migrator.lab.clouds.signing import Signed, canonical, derived, hashed, mac
from migrator.lab.clouds.tencent.errors import ApiError

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[a-z]+)/tc3_request,\s*"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = 300  # seconds; API 3.0 refuses older and newer timestamps
_NEEDED = frozenset({"content-type", "host"})


def verify(request: Signed, secrets: Mapping[str, str], now: float, service: str = "clb") -> str:
    """Return the secret id that signed `request` at about `now` (unix seconds); `ApiError` AuthFailure.* otherwise."""
    authorization = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if authorization is None:
        raise ApiError("AuthFailure.SignatureFailure", "The provided Authorization header is not a TC3 signature.")
    if authorization["id"] not in secrets:
        raise ApiError("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    stamp = request.headers.get("x-tc-timestamp", "")
    if not stamp.isdigit():
        raise ApiError("MissingParameter", "The request is missing a required parameter `Timestamp`.")
    if abs(now - int(stamp)) > _SKEW:
        raise ApiError("AuthFailure.SignatureExpire", "The provided timestamp is more than 5 minutes off.")
    names = authorization["headers"].split(";")
    if not _NEEDED.issubset(names) or names != sorted(names) or authorization["service"] != service:
        raise ApiError("AuthFailure.SignatureFailure", f"It does not cover content-type and host for {service}.")
    expected = sign(request, secrets[authorization["id"]], int(stamp), names, service)
    if datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d") != authorization["date"]:
        raise ApiError("AuthFailure.SignatureFailure", "The credential's date is not the timestamp's.")
    if not hmac.compare_digest(expected, authorization["signature"]):
        raise ApiError("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
    return authorization["id"]


def sign(request: Signed, key: str, stamp: int, names: list[str], service: str = "clb") -> str:
    """Return the hex signature. Source: "Signature v3" of the API 3.0 documentation."""
    date = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{hashed(canonical(request, request.query, names))}"
    return mac(derived(f"TC3{key}", (date, service, "tc3_request")), text)
