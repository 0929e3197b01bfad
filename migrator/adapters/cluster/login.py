"""Logging in as a kubeconfig says, by the client's own loader: what it reads, runs and asks, and when that ends.

A program (`exec`) is run with a time, and what it says of a failure is passed on: the client logs such a failure, goes on as
nobody, and waits for ever for a program that hangs.
"""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import UTC, datetime
from typing import Any

from kubernetes.config import ConfigException
from kubernetes.config.dateutil import parse_rfc3339
from kubernetes.config.exec_provider import ExecProvider
from kubernetes.config.kube_config import FileOrData, KubeConfigLoader, KubeConfigMerger

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.program import ended
from migrator.adapters.cluster.words import clipped
from migrator.domain.messages.errors import Denied
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import dig
from migrator.domain.model.outside.reading import parsed

SECONDS = 30.0
"""What a program may take that fetches a token; it asks its own servers."""

CERTIFICATE = ("clientCertificateData", "clientKeyData")


class Loader(KubeConfigLoader):
    """The client's loader, which refuses to go on without the user that the kubeconfig names."""

    _user: Any  # nodes of the client's, which it sets up
    _cluster: Any
    token: str = ""
    expiry: datetime

    @classmethod
    def of(cls, files: str, context: str | None) -> Loader:
        """Give the loader of a context in these kubeconfigs."""
        return cls(KubeConfigMerger(files).config, active_context=context, config_base_path=None)

    @staticmethod
    def chosen(files: str) -> Any:
        """Give the name of the context that these kubeconfigs choose by themselves: whatever stands there."""
        config = KubeConfigMerger(files).config
        return None if config is None else config.safe_get("current-context")

    @property
    def rereads(self) -> bool:
        """Say whether somebody else renews the token, in a file that is to be read again."""
        return bool(self._user) and "tokenFile" in self._user and "token" not in self._user

    @property
    def renews(self) -> bool:
        """Say whether a program, an identity provider or a file gives a new token. A token in the file counts first, as it
        does with kubectl."""
        user = self._user.value if self._user else {}
        return "token" not in user and any(way in user for way in ("exec", "auth-provider", "tokenFile"))

    @property
    def ends(self) -> datetime | None:
        """Give when what was read proves nothing any more, where that can be told."""
        return self.__dict__.get("expiry") or end_of_token(self.token) or self._end_of_certificate()

    def again(self) -> None:
        """Log in again as the same user: run the program, read the token's file, ask the identity provider."""
        self.__dict__.pop("expiry", None)
        self._load_authentication()

    def _end_of_certificate(self) -> datetime | None:
        path = self.__dict__.get("cert_file")
        return end_of_certificate(path) if path and not self.token else None

    def _load_from_exec_plugin(self) -> bool:
        if "exec" not in self._user:
            return False
        self._take(self._answered())
        return True

    def _answered(self) -> dict[str, Any]:
        wanted = self._user["exec"]
        plugin = Plugin(wanted, self._get_base_path(self._cluster.path), self._cluster)
        try:
            return plugin.run()
        except ConfigException as error:
            why = say("plugin.said", words=clipped(str(error)))
        except subprocess.TimeoutExpired:
            why = say("plugin.late", seconds=SECONDS)
        except OSError as error:
            why = say("plugin.not-started", problem=in_our_words(error, error.strerror or ""))
        raise _failed(wanted, why)

    def _take(self, status: dict[str, Any]) -> None:
        """Take the token, or the certificate with its key, as the client's own loader does."""
        if "token" in status:
            self.token = f"Bearer {status['token']}"
        elif all(name in status for name in CERTIFICATE):
            self.cert_file, self.key_file = (self._filed(status, name) for name in CERTIFICATE)
        else:
            raise _failed(self._user["exec"], say("plugin.no-credentials"))
        if "expirationTimestamp" in status:
            self.expiry = parse_rfc3339(status["expirationTimestamp"])

    def _filed(self, status: dict[str, Any], name: str) -> str:
        kept = FileOrData(status, None, name, base64_file_content=False, temp_file_path=self._temp_file_path)
        return str(kept.as_file())


class Plugin(ExecProvider):
    """The client's description of the program: its words, its environment. It is not asked anything on a terminal."""

    def run(self, previous_response: object = None) -> dict[str, Any]:
        """Run it, for 30 s at most. ConfigException has its own words; OSError: it is not there."""
        asked: dict[str, Any] = {
            "apiVersion": self.api_version,
            "kind": "ExecCredential",
            "spec": {"interactive": False},
        }
        if self.cluster:
            asked["spec"]["cluster"] = self.cluster.value
        environment = {**self.env, "KUBERNETES_EXEC_INFO": json.dumps(asked)}
        found = ended(self.args, SECONDS, environment=environment, folder=self.cwd)
        if found.code:
            said = (found.err.strip() or found.out.strip()).decode("utf-8", "replace")
            raise ConfigException(said or f"exit code {found.code}")
        return _status(found.out)


def end_of_token(token: str) -> datetime | None:
    """Give when a JWT ends by its own word (RFC 7519, `exp`); None for any other token. Nobody has checked its signature."""
    try:
        body = token.rsplit(" ", 1)[-1].split(".")[1]
        ends = dig(parsed(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))), "exp")
        return datetime.fromtimestamp(ends, tz=UTC) if isinstance(ends, int | float) else None
    except (ValueError, LookupError, OverflowError, OSError):
        return None


def end_of_certificate(path: str) -> datetime | None:
    """Give when a certificate's validity ends (its `notAfter`); None where the file cannot be read as one."""
    import _ssl  # the only reader of certificates that Python brings along; it asks nobody
    import ssl

    try:
        seconds = ssl.cert_time_to_seconds(str(_ssl._test_decode_cert(path)["notAfter"]))  # type: ignore[attr-defined]  # not in its stubs
    except (ValueError, OSError, LookupError):
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def _status(out: bytes) -> dict[str, Any]:
    try:
        status = dig(parsed(out), "status")
    except ValueError:
        raise ConfigException("no ExecCredential") from None
    if not isinstance(status, dict):
        raise ConfigException("no ExecCredential")
    return status


def _failed(wanted: Any, why: Message) -> Denied:  # Any: a node of the client's
    hint = " ".join(str(wanted.safe_get("installHint") or "").split())
    return Denied(say("cluster.no-login", program=str(wanted["command"]), why=why, hint=hint))
