"""The part `spec.answers` into a value: the list as it is written, and what a HAR file or an access log holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from migrator.adapters.answers.recorded import LARGEST, questions_of_har, questions_of_log
from migrator.adapters.planfile.answers_schema import Answers, ListedQuestion
from migrator.domain.messages.message import Message, say
from migrator.domain.messages.trouble import in_words
from migrator.domain.model.answers import Allowed, AnswersSpec, Concern, Origin, Protocol, Question

TLS_PORTS = frozenset({443, 8443})
Fault: TypeAlias = tuple[tuple[str | int, ...], Message]
"""Where in the file something is wrong, and what."""


def answers_of(part: Answers, ports: frozenset[int], host: str) -> tuple[AnswersSpec, list[Fault]]:
    """Give the value and every fault. `ports` are those of the plan's listeners, `host` stands in where a log names none."""
    listed = [_listed(row) for row in part.questions]
    faults: list[Fault] = [
        (
            ("spec", "answers", "list", at, "url"),
            say("rule.question-port", port=question.port, ports=tuple(sorted(ports))),
        )
        for at, question in enumerate(listed)
        if question.port not in ports
    ]
    scheme = "https" if ports & TLS_PORTS else "http"
    recorded: list[Question] = []
    for key, path, read in (
        ("har", part.har, questions_of_har),
        ("accessLog", part.access_log, lambda text: questions_of_log(text.splitlines(), host, scheme)),
    ):
        found, fault = _recorded(path, read, ports) if path else ((), None)
        recorded += found
        faults += [(("spec", "answers", key), fault)] if fault else []
    return _value(part, (*listed, *recorded)), faults


def _value(part: Answers, questions: tuple[Question, ...]) -> AnswersSpec:
    return AnswersSpec(
        routes=part.routes,
        questions=tuple(dict.fromkeys(questions)),
        compare=tuple(Concern(name) for name in dict.fromkeys(part.compare)),
        headers=tuple(dict.fromkeys(name.lower() for name in part.headers)),
        allow=tuple(Allowed(r.reason, r.host, r.path, tuple(Concern(name) for name in r.what)) for r in part.allow),
        rate=part.rate,
        most=part.most,
    )


def _listed(row: ListedQuestion) -> Question:
    parts = urlsplit(row.url)
    return Question(
        parts.scheme,
        parts.hostname or "",
        parts.path or "/",
        row.method,
        parts.port or {"http": 80, "https": 443}[parts.scheme],
        Protocol(row.protocol),
        tuple(dict.fromkeys(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))),
        tuple(sorted(row.headers.items())),
        tuple(sorted(row.headers_from_env.items())),
        row.sni,
        Origin.LIST,
    )


def _recorded(
    path: str, read: Callable[[str], tuple[Question, ...]], ports: frozenset[int]
) -> tuple[tuple[Question, ...], Message | None]:
    """Give the questions of a file for listeners of the plan, and why there are none."""
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            found = read(file.read(LARGEST))
    except OSError as error:
        return (), say("fault.recorded-unreadable", path=path, why=in_words(error))
    except (ValueError, RecursionError):
        return (), say("fault.recorded-no-har", path=path)
    usable = tuple(question for question in found if question.port in ports)
    if usable:
        return usable, None
    return (), say("fault.recorded-empty", path=path, found=len(found), ports=tuple(sorted(ports)))
