"""Who we are to Prometheus: secrets read anew for each request, from the environment or from files that may be replaced.

No secret is kept, logged or told: an error names the variable or the file, and what a server says back is told without them.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from migrator.adapters.sigv4 import Keys, signed
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec.access import AccessSpec, SecretRef, SigningSpec

if TYPE_CHECKING:
    from requests import PreparedRequest

LARGEST = 1 << 16
"""Bytes of a secret at the most: a wrong path may lead to anything."""

KeySource = Callable[[], Keys]


class Login:
    """Puts on each request what the plan's `auth` says; raises Refused where that is not there. requests takes any callable."""

    def __init__(self, access: AccessSpec, keys: KeySource | None = None) -> None:
        self._access, self._keys = access, keys

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Bring who we are. It takes the place of a `.netrc`, too, which nobody wrote for this plan."""
        request.headers.update(self._headers())
        if self._access.signing is not None and self._keys is not None:
            request.url = str(request.url).replace("+", "%20")  # a blank of the query: AWS signs it so
            request.headers.update(_signature(request, self._access.signing, self._keys()))
        return request

    def certificates(self) -> tuple[tuple[int, int, int], ...]:
        """Give what tells whether a file of TLS was replaced. Refused: one is not there."""
        return tuple(_state(path) for path in self._access.files)

    def hidden(self, words: str) -> str:
        """Give what a server says without any secret of ours, however it was written there."""
        for ref in self._access.secrets:
            try:
                secret = read(ref)
            except Refused:
                continue
            for form in {secret, quote(secret), quote(secret, safe=""), _coded(secret), *secret.split(":", 1)[1:]} - {
                ""
            }:
                words = words.replace(form, "…")
        return words

    def _headers(self) -> Mapping[str, str]:
        access, found = self._access, {}
        for name, ref in access.headers:
            found[name] = read(ref)
        if access.bearer is not None:
            found["Authorization"] = f"Bearer {read(access.bearer)}"
        if access.basic is not None:
            found["Authorization"] = f"Basic {_coded(read(access.basic))}"
        return found


def read(ref: SecretRef) -> str:
    """Give a secret. Refused: the variable or file is not there, is empty, or holds what no header can."""
    if ref.env:
        secret = os.environ.get(ref.env, "").strip()
    else:
        try:
            with Path(ref.file).expanduser().open("rb") as file:
                secret = file.read(LARGEST).decode().strip()
        except (OSError, ValueError) as error:
            raise Refused(say("prometheus.no-secret-file", file=ref.file)) from error
    if not secret:
        raise Refused(say("prometheus.no-variable", variable=ref.env) if ref.env else _empty(ref.file))
    if not (secret.isascii() and secret.isprintable()):
        raise Refused(say("prometheus.no-header", where=ref.env or ref.file))
    return secret


def missing(access: AccessSpec) -> Message | None:
    """Say what of the plan's access is not there now; None when everything is. Nobody is asked."""
    try:
        for ref in access.secrets:
            read(ref)
        Login(access).certificates()
    except Refused as error:
        return error.message
    return None


def _coded(secret: str) -> str:
    return b64encode(secret.encode()).decode()


def _empty(file: str) -> Message:
    return say("prometheus.no-secret-file", file=file)


def _state(path: str) -> tuple[int, int, int]:
    try:
        found = Path(path).expanduser().stat()
        with Path(path).expanduser().open("rb"):
            return found.st_ino, found.st_mtime_ns, found.st_size
    except OSError as error:
        raise Refused(say("prometheus.no-certificate", file=path)) from error


def _signature(request: PreparedRequest, signing: SigningSpec, keys: Keys) -> Mapping[str, str]:
    body = request.body or b""
    text = body if isinstance(body, bytes) else str(body).encode()
    return signed(keys, (signing.region, signing.service), str(request.method), str(request.url), text)
