"""Temporary Tencent credentials: of the CVM's role (metadata service) and of a TKE service account (STS, OIDC).

Sources: the official SDK's CVMRoleCredential and OIDCRoleArnCredential. It keeps nothing; `credentials.Chain` does.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.temporary import asked, object_of, token_file
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, mapping, number, text

METADATA = "http://metadata.tencentyun.com"
ROLE = "/latest/meta-data/cam/security-credentials/"
STS = "https://sts.tencentcloudapi.com"
STS_VERSION = "2018-08-13"
LASTING = 7200
METADATA_SERVICE = say("tencent.metadata-service")
TOKENS = say("tencent.sts")


def cvm_role(metadata: str = METADATA) -> Credentials | None:
    """Give the credentials of the CVM's role; None where there is no metadata service or no role."""
    try:
        role = asked(METADATA_SERVICE, "GET", metadata + ROLE)
        if role.status_code != 200 or not role.text.strip():
            return None
        answer = asked(METADATA_SERVICE, "GET", metadata + ROLE + role.text.strip())
        credentials = object_of(answer, METADATA_SERVICE)
    except Unreachable:  # no CVM, or a CVM without a role
        return None
    return _of(credentials, number(credentials, "ExpiredTime")) if text(credentials, "Code") == "Success" else None


def tke_oidc(environ: Mapping[str, str] = os.environ, sts: str = STS) -> Credentials | None:
    """Give the credentials of a TKE service account; None where the pod has none. Refused: STS says no."""
    names = ("TKE_REGION", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_ROLE_ARN")
    if not all(environ.get(name) for name in names):
        return None
    region, provider, path, role = (environ[name] for name in names)
    body: dict[str, Json] = {
        "ProviderId": provider,
        "WebIdentityToken": token_file(path),
        "RoleArn": role,
        "RoleSessionName": f"migrator-{int(time.time())}",
        "DurationSeconds": LASTING,
    }
    response = mapping(_assumed(sts, region, body), "Response")
    if code := text(response, "Error", "Code"):
        raise Refused(say("tencent.role-refused", answer=code, role=role))
    return _of(mapping(response, "Credentials"), number(response, "ExpiredTime"))


def _assumed(sts: str, region: str, body: dict[str, Json]) -> dict[str, Json]:
    """Ask STS for credentials of a role. This call is not signed: the token is the proof."""
    headers = {
        "Content-Type": "application/json",
        "X-TC-Action": "AssumeRoleWithWebIdentity",
        "X-TC-Version": STS_VERSION,
        "X-TC-Region": region,
        "X-TC-Timestamp": str(int(time.time())),
        "Authorization": "SKIP",
    }
    answer = asked(TOKENS, "POST", sts.rstrip("/") + "/", json.dumps(body).encode(), headers)
    return object_of(answer, TOKENS)


def _of(credentials: Json, ends: int) -> Credentials | None:
    secret_id, key, token = (text(credentials, name) for name in ("TmpSecretId", "TmpSecretKey", "Token"))
    return Credentials(secret_id, key, token, float(ends), renewed=True) if secret_id and key else None
