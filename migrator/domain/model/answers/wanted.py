"""What a plan wants of the answers: which questions, what of an answer is compared, and which differences are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from migrator.domain.model.answers.question import Question


class Concern(StrEnum):
    """What there may be to say of the answers: a part that differs, or a doubt about a host or a side."""

    STATUS = "status"
    HEADERS = "headers"
    REDIRECT = "redirect"
    CERTIFICATE = "certificate"
    BODY = "body"
    PROTOCOL = "protocol"
    UNPROVED = "unproved"
    INSIDE = "inside"
    SILENT = "silent"


PARTS = (
    Concern.STATUS,
    Concern.HEADERS,
    Concern.REDIRECT,
    Concern.CERTIFICATE,
    Concern.BODY,
    Concern.PROTOCOL,
)
"""The parts of an answer that can be compared."""

HEADERS = (
    "access-control-allow-origin",
    "cache-control",
    "content-encoding",
    "content-type",
    "strict-transport-security",
    "www-authenticate",
)
"""The headers that are compared where the plan names none: what clients act on, and what does not vary by itself."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is accepted, and why. `host` and `path` are patterns (`*.example.com`); no concern named: any of them."""

    reason: str
    host: str = "*"
    path: str = "*"
    concerns: tuple[Concern, ...] = ()

    def covers(self, concern: Concern, host: str, path: str = "") -> bool:
        """Say whether this is accepted; of a doubt about a whole host or side the path is not asked."""
        named = not self.concerns or concern in self.concerns
        return named and fnmatchcase(host, self.host) and (not path or fnmatchcase(path, self.path))


ROUNDS = 10
"""Rounds for which the bound of a run is meant to last."""


@dataclass(frozen=True, slots=True)
class AnswersSpec:
    """How both sides are asked. `rate` is in requests a second for both sides together, `most` the requests of one run.

    `routes`: the old gateways' own routes are asked besides `questions`.
    """

    routes: bool = True
    questions: tuple[Question, ...] = ()
    compare: tuple[Concern, ...] = PARTS
    headers: tuple[str, ...] = HEADERS
    allow: tuple[Allowed, ...] = ()
    rate: float = 5.0
    most: int = 2000

    def allowance(self, concern: Concern, host: str, path: str = "") -> Allowed | None:
        """Give what accepts this; None: nothing does."""
        return next((row for row in self.allow if row.covers(concern, host, path)), None)

    @property
    def share(self) -> int:
        """Give the requests that one round may make, where its least questions need no more."""
        return max(self.most // ROUNDS, 1)

    @property
    def longest(self) -> float:
        """Give the seconds that such a round takes at most, by the rate."""
        return self.share / self.rate
