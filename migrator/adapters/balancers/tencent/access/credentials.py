"""Where Tencent's credentials come from, in the SDK's order: environment, profile file, TKE's OIDC, the CVM's role.

Unlike the SDK's, OIDC comes before the CVM role: a pod with an identity of its own must not act as its node.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.domain.messages.message import say

PROFILES = (Path("~/.tencentcloud/credentials"), Path("/etc/tencentcloud/credentials"))
ABSENT = say("tencent.no-credentials")


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of TENCENTCLOUD_SECRET_ID and _KEY, with _TOKEN (which the SDK overlooks)."""
    secret_id, key = environ.get("TENCENTCLOUD_SECRET_ID"), environ.get("TENCENTCLOUD_SECRET_KEY")
    return Credentials(secret_id, key, environ.get("TENCENTCLOUD_TOKEN", "")) if secret_id and key else None


def profile(paths: tuple[Path, ...] = PROFILES) -> Credentials | None:
    """Give the credentials of section `default` of the first profile file that has them."""
    return next((credentials for path in paths if (credentials := _read(path.expanduser()))), None)


def _read(path: Path) -> Credentials | None:
    parser = configparser.ConfigParser(interpolation=None)  # a key may hold a percent sign
    try:
        parser.read(path)
        section = parser["default"]
        credentials = Credentials(
            section["secret_id"].strip(), section["secret_key"].strip(), section.get("token", "").strip()
        )
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError):
        return None
    return credentials if credentials.key and credentials.secret else None
