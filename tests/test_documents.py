"""The documentation says what the program says, and its Chinese pages say what the English ones say now."""

from __future__ import annotations

import re

import pytest

from migrator.adapters.balancers import declared_codes
from migrator.domain.messages.codes import CODES
from migrator.domain.model.runs import State
from migrator.domain.model.spec import Strategy
from migrator.domain.turn.journeys import JOURNEYS
from migrator.wording import label
from migrator.wording.catalogue import catalogue
from migrator.wording.language import CHINESE, ENGLISH
from migrator.wording.quoted import quoted
from migrator.wording.texts import parts
from tests.documents import (
    CHINESE_PAGES,
    COMMAND,
    LINK,
    ROOT,
    Translated,
    digest,
    named,
    quotes,
    translated,
)
from tests.wording.used import uses

RUNBOOK = ROOT / "docs" / "runbook.md"
PAGES = tuple(translated())
EVERY_CHINESE_PAGE = pytest.mark.parametrize("made", [pytest.param(made, id=made.page.name) for made in PAGES])
RUNBOOKS = {ENGLISH: RUNBOOK, CHINESE: CHINESE_PAGES / "runbook.md"}


NO_END = {"stored", "planfile.invalid"}
"""Findings in which no run ends: what an older version wrote, and the faults of a plan file."""


def decisions() -> set[str]:
    """Give the codes by which a run leaves a decision to people: what halts it or turns it back, what it asks, and what a guard
    says that cannot decide itself."""
    ours = (getattr(part, "FINDINGS", {}) for part in parts(ENGLISH))
    halts = {code for table in ours for code in table if ":" not in code} - CODES - declared_codes().keys() - NO_END
    asks = {use.code for use in uses() if use.where.startswith("domain") and re.search(r"\.ask\b", use.code)}
    guards = {use.code for use in uses() if "dead_man" in use.where and use.code.startswith("guard.")}
    return halts | guards | {code for code in asks if "?" in catalogue(ENGLISH).texts[code]}


def test_the_runbook_has_everything_that_leaves_a_decision_to_people() -> None:
    assert decisions() - quotes(RUNBOOK).keys() == set(), "give each of these codes a row in docs/runbook.md"


@pytest.mark.parametrize("language", RUNBOOKS)
def test_the_runbook_says_what_each_state_is(language: str) -> None:
    first = RUNBOOKS[language].read_text(encoding="utf-8").split("| `status`")[1].split("\n\n")[0]
    shown = {
        state: state.value.replace("-", " ") if language == ENGLISH else label(state.value, language) for state in State
    }

    assert [state for state, word in shown.items() if f"| {word} |" not in first] == []


@pytest.mark.parametrize("language", RUNBOOKS)
def test_the_runbook_says_of_each_journey_how_it_goes_on_and_back(language: str) -> None:
    page = RUNBOOKS[language].read_text(encoding="utf-8")
    commands = {journey.command for journey in JOURNEYS.values()} | {"guard"}
    ways = {f"strategy: {Strategy.IN_PLACE}", "portConflict: nodePort"}

    assert [command for command in commands if f"| `migrator {command}` |" not in page] == []
    assert [way for way in ways if f"`{way}` |" not in page] == []


@pytest.mark.parametrize("language", [language for language, page in RUNBOOKS.items() if page.exists()])
def test_the_runbook_quotes_what_the_program_says(language: str) -> None:
    said = quotes(RUNBOOKS[language])

    assert said == {code: quoted(code, language) for code in said}, (
        "write what the catalogue says now (on the right) into this page"
    )


@EVERY_CHINESE_PAGE
def test_a_chinese_page_is_made_from_the_english_one_as_it_is_now(made: Translated) -> None:
    assert made.english.exists(), f"{named(made.page)}: its first line has to say what it was made from"
    now = digest(made.english)

    assert made.digest == now, (
        f"{named(made.english)} has changed since {named(made.page)} was made from it: say the same there in Chinese, "
        f"then write <!-- made from {named(made.english)}, sha256 {now} --> on its first line"
    )


@EVERY_CHINESE_PAGE
def test_a_chinese_page_has_the_commands_of_the_english_one(made: Translated) -> None:
    assert set(COMMAND.findall(made.page.read_text(encoding="utf-8"))) == set(
        COMMAND.findall(made.english.read_text(encoding="utf-8"))
    )


@EVERY_CHINESE_PAGE
def test_the_links_of_a_chinese_page_lead_somewhere(made: Translated) -> None:
    links = {found["to"] for found in LINK.finditer(made.page.read_text(encoding="utf-8"))}

    assert {link for link in links if not (made.page.parent / link).exists()} == set()


@pytest.mark.parametrize("made", [made for made in PAGES if made.page.name == "checks.md"])
def test_the_chinese_page_of_the_checks_has_each_code_with_its_severity(made: Translated) -> None:
    section = re.compile(r"^### `([a-z][a-z-]*\.[a-z0-9-]+)`\n+\*\*(.*?)\*\*", re.MULTILINE)
    english, chinese = (
        {code: set(re.findall("block|warn|info", grades)) for code, grades in section.findall(text)}
        for text in (made.english.read_text(encoding="utf-8"), made.page.read_text(encoding="utf-8"))
    )

    assert chinese == english
