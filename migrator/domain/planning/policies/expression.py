"""Calico's selector language, read into a function of labels. Pure; Unreadable for what is none of it.

Source: projectcalico/calico, libcalico-go/lib/selector: `==`, `!=`, `in`, `not in`, `contains`, `starts with`, `ends with`,
`has()`, `all()`, `global()`, `!`, `&&`, `||`, parentheses; `!=` and `not in` hold of a label that is absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Labels: TypeAlias = Mapping[str, str]
Test: TypeAlias = Callable[[Labels], bool]

_TOKEN = re.compile(r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>&&|\|\||==|!=|[!(){},])|(?P<word>[A-Za-z0-9_./-]+))")
MOST = 4096
DEEPEST = 50


class Unreadable(ValueError):
    """The text is no selector."""


def parse(words: str) -> Test:
    """Give what an expression says of labels; an empty one means every endpoint."""
    if not words.strip():
        return lambda _labels: True
    if len(words) > MOST:
        raise Unreadable(words[:40])
    reader = _Reader(_tokens(words))
    test = reader.either(0)
    if reader.left():
        raise Unreadable(words)
    return test


def _tokens(words: str) -> list[str]:
    found, at = [], 0
    while words[at:].strip():
        token = _TOKEN.match(words, at)
        if token is None:
            raise Unreadable(words[at:])
        found.append(token[0].strip())
        at = token.end()
    return found


class _Reader:
    """Reads tokens from the left; one expression each."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def left(self) -> bool:
        """Say whether anything is left."""
        return self._at < len(self._tokens)

    def either(self, depth: int) -> Test:
        """Read `a || b`."""
        tests = [self._all(depth)]
        while self._skipped("||"):
            tests.append(self._all(depth))
        return lambda labels: any(test(labels) for test in tests)

    def _all(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._skipped("&&"):
            tests.append(self._one(depth))
        return lambda labels: all(test(labels) for test in tests)

    def _one(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise Unreadable("too deep")
        if self._skipped("!"):
            test = self._one(depth + 1)
            return lambda labels: not test(labels)
        if self._skipped("("):
            test = self.either(depth + 1)
            self._expect(")")
            return test
        word = self._next()
        if word in ("all", "global", "has") and self._skipped("("):
            return self._call(word)
        return self._compare(word)

    def _call(self, name: str) -> Test:
        if name == "has":
            key = self._next()
            self._expect(")")
            return lambda labels: key in labels
        self._expect(")")
        return lambda _labels: name == "all"

    def _compare(self, key: str) -> Test:
        sign = self._next()
        if sign in ("starts", "ends"):
            self._expect("with")
        negated = sign == "not"
        if negated:
            sign = self._next()
        if sign == "in":
            values = self._set()
            return lambda labels: (labels.get(key) in values) is not negated
        value = self._text()
        tests: dict[str, Test] = {
            "==": lambda labels: labels.get(key) == value,
            "!=": lambda labels: labels.get(key) != value,
            "contains": lambda labels: value in labels.get(key, "\0"),
            "starts": lambda labels: labels.get(key, "\0").startswith(value),
            "ends": lambda labels: labels.get(key, "\0").endswith(value),
        }
        if negated or sign not in tests:
            raise Unreadable(sign)
        return tests[sign]

    def _set(self) -> frozenset[str]:
        self._expect("{")
        values = []
        while not self._skipped("}"):
            values.append(self._text())
            self._skipped(",")
        return frozenset(values)

    def _text(self) -> str:
        token = self._next()
        if token[:1] not in ("'", '"'):
            raise Unreadable(token)
        return token[1:-1]

    def _next(self) -> str:
        if not self.left():
            raise Unreadable("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _skipped(self, token: str) -> bool:
        if self.left() and self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._skipped(token):
            raise Unreadable(f"{token} is missing")
