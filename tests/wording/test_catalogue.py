"""The catalogue and the source say the same: every code has a text in every language, and every text is used."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

from migrator.domain.messages.findings import EVIDENCE, REMEDY, STORED
from migrator.domain.messages.message import STORED as VERBATIM
from migrator.domain.steps import Step
from migrator.wording.catalogue import catalogue
from migrator.wording.formats import FORMATS
from migrator.wording.template import parsed, slots
from tests.wording.languages import EVERY_LANGUAGE
from tests.wording.used import ROOT, Use, uses

USES = uses()
ALWAYS_SEEN = frozenset({"Clocks", "JournalFacts", "Judgement", "RunPosition", "Stale"})
"""The facets that every look has: they come from this process and its store."""

ALWAYS = frozenset({STORED, VERBATIM, "preflight.passed"})
"""What no source names by its code: texts that older versions stored."""


def keys(use: Use) -> tuple[str, ...]:
    """Give the codes under which a catalogue must have texts for a use."""
    return (use.code, use.code + EVIDENCE, use.code + REMEDY) if use.is_finding else (use.code,)


def test_every_code_in_the_source_is_written_out() -> None:
    """A code that is computed cannot be looked for, neither by this test nor by a person."""
    assert [use.where for use in USES if not use.code] == []


@EVERY_LANGUAGE
def test_every_code_of_the_source_has_a_text(language: str) -> None:
    texts = catalogue(language).texts
    missing = sorted({f"{key} ({use.where})" for use in USES for key in keys(use) if key not in texts})

    assert missing == []


@EVERY_LANGUAGE
def test_every_text_of_the_catalogue_is_used(language: str) -> None:
    used = ALWAYS | {use.code for use in USES}
    unused = sorted({key.partition("#")[0] for key in catalogue(language).texts} - used)

    assert unused == []


@EVERY_LANGUAGE
def test_every_text_is_well_formed_and_names_formats_that_exist(language: str) -> None:
    for key, text in catalogue(language).texts.items():
        for slot in slots(parsed(text)):
            name, _, rest = slot.how.partition(" ")
            assert not slot.how or name in FORMATS, f"{key}: {slot.how}"
            assert name != "word" or rest in catalogue(language).words, f"{key}: there is no table {rest}"


@EVERY_LANGUAGE
def test_every_place_of_a_text_has_a_value_at_every_use(language: str) -> None:
    texts = catalogue(language).texts
    lacking = sorted(
        f"{key} lacks {slot.name} ({use.where})"
        for use in USES
        for key in keys(use)
        if key in texts and not use.open
        for slot in slots(parsed(texts[key]))
        if slot.name not in use.names
    )

    assert lacking == []


@EVERY_LANGUAGE
def test_every_value_that_is_given_is_shown_somewhere(language: str) -> None:
    """A value that no text of its code shows says nothing to a person: then the text is poorer than what is known."""
    texts = catalogue(language).texts
    silent = sorted(
        f"{use.code}: {name} ({use.where})"
        for use in USES
        if use.code in texts
        for name in use.names - {slot.name for key in keys(use) for slot in slots(parsed(texts.get(key, "")))}
    )

    assert silent == []


def test_only_who_shows_something_renders() -> None:
    """Domain, workflow, adapters and store give codes and values; sentences are made where a person is shown something."""
    inner = ("domain", "workflow", "adapters", "store")
    found = [
        str(path.relative_to(ROOT))
        for room in inner
        for path in sorted(Path(ROOT, room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("migrator.wording")
    ]

    assert found == []


@EVERY_LANGUAGE
def test_every_facet_that_a_step_or_a_rule_may_miss_has_a_word(language: str) -> None:
    needs = {need for step in get_args(Step) for need in step.needs}

    assert {need.__name__ for need in needs} - catalogue(language).words["facet"].keys() - ALWAYS_SEEN == set()
