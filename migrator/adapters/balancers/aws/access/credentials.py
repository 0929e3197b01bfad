"""Where AWS credentials come from, in the SDKs' order: environment, IRSA, profile, container (Pod Identity), instance role.

A profile that needs a login or another role (SSO, `role_arn`, `credential_process`) is named, not guessed.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say

ABSENT = say("aws.no-credentials")
_ELSEWHERE = ("sso_session", "sso_start_url", "role_arn", "credential_process", "login_session")


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
    for section in (shared, config):
        if (key := section.get("aws_access_key_id")) and (secret := section.get("aws_secret_access_key")):
            return Credentials(key, secret, section.get("aws_session_token", ""))
    needs = sorted({key_name for key_name in _ELSEWHERE if key_name in shared or key_name in config})
    if not name and not needs:
        return None
    if needs:
        raise Refused(say("aws.profile-needs-login", profile=chosen, needs=needs[0]))
    raise Refused(say("aws.profile-without-keys", profile=chosen))


def _section(path: str, name: str) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None, default_section="\0")  # a key may hold a percent sign
    try:
        parser.read(Path(path).expanduser())
        return dict(parser[name])
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError):
        return {}
