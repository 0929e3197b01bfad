"""Where Tencent's credentials come from, in the SDK's order: environment, profile file, TKE's OIDC, the CVM's role.

Unlike the SDK's, OIDC comes before the CVM role: a pod with an identity of its own must not act as its node.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.inifile import sections
from migrator.domain.messages.message import say

PROFILES = (Path("~/.tencentcloud/credentials"), Path("/etc/tencentcloud/credentials"))
ABSENT = say("tencent.no-credentials")


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of TENCENTCLOUD_SECRET_ID and _KEY, with _TOKEN (which the SDK overlooks)."""
    secret_id, key = environ.get("TENCENTCLOUD_SECRET_ID"), environ.get("TENCENTCLOUD_SECRET_KEY")
    return Credentials(secret_id, key, environ.get("TENCENTCLOUD_TOKEN", "")) if secret_id and key else None


def profile(paths: tuple[Path, ...] = PROFILES) -> Credentials | None:
    """Give the credentials of section `default` of the first profile file that there is, as the SDK's ProfileCredential does.

    Refused: that file cannot be read.
    """
    for path in paths:
        if path.expanduser().exists():
            section = sections(path).get("default", {})
            secret_id, key = (section.get(name, "").strip() for name in ("secret_id", "secret_key"))
            return Credentials(secret_id, key, section.get("token", "").strip()) if secret_id and key else None
    return None
