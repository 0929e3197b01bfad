"""Every language says the same: the same codes, the same values, the same words; and whatever it says can be said aloud."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator

import pytest

from migrator.cli.views.style import STATES
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import Message, Value, say
from migrator.domain.model.runs import Heading
from migrator.wording import render
from migrator.wording.catalogue import catalogue
from migrator.wording.formats import Voice, formatted
from migrator.wording.keys import own_meanings
from migrator.wording.language import CHINESE, ENGLISH, LANGUAGES
from migrator.wording.template import Slot, parsed, slots
from tests.wording.languages import EVERY_LANGUAGE
from tests.wording.used import ROOT

OTHER_LANGUAGE = pytest.mark.parametrize("language", [language for language in LANGUAGES if language != ENGLISH])
CHINESE_LETTER = re.compile("[\u4e00-\u9fff]")
HALF_WIDTH = re.compile("[\u4e00-\u9fff][,;:?!](?!\\w)")
SAMPLES: dict[str, tuple[Value, ...]] = {
    "count": (0, 1, 3, ("a", "b"), None),
    "choose": (1, 3, ("a", "b")),
    "number": (0.5, 12, None),
    "percent": (12.5, None),
    "seconds": (0.4, 90, 150, 11_100, None),
    "word": ("old", "no such word", ("old", "new")),
}
"""Values by the format that shows them; all other places are given each of USUAL."""

USUAL: tuple[Value, ...] = ("a name", ("a", "b", "c", "d", "e"), 7, "", (), None, say("run.cancelled"))


def own(language: str) -> dict[str, str]:
    """Give what a language says itself, without what it leaves to English."""
    return dict(catalogue(language).texts)


def tables(language: str) -> dict[str, dict[str, str]]:
    """Give a language's own tables of words."""
    words: dict[str, dict[str, str]] = importlib.import_module(f"{LANGUAGES[language]}.words").WORDS
    return words


def values(slot: Slot) -> tuple[Value, ...]:
    """Give the values with which a place is tried."""
    return SAMPLES.get(slot.how.partition(" ")[0], USUAL)


def messages(code: str, text: str) -> Iterator[Message]:
    """Give messages of a code that have every value of each place at least once."""
    places = {slot.name: values(slot) for slot in slots(parsed(text))}
    for turn in range(max((len(each) for each in places.values()), default=1)):
        yield Message(code, tuple((name, each[turn % len(each)]) for name, each in places.items()))


@OTHER_LANGUAGE
def test_a_language_has_a_text_for_every_code_and_for_nothing_else(language: str) -> None:
    missing, more = own(ENGLISH).keys() - own(language).keys(), own(language).keys() - own(ENGLISH).keys()

    assert sorted(missing) == []
    assert sorted(more) == []


@OTHER_LANGUAGE
def test_a_text_shows_the_same_values_in_every_language(language: str) -> None:
    english, mine = own(ENGLISH), own(language)
    shown = {code: {slot.name for slot in slots(parsed(text))} for code, text in mine.items()}
    wanted = {code: {slot.name for slot in slots(parsed(text))} for code, text in english.items()}

    assert {
        code: shown[code] ^ wanted[code] for code in shown.keys() & wanted.keys() if shown[code] != wanted[code]
    } == {}


@OTHER_LANGUAGE
def test_a_language_has_every_word_of_every_table(language: str) -> None:
    mine = tables(language)
    missing = {
        f"{table}: {word}" for table, words in tables(ENGLISH).items() for word in words.keys() - mine[table].keys()
    }

    assert sorted(missing) == []


@OTHER_LANGUAGE
def test_a_language_has_the_meaning_of_every_key(language: str) -> None:
    assert own_meanings(language).keys() == own_meanings(ENGLISH).keys()


@EVERY_LANGUAGE
def test_every_text_can_be_said_with_values_of_every_kind(language: str) -> None:
    for code, text in own(language).items():
        for message in messages(code, text):
            said = render(message, language)
            assert not [name for name, _ in message.values if f"{{{name}}}" in said], said


def test_a_chinese_text_is_chinese() -> None:
    """Where English has words beside names and values, Chinese has Chinese ones."""
    english = own(ENGLISH)
    words = {code for code, text in english.items() if re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", text)}

    assert sorted(code for code in words if not CHINESE_LETTER.search(own(CHINESE)[code])) == []


def test_chinese_sentences_have_chinese_punctuation() -> None:
    assert [code for code, text in own(CHINESE).items() if HALF_WIDTH.search(text)] == []


def test_chinese_counts_lists_and_lengths_of_time_as_chinese_does() -> None:
    voice = Voice(catalogue(CHINESE).words, str)

    assert formatted(("a", "b", "c"), "and", voice) == "a、b和c"
    assert formatted(("a", "b", "c", "d", "e"), "few", voice) == "a、b、c，另有 2 个"
    assert [formatted(n, "count 个 Pod", voice) for n in (1, 3)] == ["1 个 Pod", "3 个 Pod"]
    assert [formatted(n, "seconds", voice) for n in (0.4, 90, 150, 11_100)] == [
        "0.4 秒",
        "90 秒",
        "2 分 30 秒",
        "3 小时 5 分",
    ]
    assert formatted(12.5, "percent", voice) == "12.5%"
    assert formatted(None, "seconds", voice) == "未知"


def literals(name: str) -> set[str]:
    """Give the texts with which the command line calls a function, as they stand in its source."""
    nodes = (
        node for path in (ROOT / "cli").rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
    calls = (
        node
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )
    given = (each for call in calls for each in (call.args[:1] if name == "labelled" else call.args))
    return {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_label_of_the_views_has_a_chinese_word() -> None:
    templates = (path.read_text(encoding="utf-8") for path in (ROOT / "cli").rglob("*.j2"))
    shaped = {word for text in templates for word in re.findall(r'label\("(.*?)"\)', text)}
    written = shaped | literals("label") | literals("labels") | literals("labelled")
    closed = {state.name for state in STATES.values()} | set(map(str, (*Heading, *Severity)))

    assert sorted((written | closed) - tables(CHINESE)["label"].keys()) == []
