"""What an error of the system or of TLS comes to: by types and numbers alone, wherever in its chain they are."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from migrator.domain.messages.message import Message, say
from migrator.domain.messages.trouble import has_no_address, in_words, kind_of, of_number, speaks_no_tls


def tls(kind: type[ssl.SSLError], reason: str = "", verify_code: int = 0) -> ssl.SSLError:
    """Give an error as OpenSSL's binding makes it."""
    error = kind(1, "words that nobody reads")
    error.reason = reason
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_code = verify_code
    return error


KNOWN = [
    pytest.param(ConnectionRefusedError(errno.ECONNREFUSED, "no"), "trouble.refused", id="nobody listens"),
    pytest.param(ConnectionRefusedError("no number"), "trouble.refused", id="nobody listens, without a number"),
    pytest.param(ConnectionResetError("no number"), "trouble.closed", id="closed, without a number"),
    pytest.param(OSError(errno.EHOSTUNREACH, "no"), "trouble.no-route", id="no route"),
    pytest.param(socket.gaierror(-2, "no"), "trouble.no-address", id="no address of the name"),
    pytest.param(TimeoutError("no"), "trouble.late", id="too late"),
    pytest.param(PermissionError(errno.EACCES, "no"), "trouble.forbidden", id="not allowed"),
    pytest.param(OSError(errno.ENOSPC, "no"), "trouble.full", id="the disk is full"),
    pytest.param(tls(ssl.SSLCertVerificationError, verify_code=10), "trouble.certificate-expired", id="expired"),
    pytest.param(tls(ssl.SSLCertVerificationError, verify_code=62), "trouble.certificate-other-host", id="other host"),
    pytest.param(tls(ssl.SSLCertVerificationError, verify_code=79), "trouble.certificate", id="an untold fault of one"),
    pytest.param(ssl.SSLCertVerificationError("by hand"), "trouble.certificate", id="a certificate, without a number"),
    pytest.param(tls(ssl.SSLError, "WRONG_VERSION_NUMBER"), "trouble.no-tls", id="no TLS there"),
    pytest.param(tls(ssl.SSLEOFError), "trouble.closed", id="closed within TLS"),
    pytest.param(tls(ssl.SSLError, "TLSV1_ALERT"), "trouble.tls", id="TLS failed"),
]


@pytest.mark.parametrize(("error", "code"), KNOWN)
def test_an_error_is_known_by_its_type_and_its_number(error: OSError, code: str) -> None:
    assert kind_of(error) == say(code)


@pytest.mark.parametrize("error", [ValueError("Connection refused"), OSError("Connection refused"), OSError(9999, "x")])
def test_no_error_is_known_by_its_text(error: Exception) -> None:
    assert kind_of(error) is None


def test_what_the_library_said_stands_behind_our_words() -> None:
    assert in_words(OSError(errno.ECONNREFUSED, "Connection\nrefused")) == say(
        "trouble", kind=say("trouble.refused"), raw="Connection refused"
    )


def test_the_text_that_may_hold_a_secret_is_not_told() -> None:
    said = in_words(ConnectionRefusedError(errno.ECONNREFUSED, "a secret"), "ConnectError")

    assert isinstance(said, Message)
    assert said["raw"] == "ConnectError"


@pytest.mark.parametrize(("error", "said"), [(ValueError("odd"), "odd"), (ValueError(), "ValueError")])
def test_an_error_that_is_not_known_says_what_it_said_itself(error: Exception, said: str) -> None:
    assert in_words(error) == said


def test_a_number_alone_is_enough() -> None:
    assert of_number(errno.EFBIG) == say("trouble", kind=say("trouble.too-large"), raw="EFBIG")


def wrapping(cause: Exception) -> Exception:
    """Give a library's own error that was raised from another."""
    error = RuntimeError("a library's own")
    error.__cause__ = cause
    return error


def test_the_cause_is_found_however_deep_libraries_have_wrapped_it() -> None:
    error = wrapping(wrapping(socket.gaierror(-2, "no")))

    assert has_no_address(error)
    assert kind_of(error) == say("trouble.no-address")
    assert not speaks_no_tls(error)


def test_what_an_error_carries_is_looked_at_too() -> None:
    assert kind_of(RuntimeError("outer", TimeoutError())) == say("trouble.late")


def test_a_chain_without_an_end_is_not_followed_for_ever() -> None:
    error: Exception = ValueError("0")
    for step in range(30):
        following = ValueError(str(step))
        following.__cause__ = error
        error = following

    assert kind_of(error) is None
