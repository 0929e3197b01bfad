"""Which modules of a language hold its texts, once for all languages, and how they become one table. It makes no sentence."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from types import ModuleType

from migrator.wording.language import LANGUAGES

PARTS = (
    *("errors.app", "errors.cli", "errors.outside", "errors.store", "errors.trouble"),
    *(
        "steps",
        "estimates",
        "running",
        "judging",
        "following",
        "subjects",
        "balancers",
        "drift",
        "planfile",
        "planning",
    ),
    *(
        "halts",
        "telling.notices",
        "telling.serving",
        "views.shown",
        "views.keys",
        "helping.commands",
        "workloads.isolating",
    ),
    *(
        "checks.answers",
        "checks.audit",
        "checks.balancer",
        "checks.cluster",
        "checks.clusters",
        "checks.hardening",
        "checks.judging",
        "checks.logs",
    ),
    *("checks.detour", "checks.in_place", "checks.nodes", "checks.standing", "checks.termination", "checks.workloads"),
)
"""The modules below a language's folder; each has `MESSAGES`, `FINDINGS`, or both."""


def parts(language: str) -> Iterator[ModuleType]:
    """Give a language's modules with texts."""
    return (importlib.import_module(f"{LANGUAGES[language]}.{part}") for part in PARTS)


def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return a language's tables of words."""
    found: Mapping[str, Mapping[str, str]] = importlib.import_module(f"{LANGUAGES[language]}.words").WORDS
    return found
