"""Which language is spoken: what was asked for, else what the environment says, else English."""

from __future__ import annotations

import pytest

from migrator.cli.helping.language import wanted
from migrator.wording import render
from migrator.wording.catalogue import of_packages
from migrator.wording.formats import Voice, formatted
from migrator.wording.language import CHINESE, ENGLISH, speak

VOICE = Voice({"": {"plural": ""}}, str)


@pytest.mark.parametrize(
    ("asked", "environ", "spoken"),
    [
        pytest.param(None, {}, ENGLISH, id="nothing is said"),
        pytest.param(CHINESE, {"MIGRATOR_LANG": "en", "LANG": "en_US.UTF-8"}, CHINESE, id="the option is first"),
        pytest.param(None, {"MIGRATOR_LANG": "zh", "LC_ALL": "C"}, CHINESE, id="then MIGRATOR_LANG"),
        pytest.param(None, {"MIGRATOR_LANG": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH, id="MIGRATOR_LANG over the locale"),
        pytest.param(None, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, ENGLISH, id="LC_ALL over LANG"),
        pytest.param(None, {"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en"}, CHINESE, id="LC_MESSAGES"),
        pytest.param(None, {"LANG": "zh_TW.UTF-8"}, CHINESE, id="LANG, whichever Chinese"),
        pytest.param(None, {"LANG": "de_DE.UTF-8"}, ENGLISH, id="a language that has no catalogue"),
    ],
)
def test_the_language_is_what_was_asked_for_else_what_the_environment_says(
    asked: str | None, environ: dict[str, str], spoken: str
) -> None:
    assert wanted(asked, environ) == spoken


def test_what_a_language_does_not_say_is_said_in_english() -> None:
    """A driver of somebody else's may have English words only."""
    speak(CHINESE)

    assert of_packages(CHINESE, ("tests.adapters.balancers.ninth",)) == {}
    assert render("a name") == "a name"


def test_a_language_without_plural_forms_counts_without_an_ending() -> None:
    assert [formatted(n, "count 个 Pod", VOICE) for n in (1, 3)] == ["1 个 Pod", "3 个 Pod"]
