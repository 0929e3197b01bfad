"""Where AWS credentials come from, in botocore's order: environment, IRSA, profile, container (Pod Identity), instance role.

A profile that needs a login or another role (SSO, `role_arn`, `credential_process`) is named, not guessed. Source of the order:
botocore's `create_credential_resolver` and `ProfileProviderBuilder`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isinf
from pathlib import Path

from migrator.adapters.balancers.access.credentials import Credentials, unix_time
from migrator.adapters.balancers.access.inifile import sections
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import Message, say

ABSENT = say("aws.no-credentials")
_TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
"""The older name counts first, as in botocore."""

_ROLE = ("role_arn",)
_LOGIN = ("sso_session", "sso_start_url")
_LATER = ("login_session", "credential_process")


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.

    AWS_CREDENTIAL_EXPIRATION is their end where it is set (botocore's EnvProvider; `aws configure export-credentials`).
    Refused: there is an id without a secret.
    """
    if not environ.get("AWS_ACCESS_KEY_ID"):
        return None
    found = _keys(environ, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", *_TOKENS), say("aws.environment"))
    end = environ.get("AWS_CREDENTIAL_EXPIRATION", "")
    ends = unix_time(end)
    if end and isinf(ends):
        raise Refused(say("aws.odd-expiration"))
    return Credentials(found.key, found.secret, found.token, ends)


@dataclass(frozen=True, slots=True)
class Profile:
    """The chosen profile, AWS_DEFAULT_PROFILE before AWS_PROFILE, of the credentials file and the config file."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def roles(self) -> Credentials | None:
        """Give nothing; botocore takes on a profile's role before it asks anybody else. Refused: the profile has one."""
        shared, config = self._sections()
        self._require_none(_ROLE, shared | config)
        return None

    def keys(self) -> Credentials | None:
        """Give the profile's keys. Refused: a profile that was asked for is not there or has none, or needs a login."""
        shared, config = self._sections()
        self._require_none(_LOGIN, shared | config)
        if "aws_access_key_id" in shared:
            return self._of(shared)
        self._require_none(_LATER, shared | config)
        if "aws_access_key_id" in config:
            return self._of(config)
        if self._asked:
            raise Refused(say("aws.profile-without-keys", profile=self._name))
        return None

    @property
    def _asked(self) -> str:
        return self.environ.get("AWS_DEFAULT_PROFILE") or self.environ.get("AWS_PROFILE") or ""

    @property
    def _name(self) -> str:
        return self._asked or "default"

    def _sections(self) -> tuple[dict[str, str], dict[str, str]]:
        shared = sections(Path(self.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"))
        config = sections(Path(self.environ.get("AWS_CONFIG_FILE") or "~/.aws/config"))
        own = config.get(f"profile {self._name}") or (config.get("default", {}) if self._name == "default" else {})
        return dict(shared.get(self._name, {})), dict(own)

    def _require_none(self, names: tuple[str, ...], section: Mapping[str, str]) -> None:
        if needs := [name for name in names if name in section]:
            raise Refused(say("aws.profile-needs-login", profile=self._name, needs=needs[0]))

    def _of(self, section: Mapping[str, str]) -> Credentials:
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_security_token", "aws_session_token")
        return _keys(section, names, say("aws.profile", profile=self._name))


def _keys(values: Mapping[str, str], names: tuple[str, ...], source: Message) -> Credentials:
    """Read an id, a secret and the first of the tokens. Refused: the secret is missing."""
    key, secret, *tokens = names
    if not values.get(secret):
        raise Refused(say("credentials.half", source=source, lacks=secret))
    token = next((found for name in tokens if (found := values.get(name))), "")
    return Credentials(values[key], values[secret], token)
