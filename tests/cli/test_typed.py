"""What is said of a command line that is not understood, in each language; and questions that are wrapped between words."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from migrator.adapters.planfile.allowed import schema
from migrator.cli.asking import last_line
from migrator.cli.guided import shown
from migrator.cli.helping.nearest import distance, nearest
from migrator.cli.main import COMMANDS, cli
from migrator.cli.views.wrap import whole
from migrator.cli.wording_en import EXAMPLES
from migrator.domain.messages.message import say
from migrator.wording import render
from migrator.wording.catalogue import catalogue
from migrator.wording.language import CHINESE
from migrator.wording.times import clock, moment, told

NAMES = list(COMMANDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lnit", ("init", "lint")),
        ("stauts", ("status",)),
        ("aprove", ("approve",)),
        ("rolback", ("rollback",)),
        ("PAUSE", ("pause",)),
        ("wholly-else", ()),
    ],
)
def test_a_mistyped_command_is_answered_with_all_that_are_nearest(typed: str, meant: tuple[str, ...]) -> None:
    assert nearest(typed, NAMES) == meant


def test_letters_that_are_wrong_missing_too_many_or_exchanged_are_counted() -> None:
    assert [
        distance(*pair) for pair in (("run", "run"), ("lint", "init"), ("lnit", "lint"), ("", "run"), ("runs", "run"))
    ] == [*(0, 2, 1, 3, 1)]
    assert nearest("x", ()) == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("lnit",), "usage.no-such-command"),
        (("run", "--helpme"), "usage.no-such-option"),
        (("explain",), "usage.missing"),
        (("status", "--output", "paper"), "usage.not-one-of"),
        (("status", "--store"), "usage.needs-a-value"),
        (("plan",), "usage.file-or-reverse"),
        (("set", "nothing"), "usage.one-pair"),
    ],
)
def test_an_error_of_usage_is_said_in_the_language_that_is_asked_for(words: tuple[str, ...], code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrator", "--lang", "zh", *words], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 2
    assert done.stderr.startswith(("用法：", "错误："))
    assert render(say("usage.error", why=""), CHINESE) in done.stderr
    text = catalogue(CHINESE).text(code)
    assert text is not None
    assert max(text.split("{")[0].split("[")[0].split("“"), key=len) in done.stderr


def test_headings_of_help_are_in_the_language_that_is_asked_for() -> None:
    said = CliRunner().invoke(cli, ["pause", "--lang", "zh", "--help"]).stdout
    whole = CliRunner().invoke(cli, ["--lang", "zh", "--help"]).stdout

    assert said.startswith("用法：")
    assert "选项:" in said or "选项" in said
    assert "示例" in said
    assert "命令" in whole
    assert CliRunner().invoke(cli, ["--help"]).stdout.startswith("Usage: ")


def test_what_a_key_may_hold_is_said_in_every_language() -> None:
    def described(node: object) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(described, node))
        if not isinstance(node, dict):
            return set()
        own = (
            {str(node["description"])} if "description" in node and node.get("type") in ("string", "number") else set()
        )
        return own.union(*map(described, node.values()))

    known = catalogue(CHINESE).words["allowed"]
    assert described(schema()) - known.keys() == set()


def test_a_question_is_wrapped_between_words_before_its_last_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = "Make a lab there: namespaces istio-gateways and app, and nodes?"
    last = last_line(words, 8)
    before = capsys.readouterr().err.splitlines()

    assert " ".join((*before, last)).split() == words.split()
    assert max(map(len, (*before, last))) <= 32


def test_people_are_shown_their_own_clock_with_its_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 3, 1, 18, 30, 5, tzinfo=UTC)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert (clock(at), moment(at)) == ("02:30:05 UTC+08:00", "2026-03-02 02:30:05 UTC+08:00")
        assert told("2026-03-01 18:30:05 UTC") == told("2026-03-01T18:30:05Z") == "2026-03-02 02:30:05 UTC+08:00"
        assert told("2026-03-01 18:30:05") == "2026-03-01 18:30:05"
        assert told("now") == "now"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert clock(at) == "18:30:05 UTC"


@pytest.mark.parametrize("path", EXAMPLES)
def test_examples_fit_a_narrow_terminal_and_can_be_typed_as_they_stand(path: str) -> None:
    said = (shown(path) or "").splitlines()
    typed = "\n".join(said).replace("\\\n", "")

    assert [line for line in said if len(line) > 78] == []
    assert all(" ".join(command.split()) in " ".join(typed.split()) for _, command in EXAMPLES[path])


def test_a_refusal_is_wrapped_on_a_terminal_and_no_path_in_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/a/very" * 20
    words = f"The store {path} is older than this program, which brings it up to date when it is written.\n  next line"
    monkeypatch.setenv("COLUMNS", "80")
    narrow = whole(words)
    monkeypatch.delenv("COLUMNS")

    assert [line for line in narrow.splitlines() if len(line) > 80] == [path]
    assert narrow.split() == words.split()
    assert narrow.splitlines()[-1] == "  next line"
    assert whole(words) == words
