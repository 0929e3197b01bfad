"""Temporary Tencent credentials: of the CVM's role (metadata service) and of a TKE service account (STS, OIDC).

Sources: the official SDK's CVMRoleCredential and OIDCRoleArnCredential. It keeps nothing; `credentials.Chain` does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.adapters.balancers.credentials import Credentials
from migrator.domain.model.errors import Refused, Unreachable
from migrator.domain.model.manifests import Json, mapping, number, text
from migrator.domain.model.message import say

if TYPE_CHECKING:
    import httpx

CLOUD = "Tencent Cloud"
METADATA = "http://metadata.tencentyun.com"
ROLE = "/latest/meta-data/cam/security-credentials/"
STS = "https://sts.tencentcloudapi.com"
STS_VERSION = "2018-08-13"
LASTING = 7200
SECONDS = 3.0


def cvm_role(metadata: str = METADATA) -> Credentials | None:
    """Give the credentials of the CVM's role; None where there is no metadata service or no role."""
    import httpx

    try:
        with httpx.Client(base_url=metadata, timeout=SECONDS, trust_env=False) as http:
            role = http.get(ROLE)
            if role.status_code != 200 or not role.text.strip():
                return None
            found: Any = http.get(ROLE + role.text.strip()).json()
    except (httpx.HTTPError, ValueError):  # no CVM, or a CVM without a role
        return None
    return _of(found, number(found, "ExpiredTime")) if text(found, "Code") == "Success" else None


def tke_oidc(environ: Mapping[str, str] = os.environ, sts: str = STS) -> Credentials | None:
    """Give the credentials of a TKE service account; None where the pod has none. Refused: STS says no."""
    names = ("TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN")
    if not all(environ.get(name) for name in names):
        return None
    region, provider, path, role = (environ[name] for name in names)
    try:
        token = Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(say("credentials.unreadable-token", cloud=CLOUD, path=path)) from error
    body: dict[str, Json] = {
        "ProviderId": provider,
        "WebIdentityToken": token,
        "RoleArn": role,
        "RoleSessionName": f"migrator-{int(time.time())}",
        "DurationSeconds": LASTING,
    }
    response = mapping(_assumed(sts, region, body), "Response")
    if code := text(response, "Error", "Code"):
        raise Refused(say("tencent.role-refused", answer=code, role=role))
    return _of(mapping(response, "Credentials"), number(response, "ExpiredTime"))


def _assumed(sts: str, region: str, body: dict[str, Json]) -> Json:
    """Ask STS for credentials of a role. This call is not signed: the token is the proof."""
    import httpx

    headers = {
        "X-TC-Action": "AssumeRoleWithWebIdentity",
        "X-TC-Version": STS_VERSION,
        "X-TC-Region": region,
        "X-TC-Timestamp": str(int(time.time())),
        "Authorization": "SKIP",
    }
    try:
        with httpx.Client(base_url=sts, timeout=SECONDS, trust_env=False) as http:
            answer: httpx.Response = http.post("/", json=body, headers=headers)
            found: Json = answer.json()
    except (httpx.HTTPError, ValueError):
        # no cause: it may quote the request, and the request holds the token
        raise Unreachable(say("credentials.no-answer", cloud=CLOUD, source="sts", problem="")) from None
    return found


def _of(found: Json, ends: int) -> Credentials | None:
    secret_id, key, token = (text(found, name) for name in ("TmpSecretId", "TmpSecretKey", "Token"))
    return Credentials(secret_id, key, token, float(ends)) if secret_id and key else None
