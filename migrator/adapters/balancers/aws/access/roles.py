"""Temporary AWS credentials: of a service account (IRSA, by STS), of a container (Pod Identity, ECS), of an instance.

It asks only the addresses that AWS's own SDKs ask, without a proxy, keeps nothing (`credentials.Chain` does) and never
shows a token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.temporary import FORM, asked, object_of, temporary, token_file
from migrator.adapters.balancers.aws.access.query import fault, form, read, result
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, mapping

if TYPE_CHECKING:
    import httpx

STS = say("aws.sts")
METADATA = "http://169.254.169.254"
METADATA_6 = "http://[fd00:ec2::254]"
_AGENTS = ("169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost")
CONTAINER = "http://169.254.170.2"
ROLE = "/latest/meta-data/iam/security-credentials/"


@dataclass(frozen=True, slots=True)
class Irsa:
    """IRSA: the pod's projected token is exchanged for a role's credentials. `url` "": the region's own STS."""

    region: str
    url: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where no token file is set. Refused: no role is set, or STS says no."""
        role, file = (self.environ.get(name, "") for name in ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"))
        if not file:
            return None
        if not role:
            raise Refused(say("credentials.half", source=say("aws.environment"), lacks="AWS_ROLE_ARN"))
        fields: dict[str, Json] = {
            "RoleArn": role,
            "RoleSessionName": self.environ.get("AWS_ROLE_SESSION_NAME") or "migrator",
            "WebIdentityToken": token_file(file),
        }
        action = "AssumeRoleWithWebIdentity"
        domain = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        url = self.url or self.environ.get("AWS_ENDPOINT_URL_STS") or f"https://sts.{self.region}.{domain}"
        answer = asked(STS, "POST", url, form(action, "2011-06-15", fields), FORM)
        try:
            response = read(answer.content)
            credentials = mapping(result(response, action), "Credentials") if answer.status_code == 200 else {}
        except ValueError:
            raise Unreachable(say("credentials.failed", whom=STS, status=answer.status_code, answer="")) from None
        if not credentials:
            code, status = fault(response)[0], answer.status_code
            error = Unreachable if status >= 500 else Refused
            raise error(say("aws.role-refused", role=role, status=status, answer=code))
        return temporary(credentials, "SecretAccessKey", "SessionToken", STS)


@dataclass(frozen=True, slots=True)
class Container:
    """EKS Pod Identity and ECS: an agent beside the container gives them at an address in the environment."""

    url: str = CONTAINER
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the container's credentials; None where no address is set. Refused: the address is somebody else's."""
        relative = self.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "")
        url = self.url + relative if relative else self.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", "")
        if not url:
            return None
        _require_own(url)
        file = self.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "")
        token = token_file(file) if file else self.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
        whom = say("aws.container-agent")
        return _given(asked(whom, "GET", url, None, {"Authorization": token} if token else {}), whom)


@dataclass(frozen=True, slots=True)
class Instance:
    """The role of the EC2 instance, by its metadata service (version 2, with a session token)."""

    url: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where metadata is switched off, not there, or knows no role."""
        if self.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
            return None
        whom = say("aws.metadata-service")
        try:
            url, proof = self._where, self._session(whom)
            role = asked(whom, "GET", url + ROLE, None, proof)
            if role.status_code != 200 or not role.text.strip():
                return None
            answer = asked(whom, "GET", url + ROLE + role.text.split()[0], None, proof)
        except Unreachable:
            return None  # no EC2 instance: nobody listens there
        return _given(answer, whom)

    @property
    def _where(self) -> str:
        """Give the service's address: AWS_EC2_METADATA_SERVICE_ENDPOINT, or IPv6's where _ENDPOINT_MODE says so."""
        known = self.url or self.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "")
        six = self.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "").lower() == "ipv6"
        return known.rstrip("/") or (METADATA_6 if six else METADATA)

    def _session(self, whom: Message) -> dict[str, str]:
        """Ask for a session token; version 1 gives none, and is not used where AWS_EC2_METADATA_V1_DISABLED says so."""
        lasting = {"X-aws-ec2-metadata-token-ttl-seconds": "300"}
        session = asked(whom, "PUT", f"{self._where}/latest/api/token", None, lasting)
        if session.status_code == 200:
            return {"X-aws-ec2-metadata-token": session.text.strip()}
        if self.environ.get("AWS_EC2_METADATA_V1_DISABLED", "").lower() == "true":
            raise Unreachable(say("aws.no-session-token"))
        return {}


def _require_own(url: str) -> None:
    """Refused: plain HTTP to neither loopback nor an agent of ECS or EKS, as botocore's ContainerMetadataFetcher refuses it."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in _AGENTS:
        return
    try:
        own = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        own = False
    if not own:
        raise Refused(say("credentials.foreign-agent", url=f"{parts.scheme}://{parts.hostname or ''}"))


def _given(answer: httpx.Response, whom: Message) -> Credentials:
    """Read what an agent or a metadata service gives. Unreachable: it gives nothing."""
    value = object_of(answer, whom)
    if answer.status_code != 200:
        raise Unreachable(say("credentials.failed", whom=whom, status=answer.status_code, answer=""))
    return temporary(value, "SecretAccessKey", "Token", whom)
