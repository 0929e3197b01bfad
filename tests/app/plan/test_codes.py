"""Any code that people meet can be explained: what it means, also for traffic, and what to do, in each language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrator.app.plan.codes import Explained, explainable, looked_up, meaning
from migrator.app.plan.keys import explained
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import codes
from migrator.wording.language import CHINESE, ENGLISH, LANGUAGES, speak


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Speak a language for a while."""
    speak(request.param)
    yield request.param
    speak(ENGLISH)


def test_every_code_that_people_meet_has_a_meaning_in_each_language(language: str) -> None:
    found = {code: meaning(code) for code in explainable()}

    assert len(found) > 400
    assert [code for code, means in found.items() if means is None] == []
    assert [
        code for code, means in found.items() if means and not (means.paragraphs or means.runbook or means.says)
    ] == []


def test_no_line_of_what_is_explained_is_markdown(language: str) -> None:
    lines = [line for code in explainable() if (means := meaning(code)) for line in means.paragraphs]

    assert [line for line in lines if "**" in line or "](" in line or not line.strip()] == []


def test_a_finding_that_blocks_says_what_that_means_for_traffic_and_how_it_is_accepted() -> None:
    means = meaning("judge.blind")

    assert means is not None
    assert (means.severities, means.waivable) == (("block",), True)
    assert means.effect is not None
    assert means.effect.code == "explain.blocks"
    assert "Prometheus" in means.remedy
    assert means.pages == ("docs/checks.md",)


def test_what_is_found_while_a_run_goes_on_holds_it_and_does_not_keep_it_from_beginning() -> None:
    means = meaning("drift.foreign-row")

    assert means is not None
    assert means.effect is not None
    assert means.effect.code == "explain.holds"


def test_a_question_is_explained_by_its_row_of_the_runbook(language: str) -> None:
    means = meaning("soak.ask")

    assert means is not None
    (entry,) = means.runbook
    assert len(entry.cells) == 3
    assert entry.traffic
    assert means.pages == (f"docs/{'zh/' if language == CHINESE else ''}runbook.md",)


def test_a_word_that_is_a_key_and_a_code_is_explained_as_both() -> None:
    found = looked_up("judge.prometheus")

    assert found == Explained(explained("spec.judge.prometheus"), meaning("judge.prometheus"))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        pytest.param("judge.blin", "explain.unknown", id="nearly a code"),
        pytest.param("spec.trafic.soak", "planfile.no-such-key", id="nearly a key"),
        pytest.param("nonsense", "planfile.no-such-key", id="neither"),
    ],
)
def test_what_is_neither_is_refused_with_what_was_probably_meant(word: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        looked_up(word)

    assert code in codes(refused.value.message)
