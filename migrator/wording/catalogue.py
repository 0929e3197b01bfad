"""What a language has a text for, read from its data. It makes no sentence and decides nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

from migrator.domain.messages.findings import EVIDENCE, REMEDY
from migrator.wording.formats import Words

T = TypeVar("T")
Of: TypeAlias = Mapping[str, tuple[str, ...]]
"""Findings' texts: the problem, the evidence, the remedy. What is not given, a variant takes from its code, and else is ""."""

LANGUAGES: Mapping[str, str] = {"en": "migrator.wording.en"}
"""Where each language has its data: `MESSAGES`, `FINDINGS` and `WORDS`. A further language is a further line."""

DRIVERS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every text of a language by its code, and its tables of words."""

    texts: Mapping[str, str]
    words: Words


@cache
def catalogue(language: str) -> Catalogue:
    """Return a language's catalogue."""
    found = importlib.import_module(LANGUAGES[language])
    return Catalogue({**found.MESSAGES, **flat(found.FINDINGS)}, found.WORDS)


def flat(findings: Of) -> dict[str, str]:
    """Return a finding's texts under their own codes."""
    texts: dict[str, str] = {}
    for key, given in findings.items():
        base = findings.get(key.partition(":")[0], ())
        problem, evidence, remedy = (given + base[len(given) :] + ("",) * 3)[:3]
        texts |= {key: problem, f"{key}{EVIDENCE}": evidence, f"{key}{REMEDY}": remedy}
    return texts


def merged(*tables: Mapping[str, str]) -> dict[str, str]:
    """Return tables as one; ValueError for a code that two of them have."""
    return _once(tables)


def merged_findings(*tables: Of) -> dict[str, tuple[str, ...]]:
    """Return tables of findings as one; ValueError for a code that two of them have."""
    return _once(tables)


def _once(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    texts: dict[str, T] = {}
    for table in tables:
        if twice := texts.keys() & table.keys():
            raise ValueError(f"the catalogue has {min(twice)} twice")
        texts |= table
    return texts
