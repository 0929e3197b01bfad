"""Questions from what was recorded of clients: a HAR file, or an access log. Only what is safe to ask is taken.

Of a request the method (GET, HEAD, OPTIONS), the URL with the names of its query, and `Accept` are kept. Cookies,
Authorization, every other header, values of the query and bodies are dropped here and reach nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from migrator.domain.model.answers import SAFE_METHODS, Origin, Question
from migrator.domain.model.manifests import mapping
from migrator.domain.model.outside.reading import parsed

LARGEST = 128 << 20
"""Bytes of a file that are read at most."""

MOST_LINES = 2_000_000
MOST = 300
"""Different questions that are taken from one file; those that were asked most often come first."""

_REQUEST = re.compile(r'"(GET|HEAD|OPTIONS) (\S+) HTTP/[\d.]+"')
_ENVOY_AUTHORITY = re.compile(r'"[0-9a-f]{8}-[0-9a-f-]{27}" "([^"\s]+)"')
"""Envoy's and Istio's text formats have the authority right after the request id."""

_NAMES = {
    "method": ("method", "request_method", "requestMethod"),
    "path": ("path", "request_uri", "uri", "requestPath"),
    "host": ("authority", "host", "http_host", "requestHost", ":authority"),
    "scheme": ("scheme", "x_forwarded_proto"),
}
"""What the fields of a log in JSON are called by Envoy, Istio, nginx and their like."""


def questions_of_har(text: str) -> tuple[Question, ...]:
    """Give the questions of a HAR file (HTTP Archive 1.2). ValueError when it is none."""
    found = parsed(text)
    log = found.get("log") if isinstance(found, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no HAR")
    requests = [entry.get("request") for entry in entries if isinstance(entry, dict)]
    return _often(question for request in requests if isinstance(request, dict) for question in _of_har(request))


def questions_of_log(lines: Iterable[str], host: str, scheme: str) -> tuple[Question, ...]:
    """Give the questions of an access log: JSON lines, Envoy's or Istio's text, or the common and combined formats.

    `host` and `scheme` stand in where a line does not say; without any host a line is left out.
    """
    found = (_of_line(line.strip(), host, scheme) for line in islice(lines, MOST_LINES))
    return _often(question for question in found if question)


def question_of(method: str, url: str, origin: Origin, headers: tuple[tuple[str, str], ...] = ()) -> Question | None:
    """Give the question of a method and a URL; None for one that is not safe, or no URL of HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if method not in SAFE_METHODS or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    query = tuple(dict.fromkeys(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)))
    usual = {"http": 80, "https": 443}[parts.scheme]
    return Question(
        parts.scheme,
        parts.hostname,
        parts.path or "/",
        method,
        port or usual,
        query=query,
        headers=headers,
        origin=origin,
    )


def _of_har(request: dict[str, Any]) -> Iterator[Question]:
    rows = request.get("headers")
    accept = [
        ("accept", str(row["value"]))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and str(row.get("name")).lower() == "accept" and row.get("value")
    ]
    question = question_of(str(request.get("method")), str(request.get("url")), Origin.HAR, tuple(accept[:1]))
    if question:
        yield question


def _of_line(line: str, host: str, scheme: str) -> Question | None:
    if line.startswith("{"):
        return _of_json(line, host, scheme)
    request = _REQUEST.search(line)
    if request is None:
        return None
    named = _ENVOY_AUTHORITY.search(line)
    return _asked(request[1], request[2], named[1] if named else host, scheme)


def _of_json(line: str, host: str, scheme: str) -> Question | None:
    try:
        row = mapping(parsed(line))
    except ValueError:
        return None
    told = {what: next((str(row[name]) for name in names if row.get(name)), "") for what, names in _NAMES.items()}
    return _asked(told["method"], told["path"], told["host"] or host, told["scheme"] or scheme)


def _asked(method: str, target: str, host: str, scheme: str) -> Question | None:
    if not host or not target.startswith("/"):
        return None
    return question_of(method, f"{scheme}://{host}{target}", Origin.ACCESS_LOG)


def _often(found: Iterable[Question]) -> tuple[Question, ...]:
    """Give each question once, the most frequent first."""
    counted: Counter[Question] = Counter(replace(question) for question in found)
    return tuple(question for question, _ in counted.most_common(MOST))
