"""Where Tencent's credentials come from, in the SDK's order: environment, profile file, TKE's OIDC, the CVM's role.

Unlike the SDK's, OIDC comes before the CVM role: a pod with an identity of its own must not act as its node. Temporary
credentials are kept in memory until five minutes before their end. Nothing is stored or shown.
"""

from __future__ import annotations

import configparser
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from migrator.domain.errors import Refused

PROFILES = (Path("~/.tencentcloud/credentials"), Path("/etc/tencentcloud/credentials"))
EARLY = 300.0
"""Seconds before their end at which temporary credentials are fetched anew (the SDK's own margin)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A secret id, its key and, for temporary ones, a token and the unix time of their end. `repr` shows none of them."""

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    ends: float = float("inf")

    def hidden(self, words: str) -> str:
        """Give `words` without any of the secrets; an error of the API may quote what was sent."""
        for secret in (self.secret_key, self.token, self.secret_id):
            words = words.replace(secret, "(hidden)") if secret else words
        return words


Source = Callable[[], "Credentials | None"]


class Chain:
    """The first source that has credentials, remembered until they end. Safe between threads."""

    def __init__(self, *sources: Source, now: Callable[[], float] = time.time) -> None:
        self._sources, self._now = sources, now
        self._kept: Credentials | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Credentials:
        """Give credentials. Refused: no source has any. Unreachable: a source did not answer."""
        with self._lock:
            if self._kept is None or self._kept.ends - self._now() < EARLY:
                self._kept = next((found for source in self._sources if (found := source())), None)
            if self._kept is None:
                raise Refused(
                    "No Tencent Cloud credentials were found. Nothing was changed. Set TENCENTCLOUD_SECRET_ID and "
                    "TENCENTCLOUD_SECRET_KEY, write ~/.tencentcloud/credentials, or run where a CVM role or a TKE "
                    "service account gives them."
                )
            return self._kept


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of TENCENTCLOUD_SECRET_ID and _KEY, with _TOKEN (which the SDK overlooks)."""
    secret_id, key = environ.get("TENCENTCLOUD_SECRET_ID"), environ.get("TENCENTCLOUD_SECRET_KEY")
    return Credentials(secret_id, key, environ.get("TENCENTCLOUD_TOKEN", "")) if secret_id and key else None


def profile(paths: tuple[Path, ...] = PROFILES) -> Credentials | None:
    """Give the credentials of section `default` of the first profile file that has them."""
    return next((found for path in paths if (found := _read(path.expanduser()))), None)


def _read(path: Path) -> Credentials | None:
    parser = configparser.ConfigParser(interpolation=None)  # a key may hold a percent sign
    try:
        parser.read(path)
        section = parser["default"]
        found = Credentials(
            section["secret_id"].strip(), section["secret_key"].strip(), section.get("token", "").strip()
        )
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError):
        return None
    return found if found.secret_id and found.secret_key else None
