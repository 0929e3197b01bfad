"""Temporary credentials from Aliyun's own services: RRSA (a Kubernetes service account through STS) and the ECS RAM role.

It asks the metadata service and STS only, without a proxy, and never shows a token.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from migrator.adapters.balancers.credentials import Credentials
from migrator.domain.model.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, mapping, text
from migrator.domain.model.message import say

if TYPE_CHECKING:
    import httpx

CLOUD = "Aliyun"
METADATA = "http://100.100.100.200"
_ROLES = "/latest/meta-data/ram/security-credentials/"
_TTL = "21600"
_SECONDS = 3.0
_LASTS = "3600"
_SESSION = "migrator"


@dataclass(frozen=True, slots=True)
class Rrsa:
    """RRSA: the pod's projected token is exchanged for a role's credentials. `url` None: the region's own STS."""

    url: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where the three variables are not set."""
        names = ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
        role, provider, file = (self.environ.get(name, "") for name in names)
        session = self.environ.get("ALIBABA_CLOUD_ROLE_SESSION_NAME") or _SESSION
        return self._assume(role, provider, file, session) if role and provider and file else None

    def profile(self, chosen: dict[str, Json]) -> Credentials | None:
        """Give the credentials of a CLI profile of mode OIDC."""
        role, provider = text(chosen, "ram_role_arn"), text(chosen, "oidc_provider_arn")
        file, session = text(chosen, "oidc_token_file"), text(chosen, "ram_session_name") or _SESSION
        return self._assume(role, provider, file, session) if role and provider and file else None

    def _assume(self, role: str, provider: str, file: str, session: str) -> Credentials | None:
        try:
            token = Path(file).read_text().strip()
        except OSError as error:
            raise Refused(say("credentials.unreadable-token", cloud=CLOUD, path=file)) from error
        fields = {
            "Action": "AssumeRoleWithOIDC",
            "Format": "JSON",
            "Version": "2015-04-01",
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "SignatureNonce": str(uuid4()),
            "DurationSeconds": _LASTS,
            "RoleArn": role,
            "OIDCProviderArn": provider,
            "RoleSessionName": session,
            "OIDCToken": token,  # in the body, unlike the SDK's: a URL is easily logged on its way
        }
        answer = _asked("sts", lambda http: http.post(self._where(), data=fields))
        found: Any = _json(answer, "sts")
        return _temporary(mapping(found, "Credentials"), "sts")

    def _where(self) -> str:
        if self.url:
            return self.url
        vpc = self.environ.get("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "").lower() == "true"
        region = self.environ.get("ALIBABA_CLOUD_STS_REGION", "")
        return f"https://{'sts-vpc' if vpc else 'sts'}{f'.{region}' if region else ''}.aliyuncs.com/"


@dataclass(frozen=True, slots=True)
class EcsRole:
    """The RAM role of the ECS instance, by the metadata service: with a session token, without one where it has none."""

    url: str = METADATA
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where metadata is switched off, not there, or knows no role."""
        if self.environ.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "").lower() == "true":
            return None
        return self._of(self.environ.get("ALIBABA_CLOUD_ECS_METADATA", ""))

    def profile(self, chosen: dict[str, Json]) -> Credentials | None:
        """Give the credentials of a CLI profile of mode EcsRamRole."""
        return self._of(text(chosen, "ram_role_name"))

    def _of(self, role: str) -> Credentials | None:
        try:
            headers = self._session()
            if not role:
                named = _asked("metadata", lambda http: http.get(f"{self.url}{_ROLES}", headers=headers))
                role = named.text.strip() if named.status_code == 200 else ""
            if not role:
                return None
            answer = _asked("metadata", lambda http: http.get(f"{self.url}{_ROLES}{role}", headers=headers))
        except Unreachable:
            return None  # not an ECS instance: nobody listens there
        return _temporary(_json(answer, "metadata"), "metadata")

    def _session(self) -> dict[str, str]:
        """Ask for a session token (the hardened mode); an older service has none and answers without."""
        headers = {"X-aliyun-ecs-metadata-token-ttl-seconds": _TTL}
        answer = _asked("metadata", lambda http: http.put(f"{self.url}/latest/api/token", headers=headers))
        if answer.status_code == 200:
            return {"X-aliyun-ecs-metadata-token": answer.text.strip()}
        if self.environ.get("ALIBABA_CLOUD_IMDSV1_DISABLED", "").lower() == "true":
            raise Unreachable(say("aliyun.no-session-token"))
        return {}


def _asked(source: str, ask: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
    import httpx

    try:
        with httpx.Client(timeout=_SECONDS, trust_env=False) as http:
            return ask(http)
    except httpx.HTTPError as error:
        problem = type(error).__name__
        raise Unreachable(say("credentials.no-answer", cloud=CLOUD, source=source, problem=problem)) from error


def _json(answer: httpx.Response, source: str) -> dict[str, Json]:
    try:
        found: Any = answer.json()  # Any: a JSON document
    except ValueError as error:
        raise _failed(source, answer.status_code, "") from error
    body: dict[str, Json] = found if isinstance(found, dict) else {}
    if answer.status_code >= 500:
        raise _failed(source, answer.status_code, text(body, "Code"))
    if answer.status_code != 200:
        code, status = text(body, "Code"), answer.status_code
        raise Refused(say("credentials.refused", cloud=CLOUD, source=source, status=status, answer=code))
    return body


def _failed(source: str, status: int, code: str) -> Unreachable:
    return Unreachable(say("credentials.failed", cloud=CLOUD, source=source, status=status, answer=code))


def _temporary(found: dict[str, Json], source: str) -> Credentials:
    key, secret, token = (text(found, name) for name in ("AccessKeyId", "AccessKeySecret", "SecurityToken"))
    try:
        ends = datetime.strptime(text(found, "Expiration"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise Unreachable(say("credentials.endless", cloud=CLOUD, source=source)) from error
    if not (key and secret and token):
        raise Unreachable(say("credentials.incomplete", cloud=CLOUD, source=source))
    return Credentials(key, secret, token, ends)
