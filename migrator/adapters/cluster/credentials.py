"""Who we are to the API server: read from a kubeconfig or the pod's own service account, and renewed before it ends.

A renewal is one at a time and on a thread of its own: a program, an identity provider or a disk that hangs holds no call
longer than the call itself may take. Whatever it raises is ours to say; it ends nobody, and its text is never passed on.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeAlias

from migrator.adapters.bounded.aside import aside
from migrator.adapters.cluster.words import clipped
from migrator.domain.messages.errors import Denied, MigratorError, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import ClusterSpec

if TYPE_CHECKING:
    from kubernetes.client import Configuration

log = logging.getLogger(__name__)

FIRST_SECONDS = 40.0
"""What the first login may take; a program has 30 s of it."""

EARLY, PART = 300.0, 0.2
"""A renewal begins so many seconds before the end, or at this part of a short life."""

AGAIN_AFTER = 5.0
"""Seconds between two attempts: every call of ours would start a program anew."""

GIVEN_UP = 60.0
"""Seconds after which a renewal that hangs is left to itself, and another one may begin."""

REREAD = 60.0
"""Seconds after which a file is read again that somebody else renews (the kubelet does, at 80 % of a token's life)."""

Files: TypeAlias = "tuple[tuple[int, int], ...]"


class Login(Protocol):
    """One way to log in. It may raise whatever the client's loaders raise."""

    @property
    def rereads(self) -> bool:
        """Say whether somebody else renews it, in a file that is to be read again."""
        ...

    @property
    def renews(self) -> bool:
        """Say whether logging in again gives something new without a person."""
        ...

    def into(self, configuration: Configuration) -> datetime | None:
        """Log in, anew where that was done before, and give when that ends, as far as it can be told."""
        ...


def usual_place(given: str | None) -> str:
    """Give where kubeconfigs are looked for, as kubectl has it: what is given, KUBECONFIG, or the user's own."""
    return given or os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


class FromFiles:
    """The user whom a context of these kubeconfigs names; the files are read again when they have changed."""

    def __init__(self, files: str, context: str | None) -> None:
        from migrator.adapters.cluster.login import Loader

        self._files, self._context = files, context
        self._read_at = self._stamp()
        self._loader, self._new = Loader.of(files, context), True

    @property
    def rereads(self) -> bool:
        """Say whether the token stands in a file of its own."""
        return self._loader.rereads

    @property
    def renews(self) -> bool:
        """Say whether a program, an identity provider or a file gives a new token."""
        return self._loader.renews

    def into(self, configuration: Configuration) -> datetime | None:
        """Log in: a renewed kubeconfig counts, else the same user does the same again."""
        from migrator.adapters.cluster.login import Loader

        stamp = self._stamp()
        if stamp != self._read_at:
            self._loader, self._new = Loader.of(self._files, self._context), True
            self._read_at = stamp
        if self._new:
            self._loader.load_and_set(configuration)  # type: ignore[no-untyped-call]  # the client has no types
            self._new = False
        else:
            self._loader.again()
            self._loader._set_config(configuration)  # type: ignore[no-untyped-call]  # the client has no types
        return self._loader.ends

    def _stamp(self) -> Files:
        paths = (Path(part).expanduser() for part in self._files.split(os.pathsep) if part)
        return tuple((stat.st_mtime_ns, stat.st_size) for path in paths if path.is_file() for stat in (path.stat(),))


class FromPod:
    """The service account of the pod in which we run."""

    rereads = renews = True

    def into(self, configuration: Configuration) -> datetime | None:
        """Read its files."""
        from kubernetes import config

        from migrator.adapters.cluster.login import end_of_token

        config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]  # no types there
        return end_of_token(configuration.api_key.get("BearerToken", ""))


class Credentials:
    """The headers that prove who we are, and the client's configuration with the certificate. Safe between threads."""

    def __init__(self, login: Login, configuration: Configuration, ends: datetime | None) -> None:
        self._login, self.configuration = login, configuration
        self._lock = Lock()
        self._under_way: Future[None] | None = None
        self._failure: MigratorError | None = None
        self._tried_at, self._refused = float("-inf"), False
        self._took(ends)

    @classmethod
    def of(cls, spec: ClusterSpec) -> Credentials:
        """Log in for the first time. UsageError with a remedy; the file is never written back and never quoted."""
        from kubernetes import client

        where = usual_place(spec.kubeconfig)
        here = any(Path(part).expanduser().is_file() for part in where.split(os.pathsep) if part)
        in_pod = not (spec.kubeconfig or spec.context) and bool(os.environ.get("KUBERNETES_SERVICE_HOST"))
        if not here and not in_pod:
            raise UsageError(say("cluster.no-kubeconfig", path=where))
        configuration = client.Configuration()
        try:
            login: Login = FromFiles(where, spec.context) if here else FromPod()
            ends = aside(lambda: login.into(configuration)).result(FIRST_SECONDS)
        except Denied as error:
            raise UsageError(error.message) from None
        except Exception as error:  # noqa: BLE001 - a broken file raises whatever yaml, base64, ssl or a lookup raises
            unusable = say("cluster.kubeconfig-unusable", path=where, context=spec.context or "", words=_why(error))
            raise UsageError(unusable) from None
        configuration.refresh_api_key_hook = (
            None  # the client's own hook would run the program in whatever call is next
        )
        return cls(login, configuration, ends)

    @property
    def ends(self) -> datetime | None:
        """Give when these credentials end, where that can be told."""
        return self._ends

    @property
    def renewed(self) -> bool:
        """Say whether they are renewed without a person: there is a way, and it has not failed."""
        return self._login.renews and self._failure is None

    def headers(self, server: Message, seconds: float) -> dict[str, str]:
        """Give the headers. Unreachable: they have ended, and a renewal takes longer than this; Denied: it has failed."""
        if self._due():
            under_way = self._begin(server)
            if self._over and under_way is not None:
                wait([under_way], seconds)
                if not under_way.done():
                    raise Unreachable(say("cluster.login-late", server=server))
        if self._failure is not None and self._over:
            raise self._failure
        return self.held()

    def held(self) -> dict[str, str]:
        """Give the headers as they are, without a look at their end."""
        keys = self.configuration.api_key
        value = keys.get("BearerToken") or keys.get("authorization")
        return {"authorization": value} if value else {}

    def refused(self) -> None:
        """Take in that the server does not know us any more: log in anew, for somebody may have renewed the file."""
        self._refused = True

    @property
    def _over(self) -> bool:
        return self._ends is not None and self._ends <= datetime.now(UTC)

    def _due(self) -> bool:
        since, now = monotonic() - self._tried_at, datetime.now(UTC)
        if since < AGAIN_AFTER:
            return self._renewing
        near = self._ends is not None and (self._ends - now).total_seconds() <= self._early
        return near or self._refused or (self._login.rereads and monotonic() - self._read_at >= REREAD)

    @property
    def _renewing(self) -> bool:
        hangs = monotonic() - self._tried_at >= GIVEN_UP
        return self._under_way is not None and not self._under_way.done() and not hangs

    def _begin(self, server: Message) -> Future[None] | None:
        with self._lock:
            if not self._renewing and monotonic() - self._tried_at >= AGAIN_AFTER:
                self._tried_at = monotonic()
                self._under_way = aside(lambda: self._renew(server))
            return self._under_way

    def _renew(self, server: Message) -> None:
        from kubernetes import client

        fresh = client.Configuration()
        self._refused = False
        try:
            ends = self._login.into(fresh)
        except Denied as error:
            self._failure = error
        except Exception as error:  # whatever a loader, a program or an identity provider raises
            log.debug("login.failed", exc_info=True)
            self._failure = Denied(say("cluster.not-renewed", server=server, error=type(error).__name__))
        else:
            ours = self.configuration
            ours.api_key, ours.cert_file, ours.key_file = fresh.api_key, fresh.cert_file, fresh.key_file
            self._failure = None
            self._took(ends)
        if self._failure is not None:
            log.warning("login.not-renewed why=%s", self._failure)

    def _took(self, ends: datetime | None) -> None:
        self._ends, self._read_at = ends, monotonic()
        life = (ends - datetime.now(UTC)).total_seconds() if ends else 0.0
        self._early = min(EARLY, PART * max(0.0, life))


def _why(error: Exception) -> str:
    """Give the client's own words for what is missing; of any other error only its type, as it may quote the file."""
    from kubernetes.config import ConfigException

    return clipped(str(error)) if isinstance(error, ConfigException) else type(error).__name__
