"""Help in Chinese: every command and every option has its words, and lines fit where a sign takes two columns."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from migrator.cli.helping.cells import lines_of, width_of
from migrator.cli.helping.zh.commands import BODIES, LINES
from migrator.cli.helping.zh.examples import REMARKS
from migrator.cli.helping.zh.options import OPTIONS
from migrator.cli.main import COMMANDS, cli
from migrator.cli.wording_en import EXAMPLES


def every(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command but the lab's, whose help is English, by the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command, info_name="migrator")):
            found = command.get_command(click.Context(command, info_name="migrator"), name)
            if found is not None and name != "lab":
                yield from every(found, f"{path} {name}".strip())


EVERY = dict(every(cli))
HELPS = {
    inspect.cleandoc(option.help or "")
    for command in EVERY.values()
    for option in command.params
    if isinstance(option, click.Option) and option.help
}


MADE_FROM = Path(__file__).with_name("help_made_from.json")
"""What the Chinese of each command was made from, as a digest of its English: the line in the list, and the help at length."""


def digest(path: str) -> str:
    """Return the digest of what a command says of itself in English."""
    line = COMMANDS[path][2] if path in COMMANDS else ""
    return sha256(f"{line}\n{inspect.cleandoc(EVERY[path].help or '')}".encode()).hexdigest()[:16]


@pytest.mark.parametrize("path", EVERY)
def test_the_help_of_a_command_in_chinese_is_made_from_the_english_one_as_it_is_now(path: str) -> None:
    made, now = json.loads(MADE_FROM.read_text(encoding="utf-8")), digest(path)

    assert made.get(path) == now, (
        f"the English help of {path or 'migrator'!r} has changed: say the same in migrator/cli/helping/zh/commands.py, then "
        f'write "{path}": "{now}" into {MADE_FROM.name}'
    )
    assert set(made) == set(EVERY)


def test_what_each_example_is_for_is_there_in_chinese_and_nothing_else() -> None:
    said = {what for path, rows in EXAMPLES.items() for what, _ in rows if path.split()[0] != "lab"}

    assert said - REMARKS.keys() == set(), "say it in migrator/cli/helping/zh/examples.py"
    assert REMARKS.keys() - said == set()


def test_examples_in_chinese_say_what_they_are_for() -> None:
    said = CliRunner().invoke(cli, ["--lang", "zh", "release", "--help"]).stdout

    assert "    # 改为删除它\n    migrator release gw-ds-k2x7p --plan edge.yaml --delete\n" in said


def test_the_help_of_every_command_and_option_is_there_in_chinese_and_of_nothing_else() -> None:
    """A new option or command needs its words in migrator/cli/helping/zh."""
    assert HELPS - OPTIONS.keys() == set()
    assert OPTIONS.keys() - HELPS == {"Show this message and exit."}
    assert set(BODIES) == EVERY.keys() - {""}
    assert set(LINES) == {*COMMANDS}


@pytest.mark.parametrize("path", EVERY)
def test_help_in_chinese_fits_a_narrow_terminal(path: str) -> None:
    said = CliRunner().invoke(cli, ["--lang", "zh", *path.split(), "--help"], env={"COLUMNS": "80"}).stdout

    assert [line for line in said.splitlines() if width_of(line) > 80] == []
    assert {"用法：", "显示本帮助并退出。"} <= {word for word in ("用法：", "显示本帮助并退出。") if word in said}
    assert not (path in BODIES and BODIES[path][:8] not in said)


def test_lines_break_between_chinese_signs_and_never_inside_a_word() -> None:
    assert lines_of("把 migrator 的任务，退回旧侧。", 16) == ["把 migrator", "的任务，退回", "旧侧。"]
    assert lines_of("one\ntwo\n三", 80) == ["one two三"]
    assert width_of("权重 0") == 6
