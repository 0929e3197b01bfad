"""A certificate and its key, from files, for what is served. What was replaced is taken in at the next connection."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

log = logging.getLogger(__name__)


class Certificate:
    """A pair of files. UsageError when they are not there, are no pair, or the key has a password."""

    def __init__(self, certificate: str, key: str) -> None:
        self._files = Path(certificate).expanduser(), Path(key).expanduser()
        try:
            self._when = self._written()
            self._context = self._read()
        except (OSError, ValueError) as error:  # what ssl raises is an OSError
            why = in_words(
                error, getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
            )
            raise UsageError(say("serve.no-certificate", certificate=certificate, key=key, why=why)) from error

    def context(self) -> ssl.SSLContext:
        """Give the context of the files as they are now; files that are being replaced leave it as it was."""
        try:
            if (now := self._written()) != self._when:
                self._context, self._when = self._read(), now
        except (OSError, ValueError) as error:
            log.warning("serve.certificate error=%s", type(error).__name__)
        return self._context

    def _written(self) -> tuple[tuple[int, int], ...]:
        return tuple((found.st_mtime_ns, found.st_size) for found in (file.stat() for file in self._files))

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        certificate, key = self._files
        context.load_cert_chain(certificate, key, password=lambda: "")  # never ask a terminal
        return context
