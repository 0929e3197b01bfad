"""What a plan wants to be asked of both sides, as values of its spec."""

from __future__ import annotations

from migrator.domain.model.answers.question import SAFE_METHODS, Origin, Protocol, Question, Route
from migrator.domain.model.answers.wanted import HEADERS, PARTS, Allowed, AnswersSpec, Concern

__all__ = [
    "HEADERS",
    "PARTS",
    "SAFE_METHODS",
    "Allowed",
    "AnswersSpec",
    "Concern",
    "Origin",
    "Protocol",
    "Question",
    "Route",
]
