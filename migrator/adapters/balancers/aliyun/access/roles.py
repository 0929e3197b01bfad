"""Temporary credentials from Aliyun's own services: RRSA (a Kubernetes service account through STS) and the ECS RAM role.

It asks the metadata service and STS only, without a proxy, and never shows a token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.temporary import FORM, asked, object_of, temporary, token_file
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, mapping, text

if TYPE_CHECKING:
    import httpx

METADATA = "http://100.100.100.200"
_ROLES = "/latest/meta-data/ram/security-credentials/"
_TTL = "21600"
_LASTS = "3600"
_SESSION = "migrator"
_VARIABLES = {
    "role_arn": "ALIBABA_CLOUD_ROLE_ARN",
    "oidc_provider_arn": "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "oidc_token_file_path": "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "role_session_name": "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "sts_region": "ALIBABA_CLOUD_STS_REGION",
    "vpc": "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",
}
_METADATA_SERVICE = say("aliyun.metadata-service")
_STS = say("aliyun.sts")


@dataclass(frozen=True, slots=True)
class Rrsa:
    """RRSA: the pod's projected token is exchanged for a role's credentials. `url` None: the region's own STS."""

    url: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where the three variables are not set."""
        return self._of({})

    def profile(self, chosen: dict[str, Json]) -> Credentials | None:
        """Give the credentials of a CLI profile of mode OIDC; what it does not say is in the environment."""
        keys = {"role_arn": "ram_role_arn", "oidc_token_file_path": "oidc_token_file"}
        names = ("oidc_provider_arn", "role_session_name", "sts_region")
        vpc = {"vpc": str(chosen["enable_vpc"])} if isinstance(chosen.get("enable_vpc"), bool) else {}
        own = {name: text(chosen, key) for name, key in (keys | dict(zip(names, names, strict=True))).items()}
        return self._of(own | vpc)

    def section(self, chosen: dict[str, Json]) -> Credentials | None:
        """Give the credentials of a section of type oidc_role_arn."""
        names = ("role_arn", "oidc_provider_arn", "oidc_token_file_path", "role_session_name")
        return self._of({name: text(chosen, name) for name in names})

    def _of(self, own: Mapping[str, str]) -> Credentials | None:
        known = {name: own.get(name) or self.environ.get(variable, "") for name, variable in _VARIABLES.items()}
        role, provider, file = (known[name] for name in ("role_arn", "oidc_provider_arn", "oidc_token_file_path"))
        session = known["role_session_name"] or _SESSION
        if not (role and provider and file):
            return None
        where = self.url or _sts(known["sts_region"], known["vpc"].lower() == "true")
        return self._assume(role, provider, file, session, where)

    def _assume(self, role: str, provider: str, file: str, session: str, where: str) -> Credentials | None:
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
            "OIDCToken": token_file(file),  # in the body, unlike the SDK's: a URL is easily logged on its way
        }
        answer = asked(_STS, "POST", where, urlencode(fields).encode(), FORM)
        credentials = mapping(_given(answer, _STS), "Credentials")
        return temporary(credentials, "AccessKeySecret", "SecurityToken", _STS)


def _sts(region: str, vpc: bool) -> str:
    """Give the address of STS; without a region there is one, and none inside a VPC."""
    return f"https://{'sts-vpc' if vpc else 'sts'}.{region}.aliyuncs.com/" if region else "https://sts.aliyuncs.com/"


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

    def section(self, chosen: dict[str, Json]) -> Credentials | None:
        """Give the credentials of a section of type ecs_ram_role."""
        return self._of(text(chosen, "role_name"))

    def _of(self, role: str) -> Credentials | None:
        try:
            headers = self._session()
            if not role:
                named = asked(_METADATA_SERVICE, "GET", f"{self.url}{_ROLES}", None, headers)
                role = named.text.strip() if named.status_code == 200 else ""
            if not role:
                return None
            answer = asked(_METADATA_SERVICE, "GET", f"{self.url}{_ROLES}{role}", None, headers)
        except Unreachable:
            return None  # not an ECS instance: nobody listens there
        credentials = _given(answer, _METADATA_SERVICE)
        return temporary(credentials, "AccessKeySecret", "SecurityToken", _METADATA_SERVICE)

    def _session(self) -> dict[str, str]:
        """Ask for a session token (the hardened mode); an older service has none and answers without."""
        headers = {"X-aliyun-ecs-metadata-token-ttl-seconds": _TTL}
        answer = asked(_METADATA_SERVICE, "PUT", f"{self.url}/latest/api/token", None, headers)
        if answer.status_code == 200:
            return {"X-aliyun-ecs-metadata-token": answer.text.strip()}
        if self.environ.get("ALIBABA_CLOUD_IMDSV1_DISABLED", "").lower() == "true":
            raise Unreachable(say("aliyun.no-session-token"))
        return {}


@dataclass(frozen=True, slots=True)
class Address:
    """ALIBABA_CLOUD_CREDENTIALS_URI: whatever gives credentials at an address, the last that the SDK asks."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give what is there; None where no address is set."""
        if not (url := self.environ.get("ALIBABA_CLOUD_CREDENTIALS_URI", "")):
            return None
        whom = say("aliyun.credentials-address")
        credentials = _given(asked(whom, "GET", url), whom)
        if text(credentials, "Code") != "Success":
            raise Refused(say("credentials.refused", whom=whom, status=200, answer=text(credentials, "Code")))
        return temporary(credentials, "AccessKeySecret", "SecurityToken", whom)


def _given(answer: httpx.Response, whom: Message) -> dict[str, Json]:
    """Give what a service answers. Unreachable: it is in trouble; Refused: it said no."""
    value = object_of(answer, whom)
    code = text(value, "Code")
    if answer.status_code >= 500:
        raise Unreachable(say("credentials.failed", whom=whom, status=answer.status_code, answer=code))
    if answer.status_code != 200:
        raise Refused(say("credentials.refused", whom=whom, status=answer.status_code, answer=code))
    return value
