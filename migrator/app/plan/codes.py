"""A code for people: what it means, also for traffic, and what to do: from the pages, and in the catalogue's own words."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from migrator.adapters.balancers import declared_codes
from migrator.app.plan.keys import Key, explained
from migrator.domain.messages.codes import CODES
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.findings import REMEDY
from migrator.domain.messages.message import Message, say
from migrator.wording.catalogue import catalogue
from migrator.wording.language import spoken
from migrator.wording.pages import CHECKS, RUNBOOK, Entry, entries, in_runbook, page, section
from migrator.wording.quoted import quoted

HOLDS = frozenset({"guard.undone"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is to be known of a code. `says` and `remedy` are its own words, with … for what differs from case to case.

    `effect` is what a finding that blocks does to a run and to traffic. `waivable`: a plan may waive it. `pages` are where
    this stands.
    """

    code: str
    severities: tuple[str, ...]
    paragraphs: tuple[str, ...]
    says: str
    remedy: str
    effect: Message | None
    runbook: tuple[Entry, ...]
    waivable: bool
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """What is to be known of a word as a key of the plan file, and as a code: at least one of them; a few words are both."""

    key: Key | None
    code: Meaning | None


def meaning(code: str) -> Meaning | None:
    """Return what is to be known of a code; None for one that nothing ever says."""
    language = spoken()
    found, rows = section(code, language), entries(code, language)
    says, remedy = quoted(code, language), quoted(code + REMEDY, language)
    if found is None and not rows and not says:
        return None
    blocks = found is not None and "block" in found.severities
    return Meaning(
        code,
        found.severities if found else (),
        found.paragraphs if found else (),
        says,
        remedy,
        _effect(code) if blocks else None,
        rows,
        blocks and (code in CODES or code in declared_codes()),
        tuple(page(name, language) for name, there in ((CHECKS, found), (RUNBOOK, rows)) if there),
    )


def _effect(code: str) -> Message:
    """Say what a finding that blocks does: what is found while a run goes on holds it, any other keeps it from beginning."""
    holds = code in HOLDS or code.startswith("drift.")
    return say("explain.holds") if holds else say("explain.blocks")


def explainable() -> frozenset[str]:
    """Return the codes that people meet: of findings, and of all that the runbook has a row for."""
    findings = {key.removesuffix(REMEDY) for key in catalogue(spoken()).own if key.endswith(REMEDY)}
    return CODES | declared_codes().keys() | in_runbook(spoken()) | {key for key in findings if ":" not in key}


def looked_up(word: str) -> Explained:
    """Return what is to be known of a word. UsageError names what was probably meant."""
    found = meaning(word)
    try:
        return Explained(explained(word), found)
    except UsageError:
        if found:
            return Explained(None, found)
        near = get_close_matches(word, sorted(explainable()), 3, 0.8) if "." in word else []
        if near:
            raise UsageError(say("explain.unknown", word=word, meant=tuple(near))) from None
        raise
