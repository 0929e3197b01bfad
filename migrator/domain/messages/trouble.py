"""What an error of the system or of TLS comes to, as a message: by types, errno and OpenSSL's codes along its chain.

No error's text is read. What the library said itself stands behind ours, as evidence, for whoever looks it up.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from migrator.domain.messages.message import Message, Value, say

_DEEPEST = 12
_LONGEST = 200
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"})
"""OpenSSL's reasons (openssl/sslerr.h) for an answer that is no TLS record, such as one of plain HTTP."""

_BY_ERRNO = {
    errno.ECONNREFUSED: say("trouble.refused"),
    errno.ECONNRESET: say("trouble.reset"),
    errno.ECONNABORTED: say("trouble.reset"),
    errno.EPIPE: say("trouble.closed"),
    errno.EHOSTUNREACH: say("trouble.no-route"),
    errno.EHOSTDOWN: say("trouble.no-route"),
    errno.ENETUNREACH: say("trouble.no-route"),
    errno.ETIMEDOUT: say("trouble.late"),
    errno.EADDRINUSE: say("trouble.in-use"),
    errno.EADDRNOTAVAIL: say("trouble.not-here"),
    errno.EACCES: say("trouble.forbidden"),
    errno.EPERM: say("trouble.forbidden"),
    errno.ENOENT: say("trouble.not-there"),
    errno.ENOTDIR: say("trouble.not-there"),
    errno.EISDIR: say("trouble.directory"),
    errno.ENOSPC: say("trouble.full"),
    errno.EDQUOT: say("trouble.full"),
    errno.EROFS: say("trouble.read-only"),
    errno.EIO: say("trouble.disk"),
    errno.EFBIG: say("trouble.too-large"),
    errno.EAGAIN: say("trouble.busy"),
    errno.EMFILE: say("trouble.too-many-open"),
    errno.ENFILE: say("trouble.too-many-open"),
    errno.ENOEXEC: say("trouble.no-program"),
}
_BY_CERTIFICATE = {
    9: say("trouble.certificate-early"),
    10: say("trouble.certificate-expired"),
    18: say("trouble.certificate-self-signed"),
    19: say("trouble.certificate-self-signed"),
    20: say("trouble.certificate-unknown"),
    21: say("trouble.certificate-unknown"),
    23: say("trouble.certificate-revoked"),
    62: say("trouble.certificate-other-host"),
    64: say("trouble.certificate-other-host"),
}
"""OpenSSL's numbers for what is wrong with a certificate (openssl/x509_vfy.h)."""


def chain(error: BaseException) -> Iterator[object]:
    """Give an error, what it carries (urllib3 wraps that way), and what it was raised from."""
    for _ in range(_DEEPEST):
        yield error
        yield from error.args
        cause = error.__cause__ or error.__context__
        if cause is None:
            return
        error = cause


def kind_of(error: BaseException) -> Message | None:
    """Return what the first error of the chain that is known comes to; None where none is."""
    return next(filter(None, map(_kind, chain(error))), None)


def in_words(error: BaseException, raw: str | None = None) -> Value:
    """Return what an error comes to, with what the library said behind it (`raw`, where its text may hold a secret); that
    alone for an error that is not known."""
    told, kind = _of_system(error) if raw is None else raw, kind_of(error)
    return say("trouble", kind=kind, raw=told) if kind is not None else told


def of_number(number: int) -> Value:
    """Return what an errno comes to."""
    return in_words(OSError(number, errno.errorcode.get(number, "")))


def speaks_no_tls(error: BaseException) -> bool:
    """Say whether the other end answered our TLS with something that is none."""
    return any(_is_no_tls(each) for each in chain(error))


def has_no_address(error: BaseException) -> bool:
    """Say whether the host's name has no address that this machine knows."""
    return any(isinstance(each, socket.gaierror) for each in chain(error))


def _is_no_tls(each: object) -> bool:
    return isinstance(each, ssl.SSLError) and getattr(each, "reason", None) in _NO_TLS


def _kind(each: object) -> Message | None:
    if isinstance(each, ssl.SSLCertVerificationError):
        return _BY_CERTIFICATE.get(getattr(each, "verify_code", 0), say("trouble.certificate"))
    if isinstance(each, ssl.SSLError):
        return _of_tls(each)
    if isinstance(each, socket.gaierror):
        return say("trouble.no-address")
    if isinstance(each, TimeoutError):
        return say("trouble.late")
    return _BY_ERRNO.get(each.errno or 0) or _untold(each) if isinstance(each, OSError) else None


def _of_tls(error: ssl.SSLError) -> Message:
    if _is_no_tls(error):
        return say("trouble.no-tls")
    return say("trouble.closed" if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError) else "trouble.tls")


def _untold(error: OSError) -> Message | None:
    """Give what an error comes to that libraries raise without an errno."""
    if isinstance(error, ConnectionRefusedError):
        return say("trouble.refused")
    return say("trouble.closed") if isinstance(error, ConnectionResetError | BrokenPipeError) else None


def _of_system(error: BaseException) -> str:
    said = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:_LONGEST]
