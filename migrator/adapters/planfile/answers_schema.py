"""The part `spec.answers` of a plan file: which questions both sides are asked, and which differences are accepted."""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.values import EnvName, HeaderName, Strict, Word, usual
from migrator.domain.messages.message import say
from migrator.domain.model.answers import HEADERS, SAFE_METHODS

_RATE = re.compile(r"(\d+(?:\.\d+)?)/(s|m)")
_SECONDS = {"s": 1.0, "m": 60.0}
QUESTION_URL = r"^https?://[^\s@/?#]+(/[^\s#]*)?$"


def per_second(text: object) -> float:
    """Return a rate in requests a second; ValueError says what a rate looks like."""
    match = _RATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match or not 0 < (rate := float(match[1]) / _SECONDS[match[2]]) <= 1000:
        raise ValueError("a rate is text like 5/s or 30/m, at most 1000/s")
    return rate


Rate = Annotated[
    float,
    BeforeValidator(per_second),
    WithJsonSchema(
        {"type": "string", "pattern": rf"^{_RATE.pattern}$", "description": "a rate like 5/s or 30/m, at most 1000/s"}
    ),
]
QuestionUrl = Annotated[
    str, Field(pattern=QUESTION_URL, description="a URL like https://shop.example.com/cart, without user or fragment")
]
Part = Literal["status", "headers", "redirect", "certificate", "body", "protocol"]
Doubt = Literal["unproved", "inside"]


class ListedQuestion(Strict):
    """One request of the list. Of its query only the names are kept; headers with secrets come from the environment."""

    url: QuestionUrl
    method: Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    protocol: Literal["http/1.1", "h2", "websocket", "grpc"] = "http/1.1"
    headers: dict[HeaderName, Word] = Field(default_factory=dict)
    headers_from_env: dict[HeaderName, EnvName] = Field(default_factory=dict, alias="headersFromEnv")
    sni: str = ""
    replay: Literal["safe"] | None = None

    @field_validator("url")
    @classmethod
    def has_a_port(cls, url: str) -> str:
        """Refuse a port that is none."""
        try:
            port = urlsplit(url).port
        except ValueError:
            port = 0
        if port == 0:
            raise ValueError("no such port")
        return url

    @model_validator(mode="after")
    def is_safe(self) -> ListedQuestion:
        """Refuse a method that may change something, unless the list says that asking it again is safe."""
        if self.method not in SAFE_METHODS and self.replay != "safe":
            raise RuleBroken(say("rule.replay", method=self.method))
        return self

    @model_validator(mode="after")
    def keeps_secrets_out(self) -> ListedQuestion:
        """Refuse a secret in the plan file: it would be stored with the plan."""
        if written := sorted(
            {name.lower() for name in self.headers} & {"authorization", "cookie", "proxy-authorization"}
        ):
            raise RuleBroken(say("rule.secret-header", header=written[0]))
        return self


class Allow(Strict):
    """What may differ, or stay unproved, and why. `host` and `path` are patterns; for `inside` the host is `old` or `new`."""

    host: Word = "*"
    path: Word = "*"
    what: list[Part | Doubt] = Field(default_factory=list)
    reason: Word


class Answers(Strict):
    """How both sides are asked the same questions. `answers: null` turns it off."""

    routes: bool = True
    questions: list[ListedQuestion] = Field(default_factory=list, alias="list", max_length=500)
    har: Word | None = None
    access_log: Word | None = Field(None, alias="accessLog")
    compare: list[Part] = Field(default_factory=lambda: list(get_args(Part)), min_length=1)
    headers: list[HeaderName] = Field(default_factory=lambda: list(HEADERS))
    allow: list[Allow] = Field(default_factory=list)
    rate: Rate = usual("5/s")
    most: Annotated[int, Field(ge=6, le=1_000_000)] = 2000
