"""Verify ACS3-HMAC-SHA256 signatures. It trusts nothing but the secret key and the clock, and takes no nonce twice."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.signing import Signed, canonical, hashed, mac

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<id>[^,]+),SignedHeaders=(?P<headers>[a-z0-9;-]+),Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = 900  # seconds; the nonce window
_NEEDED = frozenset({"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"})


class Gate:
    """Lets signed requests in. It remembers nonces for as long as a timestamp is good."""

    def __init__(self) -> None:
        """Begin without nonces."""
        self._nonces: dict[str, float] = {}

    def admit(self, request: Signed, secrets: Mapping[str, str], now: float) -> str:
        """Return the access key that signed `request` at about `now` (unix seconds); `ApiError` otherwise."""
        authorization = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if authorization is None:
            raise ApiError(400, "InvalidAuthorization", "The Authorization header is not an ACS3-HMAC-SHA256 one.")
        if authorization["id"] not in secrets:
            raise ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        names = authorization["headers"].split(";")
        if not _NEEDED.issubset(names) or names != sorted(names):
            raise ApiError(400, "IncompleteSignature", "The signature does not cover what it must.")
        self._on_time(request.headers["x-acs-date"], now)
        text = _canonical(request, names)
        if not hmac.compare_digest(_signature(text, secrets[authorization["id"]]), authorization["signature"]):
            # The real one quotes the request as the server signed it, security token and all.
            problem = f"Specified signature does not match our calculation. server CanonicalRequest is: {text!r}"
            raise ApiError(400, "SignatureDoesNotMatch", problem)
        self._once(request.headers["x-acs-signature-nonce"], now)
        return authorization["id"]

    def _on_time(self, date: str, now: float) -> None:
        try:
            at = datetime.strptime(date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError as error:
            raise ApiError(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formed.") from error
        if abs(now - at) > _SKEW:
            raise ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")

    def _once(self, nonce: str, now: float) -> None:
        for old in [known for known, seen in self._nonces.items() if seen < now - 2 * _SKEW]:
            del self._nonces[old]
        if nonce in self._nonces:
            raise ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces[nonce] = now


def _canonical(request: Signed, names: list[str]) -> str:
    pairs = sorted(parse_qsl(request.query, keep_blank_values=True))
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
    if request.headers.get("x-acs-content-sha256") != hashed(request.body):
        raise ApiError(400, "InvalidContentSha256", "x-acs-content-sha256 is not the hash of the body.")
    return canonical(request, query, names)


def _signature(text: str, secret: str) -> str:
    return mac(secret.encode(), f"ACS3-HMAC-SHA256\n{hashed(text)}")
