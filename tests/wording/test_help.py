"""Help in Chinese: every command and every option has its words, and lines fit where a sign takes two columns."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from migrator.cli.helping.cells import lines_of, width_of
from migrator.cli.helping.zh.commands import BODIES, LINES
from migrator.cli.helping.zh.options import OPTIONS
from migrator.cli.main import COMMANDS, cli


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
