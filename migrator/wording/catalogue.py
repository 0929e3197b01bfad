"""What a language has a text for, read from its data. It makes no sentence and decides nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

from migrator.domain.messages.findings import EVIDENCE, REMEDY
from migrator.wording import texts
from migrator.wording.formats import Words
from migrator.wording.language import ENGLISH

T = TypeVar("T")
Of: TypeAlias = Mapping[str, tuple[str, ...]]
"""Findings' texts: the problem, the evidence, the remedy. What is not given, a variant takes from its code, and else is ""."""

BESIDE = "wording_{language}"
"""The module in a driver's package that holds its words: `MESSAGES` and `FINDINGS`. A language is one more such module."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of a language by their codes, but for those of the balancers' drivers, and its tables of words."""

    language: str
    own: Mapping[str, str]
    words: Words

    def text(self, code: str) -> str | None:
        """Return the text of a code; None for one without. The drivers' words are loaded only for a code that is not ours.

        What a language does not say is said in English: a driver of somebody else's may know no other.
        """
        text = self.own.get(code)
        text = self._of_drivers().get(code) if text is None else text
        return catalogue(ENGLISH).text(code) if text is None and self.language != ENGLISH else text

    @property
    def texts(self) -> Mapping[str, str]:
        """Return every text, the drivers' too."""
        return _once((self.own, self._of_drivers()))

    def _of_drivers(self) -> Mapping[str, str]:
        from migrator.adapters.balancers import DRIVERS

        return of_packages(self.language, tuple(DRIVERS.values()))


@cache
def catalogue(language: str) -> Catalogue:
    """Return a language's catalogue."""
    found = tuple(texts.parts(language))
    messages = merged(*(getattr(part, "MESSAGES", {}) for part in found))
    findings = merged_findings(*(getattr(part, "FINDINGS", {}) for part in found))
    return Catalogue(language, {**messages, **flat(findings)}, _over_english(texts.words(language)))


def _over_english(words: Words) -> Words:
    english = texts.words(ENGLISH)
    return {table: {**english.get(table, {}), **words.get(table, {})} for table in (*english, *words)}


@cache
def of_packages(language: str, packages: tuple[str, ...]) -> Mapping[str, str]:
    """Return the texts of drivers' packages. Only their data is loaded; a package without words of its own has none."""
    return _once(_beside(package, language) for package in packages)


def _beside(package: str, language: str) -> Mapping[str, str]:
    name = f"{package}.{BESIDE.format(language=language)}"
    try:
        found = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return {**found.MESSAGES, **flat(found.FINDINGS)}


def flat(findings: Of) -> dict[str, str]:
    """Return a finding's texts under their own codes."""
    texts: dict[str, str] = {}
    for key, given in findings.items():
        base = findings.get(key.partition(":")[0], ())
        problem, evidence, remedy = (given + base[len(given) :] + ("",) * 3)[:3]
        texts |= {key: problem, f"{key}{EVIDENCE}": evidence, f"{key}{REMEDY}": remedy}
    return texts


def merged(*tables: Mapping[str, str]) -> dict[str, str]:
    """Return tables as one; ValueError for a code that two of them have, with different texts."""
    return _once(tables)


def merged_findings(*tables: Of) -> dict[str, tuple[str, ...]]:
    """Return tables of findings as one; ValueError for a code that two of them have, with different texts."""
    return _once(tables)


def _once(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    texts: dict[str, T] = {}
    for table in tables:
        if twice := [code for code in texts.keys() & table.keys() if texts[code] != table[code]]:
            raise ValueError(f"the catalogue has {min(twice)} twice")
        texts |= table
    return texts
