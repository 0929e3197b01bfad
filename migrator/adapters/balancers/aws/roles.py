"""Temporary AWS credentials: of a service account (IRSA, by STS), of a container (Pod Identity, ECS), of an instance.

It asks only the addresses that AWS's own SDKs ask, without a proxy, keeps nothing (`credentials.Chain` does) and never
shows a token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.balancers.aws.query import fault, form, read, result
from migrator.adapters.balancers.credentials import Credentials
from migrator.domain.model.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, mapping, text
from migrator.domain.model.message import say

if TYPE_CHECKING:
    import httpx

CLOUD = "AWS"
METADATA = "http://169.254.169.254"
CONTAINER = "http://169.254.170.2"
ROLE = "/latest/meta-data/iam/security-credentials/"
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Irsa:
    """IRSA: the pod's projected token is exchanged for a role's credentials. `url` "": the region's own STS."""

    region: str
    url: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where the two variables are not set. Refused: STS says no."""
        role, file = (self.environ.get(name, "") for name in ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"))
        if not role or not file:
            return None
        fields: dict[str, Json] = {
            "RoleArn": role,
            "RoleSessionName": self.environ.get("AWS_ROLE_SESSION_NAME") or "migrator",
            "WebIdentityToken": _file(file),
        }
        action = "AssumeRoleWithWebIdentity"
        domain = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        url = self.url or f"https://sts.{self.region}.{domain}"
        answer = _asked("sts", "POST", url, form(action, "2011-06-15", fields))
        try:
            found = read(answer.content)
            given = mapping(result(found, action), "Credentials") if answer.status_code == 200 else {}
        except ValueError:
            raise _failed("sts", answer.status_code) from None
        if not given:
            code, status = fault(found)[0], answer.status_code
            error = Unreachable if status >= 500 else Refused
            raise error(say("aws.role-refused", role=role, status=status, answer=code))
        return _temporary(given, "SecretAccessKey", "SessionToken", "sts")


@dataclass(frozen=True, slots=True)
class Container:
    """EKS Pod Identity and ECS: an agent beside the container gives them at an address in the environment."""

    url: str = CONTAINER
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the container's credentials; None where no address is set."""
        relative = self.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "")
        url = self.url + relative if relative else self.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", "")
        if not url:
            return None
        file = self.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "")
        token = _file(file) if file else self.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
        answer = _asked("agent", "GET", url, None, {"Authorization": token} if token else {})
        return _temporary(_json(answer, "agent"), "SecretAccessKey", "Token", "agent")


@dataclass(frozen=True, slots=True)
class Instance:
    """The role of the EC2 instance, by its metadata service (version 2, with a session token)."""

    url: str = METADATA
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the role's credentials; None where metadata is switched off, not there, or knows no role."""
        if self.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
            return None
        source = "metadata"
        try:
            lasting = {"X-aws-ec2-metadata-token-ttl-seconds": "300"}
            session = _asked(source, "PUT", f"{self.url}/latest/api/token", None, lasting)
            proof = {"X-aws-ec2-metadata-token": session.text.strip()} if session.status_code == 200 else {}
            role = _asked(source, "GET", self.url + ROLE, None, proof)
            if role.status_code != 200 or not role.text.strip():
                return None
            answer = _asked(source, "GET", self.url + ROLE + role.text.split()[0], None, proof)
        except Unreachable:
            return None  # no EC2 instance: nobody listens there
        return _temporary(_json(answer, source), "SecretAccessKey", "Token", source)


def _file(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(say("credentials.unreadable-token", cloud=CLOUD, path=path)) from error


def _asked(
    source: str, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    import httpx

    sent = {**(headers or {}), **({"Content-Type": "application/x-www-form-urlencoded"} if body else {})}
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as http:
            return http.request(method, url, content=body, headers=sent)
    except (httpx.HTTPError, httpx.InvalidURL):
        # no cause: it may quote the request, and the request holds a token
        raise Unreachable(say("credentials.no-answer", cloud=CLOUD, source=source, problem="")) from None


def _json(answer: httpx.Response, source: str) -> dict[str, Json]:
    try:
        found: Json = answer.json()
    except ValueError:
        found = None
    if answer.status_code != 200 or not isinstance(found, dict):
        raise _failed(source, answer.status_code)
    return found


def _failed(source: str, status: int) -> Unreachable:
    return Unreachable(say("credentials.failed", cloud=CLOUD, source=source, status=status, answer=""))


def _temporary(found: dict[str, Json], secret: str, token: str, source: str) -> Credentials:
    given = [text(found, name) for name in ("AccessKeyId", secret, token)]
    try:
        ends = datetime.fromisoformat(text(found, "Expiration").replace("Z", "+00:00"))
    except ValueError:
        raise Unreachable(say("credentials.endless", cloud=CLOUD, source=source)) from None
    if not all(given):
        raise Unreachable(say("credentials.incomplete", cloud=CLOUD, source=source))
    at = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return Credentials(given[0], given[1], given[2], at.timestamp())
