"""What a library's error comes from, found along its chain by types and OpenSSL's own reasons; no error's text is read."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

_DEEPEST = 12
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})
"""OpenSSL's reasons (openssl/sslerr.h) for an answer that is no TLS record, such as one of plain HTTP."""


def speaks_no_tls(error: BaseException) -> bool:
    """Say whether the other end answered our TLS with something that is none."""
    return any(isinstance(each, ssl.SSLError) and each.reason in _NO_TLS for each in _chain(error))


def has_no_address(error: BaseException) -> bool:
    """Say whether the host's name has no address that this machine knows."""
    return any(isinstance(each, socket.gaierror) for each in _chain(error))


def _chain(error: BaseException) -> Iterator[object]:
    """Give an error, what it carries (urllib3 wraps that way), and what it was raised from."""
    for _ in range(_DEEPEST):
        yield error
        yield from error.args
        cause = error.__cause__ or error.__context__
        if cause is None:
            return
        error = cause
