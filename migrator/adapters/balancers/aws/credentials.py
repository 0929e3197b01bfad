"""Where AWS credentials come from, in the SDKs' order: environment, IRSA, profile, container (Pod Identity), instance role.

Temporary credentials are kept in memory until five minutes before their end. Nothing is stored or shown. A profile that
needs a login or another role (SSO, `role_arn`, `credential_process`) is named, not guessed.
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

EARLY = 300.0
"""Seconds before their end at which temporary credentials are fetched anew."""
_ELSEWHERE = ("sso_session", "sso_start_url", "role_arn", "credential_process", "login_session")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key id, its secret and, for temporary ones, a token and the unix time of their end. `repr` shows none of them."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    ends: float = float("inf")

    def hidden(self, words: str) -> str:
        """Give `words` without any of the secrets; an error of the API may quote what was signed."""
        for secret in (self.secret, self.token, self.key):
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
                    "No AWS credentials were found. Nothing was changed. Set AWS_ACCESS_KEY_ID and "
                    "AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE, or run where IRSA, EKS Pod Identity or an "
                    "instance role gives them."
                )
            return self._kept


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN."""
    key, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    return Credentials(key, secret, environ.get("AWS_SESSION_TOKEN", "")) if key and secret else None


def profile(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the keys of AWS_PROFILE (else `default`), of the credentials file or the config file.

    Refused: the profile that was asked for is not there, or needs what only the AWS command line can do.
    """
    name = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or ""
    chosen = name or "default"
    shared = _section(environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials", chosen)
    config = _section(
        environ.get("AWS_CONFIG_FILE") or "~/.aws/config", chosen if chosen == "default" else f"profile {chosen}"
    )
    for found in (shared, config):
        if (key := found.get("aws_access_key_id")) and (secret := found.get("aws_secret_access_key")):
            return Credentials(key, secret, found.get("aws_session_token", ""))
    needs = sorted({each for each in _ELSEWHERE if each in shared or each in config})
    if not name and not needs:
        return None
    why = f"needs {needs[0]}, which is the AWS command line's business" if needs else "has no keys"
    raise Refused(
        f"The AWS profile {chosen!r} {why}. Nothing was changed. Take its credentials into the environment: "
        f'`eval "$(aws configure export-credentials --profile {chosen} --format env)"`.'
    )


def _section(path: str, name: str) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None, default_section="\0")  # a key may hold a percent sign
    try:
        parser.read(Path(path).expanduser())
        return dict(parser[name])
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError):
        return {}
