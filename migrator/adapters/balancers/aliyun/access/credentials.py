"""Where Aliyun's credentials come from, in the SDK's order: environment, RRSA (OIDC), CLI profile, INI file, the ECS RAM
role, an address. Source: alibabacloud-credentials' DefaultCredentialsProvider.

Unlike the SDK, which swallows what goes wrong and asks the next, it stops at what is there and broken: nobody acts as a node
because a pod's own token could not be read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from migrator.adapters.balancers.access.credentials import Credentials
from migrator.adapters.balancers.access.inifile import sections
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, items, text
from migrator.domain.model.outside.reading import parsed

CLI_PROFILE = Path("~/.aliyun/config.json")
INI_FILE = "~/.alibabacloud/credentials.ini"
ABSENT = say("aliyun.no-credentials")


def environment(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Give the credentials of ALIBABA_CLOUD_ACCESS_KEY_ID, _SECRET and, for temporary ones, ALIBABA_CLOUD_SECURITY_TOKEN."""
    key, secret = environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID"), environ.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    return Credentials(key, secret, environ.get("ALIBABA_CLOUD_SECURITY_TOKEN", "")) if key and secret else None


Fetch = Callable[[dict[str, Json]], "Credentials | None"]


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of the aliyun CLI's file that is chosen by ALIBABA_CLOUD_PROFILE, or is the file's current one.

    `fetch` gives temporary credentials by profile mode (EcsRamRole, OIDC); AK and StsToken stand in the file.
    """

    fetch: Mapping[str, Fetch]
    path: Path = CLI_PROFILE
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the profile's credentials, None where there is no file or profile. Refused: a mode that is not served."""
        chosen = self._chosen()
        if chosen is None:
            return None
        mode = text(chosen, "mode")
        if mode in ("AK", "StsToken"):
            key, secret = text(chosen, "access_key_id"), text(chosen, "access_key_secret")
            token = text(chosen, "sts_token") if mode == "StsToken" else ""
            return Credentials(key, secret, token) if key and secret else None
        if mode in self.fetch:
            return self.fetch[mode](chosen)
        served = ("AK", "StsToken", *self.fetch)
        raise Refused(
            say(
                "aliyun.profile-mode",
                profile=text(chosen, "name"),
                path=str(self.path),
                mode=mode,
                served=served,
            )
        )

    def _chosen(self) -> dict[str, Json] | None:
        if self.environ.get("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "").lower() == "true":
            return None
        try:
            config = parsed(self.path.expanduser().read_bytes())
        except (OSError, ValueError):
            return None
        name = self.environ.get("ALIBABA_CLOUD_PROFILE") or text(config, "current")
        return next((profile for profile in items(config, "profiles") if text(profile, "name") == name), None)


@dataclass(frozen=True, slots=True)
class IniFile:
    """Section ALIBABA_CLOUD_PROFILE (else `default`) of ALIBABA_CLOUD_CREDENTIALS_FILE, else ~/.alibabacloud/credentials.ini.

    `fetch` gives temporary credentials by the section's type; `access_key` stands in the file.
    """

    fetch: Mapping[str, Fetch]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __call__(self) -> Credentials | None:
        """Give the section's credentials, None where there is none. Refused: a type that is not served."""
        path = Path(self.environ.get("ALIBABA_CLOUD_CREDENTIALS_FILE") or INI_FILE)
        name = self.environ.get("ALIBABA_CLOUD_PROFILE", "default")
        section = sections(path).get(name)
        if section is None:
            return None
        values = {key: value.split("#")[0].strip() for key, value in section.items()}  # as the SDK takes comments off
        kind = values.get("type", "")
        if kind == "access_key":
            key, secret = values.get("access_key_id", ""), values.get("access_key_secret", "")
            return Credentials(key, secret) if key and secret else None
        if kind in self.fetch:
            return self.fetch[kind](dict(values))
        served = ("access_key", *self.fetch)
        raise Refused(say("aliyun.profile-mode", profile=name, path=str(path), mode=kind, served=served))
