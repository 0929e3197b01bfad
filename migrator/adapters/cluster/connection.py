"""One API server as one kubeconfig context sees it: raw JSON in, raw JSON out, ten seconds at most, no retries.

It refuses to deserialize into client models: they cost ten times as much and drop the fields that they do not know.
"""

from __future__ import annotations

import gc
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from migrator.adapters.cluster.words import clipped, in_our_words, refusal
from migrator.domain.messages.errors import Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.spec import ClusterSpec

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, Configuration

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
_AUTH = ["BearerToken"]


class Connection:
    """A context's API server. Safe to share between threads (the pool below is urllib3's)."""

    def __init__(self, spec: ClusterSpec, seconds: float = ANSWER_SECONDS) -> None:
        from kubernetes.client import ApiClient

        self.configuration: Configuration = configuration_of(spec)
        self.configuration.retries = False  # urllib3 would send a DELETE three times
        self._client: ApiClient = ApiClient(self.configuration)
        self._seconds = seconds
        self.server = say("cluster.server", host=self.configuration.host, context=spec.context or "")

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        content_type: str = "application/json",
    ) -> Manifest:
        """Ask once. Raise Unreachable, Refused, or `Missing` (a Refused) for a 404; answers that are no JSON object
        are Unreachable: something other than an API server answered."""
        asked = f"{method} {path}"
        url = self.configuration.host + path + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json", **self.credentials()}
        if body is not None:
            headers["Content-Type"] = content_type
        with in_our_words(self.server, method, path):
            answer = self._client.call_api(
                method, url, headers, body, _request_timeout=(min(CONNECT_SECONDS, self._seconds), self._seconds)
            )
            raw: bytes = answer.read()  # type: ignore[no-untyped-call]  # the client's own file is half typed
        if answer.status >= 300:
            raise refusal(self.server, asked, answer.status, raw, answer.headers)
        return self._parsed(raw, asked)

    def credentials(self) -> dict[str, str]:
        """Give the headers that prove who we are; a token that has expired is renewed by the client's own hook."""
        headers: dict[str, str] = {}
        self._client.update_params_for_auth(headers, [], _AUTH, "", "", None)
        return headers

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _parsed(self, raw: bytes, asked: str) -> Manifest:
        with uncollected():
            try:
                value = json.loads(raw)
            except ValueError as error:
                raise Unreachable(say("cluster.no-json", server=self.server, asked=asked)) from error
        if not isinstance(value, dict):
            raise Unreachable(say("cluster.no-object", server=self.server, asked=asked))
        return cast(Manifest, value)


_pausing = threading.Lock()
_paused = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause Python's garbage collector: parsing 5,000 pods takes 0.9 s without it and 2.9 s with it.

    Counted, because several threads parse at once; a collector that somebody else has switched off stays off.
    """
    global _paused
    with _pausing:
        ours = gc.isenabled() or _paused > 0
        if ours:
            _paused += 1
            gc.disable()
    try:
        yield
    finally:
        with _pausing:
            if ours:
                _paused -= 1
                if not _paused:
                    gc.enable()


def configuration_of(spec: ClusterSpec) -> Configuration:
    """Read a kubeconfig (or the pod's own service account) into the client's configuration; UsageError with a remedy.

    The file is never written back and never quoted.
    """
    from kubernetes import client, config

    configuration = client.Configuration()
    where = spec.kubeconfig or os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    if not _exists(where):
        if not (spec.kubeconfig or spec.context) and os.environ.get("KUBERNETES_SERVICE_HOST"):
            config.load_incluster_config(client_configuration=configuration)  # type: ignore[no-untyped-call]
            return configuration
        raise UsageError(say("cluster.no-kubeconfig", path=where))
    try:
        config.load_kube_config(where, context=spec.context, client_configuration=configuration, persist_config=False)  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - a broken file raises whatever yaml, base64, ssl or a lookup raises
        unusable = say("cluster.kubeconfig-unusable", path=where, context=spec.context or "", words=_why(error))
        raise UsageError(unusable) from None
    return configuration


def _exists(where: str) -> bool:
    return any(Path(part).expanduser().is_file() for part in where.split(os.pathsep) if part)


def _why(error: Exception) -> str:
    """Give the client's own words for what is missing; of any other error only its type, as it may quote the file."""
    from kubernetes.config import ConfigException

    return clipped(str(error)) if isinstance(error, ConfigException) else type(error).__name__


def objects_of(answer: Manifest) -> list[Manifest]:
    """Give a list answer's objects, each with the apiVersion and kind that the server leaves out of lists.

    Who last wrote which field (`managedFields`) is half of the bytes of a list and never asked for: it goes at once.
    """
    kind = str(answer.get("kind", "")).removesuffix("List")
    rows: Any = answer.get("items") or []
    for row in rows:
        (row.get("metadata") or {}).pop("managedFields", None)
    return [{"apiVersion": answer.get("apiVersion"), "kind": kind, **row} for row in rows]
