"""The language of the command line: an option before or after the command, else the environment; codes are the same in all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.cli.main import cli
from tests.golden.saved import FROM_THE_LAB, left

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with a run that an older version began."""
    return str(FROM_THE_LAB.put(tmp_path))


def shown(*words: str, **environ: str) -> str:
    """Give what a command prints."""
    done = CliRunner().invoke(
        cli, [*words], env={"MIGRATOR_LANG": "", "LC_ALL": "C.UTF-8", "COLUMNS": "100", **environ}
    )
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("command", ["status", "events", "report", "list", "show"])
def test_a_stored_run_is_shown_in_either_language(command: str, store: str) -> None:
    assert CHINESE.search(shown("--lang", "zh", command, "--store", store))
    assert not CHINESE.search(shown("--lang", "en", command, "--store", store))


def test_the_option_may_stand_after_the_command_and_goes_before_the_environment(store: str) -> None:
    status = ("status", "--store", store)
    chinese = shown("--lang", "zh", *status)

    assert CHINESE.search(chinese)
    for words, environ in (
        ((*status, "--lang", "zh"), {}),
        (("--lang", "en", *status, "--lang", "zh"), {}),
        ((*status, "--lang", "zh"), {"MIGRATOR_LANG": "en"}),
        (status, {"MIGRATOR_LANG": "zh_CN"}),
        (status, {"LC_ALL": "zh_CN.UTF-8"}),
        (status, {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}),
    ):
        assert CHINESE.search(shown(*words, **environ)), (words, environ)
    assert not CHINESE.search(shown(*status))
    assert not CHINESE.search(shown("--lang", "en", *status, LC_ALL="zh_CN.UTF-8"))


@pytest.mark.parametrize("command", ["status", "report", "list", "show", "events"])
def test_the_codes_and_values_of_json_are_the_same_in_every_language(command: str, store: str) -> None:
    """Where a sentence stands in Chinese, English has another sentence; all else is equal, but for what time has changed."""
    english, chinese = (
        json.loads(shown("--lang", language, command, "--store", store, "--output", "json"))
        for language in ("en", "zh")
    )

    def same(one: object, other: object, path: str = "") -> None:
        if isinstance(one, dict) and isinstance(other, dict):
            assert one.keys() == other.keys(), path
            for name in one:
                same(one[name], other[name], f"{path}.{name}")
        elif isinstance(one, list) and isinstance(other, list):
            assert len(one) == len(other), path
            for a, b in zip(one, other, strict=True):
                same(a, b, f"{path}[]")
        elif isinstance(other, str) and CHINESE.search(other):
            assert isinstance(one, str), path
            assert not CHINESE.search(one), path
        elif not isinstance(other, float):
            assert one == other, path

    same(english, chinese)


def test_an_error_is_told_in_chinese_and_its_kind_is_the_same(tmp_path: Path) -> None:
    words = ("status", "--store", str(tmp_path / "none.db"), "--output", "json")
    english, chinese = (CliRunner().invoke(cli, ["--lang", language, *words]) for language in ("en", "zh"))

    assert english.exit_code == chinese.exit_code != 0
    assert json.loads(english.stdout)["error"]["kind"] == json.loads(chinese.stdout)["error"]["kind"]
    assert CHINESE.search(chinese.stderr)
    assert not CHINESE.search(english.stderr)


def test_stored_runs_of_older_versions_can_be_shown_in_chinese(tmp_path: Path) -> None:
    """In every state in which a run can rest."""
    for each in (run for run in left() if run.name.startswith(("rest-", "follow-ended"))):
        store = str(each.put(tmp_path))
        for command in ("status", "report"):
            assert CHINESE.search(shown("--lang", "zh", command, "--store", store)), (each.name, command)


def test_help_loads_no_catalogue() -> None:
    code = (
        "import sys; sys.argv = ['migrator', '--lang', 'zh', '--help']\n"
        "from migrator.cli.main import cli\n"
        "try: cli()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('migrator.wording')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stderr.strip() == "[]"
