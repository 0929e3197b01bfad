"""Kubernetes' errors in our words: what means "ask again" and what means "no". It never quotes a credential.

Nothing branches on an error's text: status codes and exception types decide (the API's conventions, `Status` objects).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from migrator.adapters.bounded.causes import in_our_words as of_library
from migrator.adapters.bounded.deadline import AnswerTooLarge
from migrator.domain.messages.errors import Denied, MigratorError, Refused, Unreachable
from migrator.domain.messages.message import Message, Value, say
from migrator.domain.messages.trouble import speaks_no_tls
from migrator.domain.model.manifests import text
from migrator.domain.model.outside.reading import parsed, whole_number

_AGAIN = frozenset({408, 410, 425, 429, 500, 502, 503, 504})
_LONGEST = 400
LATER = 5.0
"""Seconds after which an answer that was too large is asked for again: at once it would be as large, and be read in vain."""

LONGEST_AFTER = 60.0
"""Seconds after which we ask again, however long an answer wants us to wait: a way back must not wait for an hour."""


class Missing(Refused):
    """The server answered 404: the object (or its kind) is not there. Readers turn it into None."""


class Conflict(Refused):
    """The server answered 409: somebody else was faster, owns the field, or another object has that name."""


class Failed(Unreachable):
    """The server answered 500. Once that is trouble of its own; the same twice is an answer for ever (server-side apply says
    so of a list that holds a key twice, and of a field that it does not know)."""


@contextmanager
def in_our_words(server: Message, method: str, path: str) -> Iterator[None]:
    """Turn the client's exceptions into Unreachable, or Refused where the server's certificate is not trusted."""
    from kubernetes.client.exceptions import ApiException
    from urllib3 import exceptions as http

    asked = f"{method} {path}"
    try:
        yield
    except http.NameResolutionError as error:
        raise Unreachable(say("cluster.no-address", server=server, asked=asked, host=_host(server))) from error
    except http.NewConnectionError as error:  # nobody listens: a timeout by urllib3's tree, but nothing was sent
        raise Unreachable(say("cluster.nobody-listens", server=server, asked=asked)) from error
    except (http.TimeoutError, TimeoutError) as error:
        raise late(server, method, path) from error
    except http.HTTPError as error:
        raise Unreachable(say("cluster.unreachable", server=server, asked=asked, words=of_library(error))) from error
    except ApiException as error:  # status 0: TLS; the generated client hides urllib3's SSLError in it
        raise Refused(_of_tls(error, str(error.reason), server, asked)) from error
    except AnswerTooLarge as error:
        raise Unreachable(say("cluster.too-large", server=server, asked=asked), LATER) from error
    except OSError as error:
        raise Unreachable(say("cluster.unreachable", server=server, asked=asked, words=of_library(error))) from error


def _of_tls(error: Exception, reason: str, server: Message, asked: str) -> Message:
    if speaks_no_tls(error):
        return say("cluster.no-tls", server=server, asked=asked)
    return say("cluster.untrusted", server=server, asked=asked, words=of_library(error, clipped(reason)))


def _host(server: Message) -> str:
    """Give the host name of a server's address."""
    return urlsplit(str(dict(server.values).get("host", ""))).hostname or ""


def late(server: Message, method: str, path: str) -> Unreachable:
    """Give the error of a call that was not answered in time: a write may have been carried out."""
    code = say("cluster.late" if method == "GET" else "cluster.write-late", server=server, asked=f"{method} {path}")
    return Unreachable(code)


def refusal(server: Message, asked: str, status: int, body: bytes, headers: Mapping[str, str]) -> MigratorError:
    """Give the error for an HTTP answer of 300 or more; a 404 is `Missing`."""
    words, untouched = said_by(body), say("cluster.untouched")
    if status == 401:
        return Denied(say("cluster.unauthorized", server=server, asked=asked, words=words, untouched=untouched))
    if 300 <= status < 400:  # no API server sends a caller elsewhere; a proxy or a portal does, for ever
        to = headers.get("Location", "")[:_LONGEST]
        return Refused(say("cluster.redirected", server=server, asked=asked, to=to, untouched=untouched))
    if status == 404:
        return Missing(say("cluster.missing", server=server, asked=asked, words=words))
    if status in _AGAIN:
        again = say("cluster.in-trouble", server=server, asked=asked, status=status, words=words)
        return (Failed if status == 500 else Unreachable)(again, _seconds(headers))
    if status == 403:
        return Denied(say("cluster.forbidden", server=server, asked=asked, words=words, untouched=untouched))
    kind = Conflict if status == 409 else Refused
    no = say("cluster.refused", server=server, asked=asked, status=status, words=words, untouched=untouched)
    return kind(no)


def said_by(body: bytes) -> str:
    """Give the server's message out of an error body: a Status object, or a line of plain text."""
    try:
        message = text(parsed(body), "message")
    except ValueError:
        message = body.decode("utf-8", "replace").strip()
    return clipped(message)


def said_in(error: Exception) -> Value:
    """Give the message that an OSError of ours carries, else the error's own words in one line."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Message) else of_library(error)


def clipped(words: str) -> str:
    """Give one line of at most 400 characters."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    seconds = whole_number(value)
    return None if seconds is None else min(float(seconds), LONGEST_AFTER)
