"""Where Tencent's credentials come from: the environment, or the SDK's own profile file. They are never stored or shown."""

from __future__ import annotations

import configparser
import os
from dataclasses import dataclass, field
from pathlib import Path

from migrator.domain.errors import Refused

PROFILES = (Path("~/.tencentcloud/credentials"), Path("/etc/tencentcloud/credentials"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """A secret id, its key and, for temporary ones, a token. `repr` shows none of them."""

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


def from_environment() -> Credentials:
    """Give the credentials of TENCENTCLOUD_SECRET_ID/_KEY[/_TOKEN], else of a profile file (the SDK's order)."""
    found = os.environ.get("TENCENTCLOUD_SECRET_ID"), os.environ.get("TENCENTCLOUD_SECRET_KEY")
    if found[0] and found[1]:
        return Credentials(found[0], found[1], os.environ.get("TENCENTCLOUD_TOKEN", ""))
    for path in PROFILES:
        if profile := _profile(path.expanduser()):
            return profile
    raise Refused(
        "No Tencent Cloud credentials were found. Nothing was changed. Set TENCENTCLOUD_SECRET_ID and "
        "TENCENTCLOUD_SECRET_KEY, or write ~/.tencentcloud/credentials."
    )


def _profile(path: Path) -> Credentials | None:
    parser = configparser.ConfigParser()
    try:
        parser.read(path)
        section = parser["default"]
        return Credentials(section["secret_id"], section["secret_key"], section.get("token", ""))
    except (OSError, configparser.Error, KeyError):
        return None
