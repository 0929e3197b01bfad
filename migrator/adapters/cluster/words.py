"""Kubernetes' errors in our words: what means "ask again" and what means "no". It never quotes a credential.

Nothing branches on an error's text: status codes and exception types decide (the API's conventions, `Status` objects).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from migrator.domain.model.errors import MigratorError, Refused, Unreachable
from migrator.domain.model.manifests import text

_AGAIN = frozenset({408, 410, 425, 429, 500, 502, 503, 504})
_LONGEST = 400


class Missing(Refused):
    """The server answered 404: the object (or its kind) is not there. Readers turn it into None."""


class Conflict(Refused):
    """The server answered 409: somebody else was faster, owns the field, or another object has that name."""


@contextmanager
def in_our_words(server: str, method: str, path: str) -> Iterator[None]:
    """Turn the client's exceptions into Unreachable, or Refused where the server's certificate is not trusted."""
    from kubernetes.client.exceptions import ApiException
    from urllib3 import exceptions as http

    asked = f"{method} {path}"
    try:
        yield
    except http.NewConnectionError as error:  # nobody listens: a timeout by urllib3's tree, but nothing was sent
        raise Unreachable(f"{server} cannot be reached for {asked}: nobody accepts the connection.") from error
    except http.TimeoutError as error:
        perhaps = "" if method == "GET" else " It may or may not have been carried out."
        raise Unreachable(f"{server} did not answer {asked} in time.{perhaps}") from error
    except http.HTTPError as error:
        raise Unreachable(f"{server} cannot be reached for {asked}: {_plain(error)}.") from error
    except ApiException as error:  # status 0: TLS; the generated client hides urllib3's SSLError in it
        raise Refused(
            f"{server} was not asked {asked}: the TLS connection is not trusted ({clipped(str(error.reason))}). "
            "Nothing was sent. Check the certificate-authority of that context."
        ) from error
    except OSError as error:
        raise Unreachable(f"{server} cannot be reached for {asked}: {_plain(error)}.") from error


def refusal(server: str, asked: str, status: int, body: bytes, headers: Mapping[str, str]) -> MigratorError:
    """Give the error for an HTTP answer of 300 or more; a 404 is `Missing`."""
    message = said_by(body)
    if status == 401:
        return Refused(
            f"{server} does not accept our credentials for {asked} (401{': ' + message if message else ''}). Nothing was "
            "changed. Log in again for that context (`kubectl auth whoami` fails the same way), then resume."
        )
    if status == 404:
        return Missing(f"{server} has nothing there for {asked} (404: {message}).")
    if status in _AGAIN:
        return Unreachable(f"{server} could not answer {asked} ({status}: {message}).", _seconds(headers))
    if status == 403:
        return Refused(
            f"{server} forbids {asked} (403: {message}). Nothing was changed. Grant it by a Role, then resume."
        )
    kind = Conflict if status == 409 else Refused
    return kind(f"{server} refuses {asked} ({status}: {message}). Nothing was changed.")


def said_by(body: bytes) -> str:
    """Give the server's message out of an error body: a Status object, or a line of plain text."""
    try:
        message = text(json.loads(body), "message")
    except ValueError:
        message = body.decode("utf-8", "replace").strip()
    return clipped(message)


def clipped(words: str) -> str:
    """Give one line of at most 400 characters."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else None


def _plain(error: Exception) -> str:
    return clipped(f"{type(error).__name__}: {error}")
