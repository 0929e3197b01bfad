"""Every command's help ends in examples, each of which can be typed as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from migrator.cli.main import cli
from migrator.cli.wording_en import EXAMPLES

ROOT = Path(__file__).parents[2]
OURS = re.compile(r"migrator ([^|>&;)]*)")
"""Our own words of a command line: up to what belongs to the shell."""


def every(group: click.Group, above: click.Context) -> Iterator[str]:
    """Give every command and group by the words one types."""
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        context = click.Context(command, parent=above, info_name=name)
        path = " ".join(context.command_path.split()[1:])
        yield path
        if isinstance(command, click.Group):
            yield from every(command, context)


PATHS = list(every(cli, click.Context(cli, info_name="migrator")))  # type: ignore[arg-type]  # the decorated function is a group


def test_there_are_examples_of_every_command_and_of_nothing_else() -> None:
    assert set(EXAMPLES) == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_the_help_of_a_command_ends_in_its_examples(path: str) -> None:
    shown = CliRunner().invoke(cli, [*path.split(), "--help"]).stdout
    typed = re.sub(r" \\\n +", " ", shown)  # a long one goes on in the next line, as a shell reads it

    assert [command for _, command in EXAMPLES[path] if f"  {command}\n" not in typed] == []
    assert "  # " in shown


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(path, line, id=line) for path, rows in EXAMPLES.items() for _, line in rows]
)
def test_an_example_can_be_typed(path: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = OURS.search(command)
    assert found is not None
    words = shlex.split(found[1])
    group, context = cli, click.Context(cli, info_name="migrator")

    for name in path.split():
        assert isinstance(group, click.Group)
        assert words[0] == name or isinstance(group.get_command(context, name), click.Group)
        inner = group.get_command(context, words.pop(0))
        assert inner is not None
        group, context = inner, inner.make_context(name, list(words), parent=context)  # raises for what cannot be typed
        words = [*context._protected_args, *context.args] if isinstance(inner, click.Group) else words


def test_the_plugin_of_kubectl_shows_itself_in_its_examples() -> None:
    shown = CliRunner().invoke(cli, ["list", "--help"], prog_name="kubectl migrator").stdout

    assert "  kubectl migrator list\n" in shown


@pytest.mark.parametrize(("typed", "meant"), [(("lab", "dmeo"), "demo"), (("lab", "fault", "lst"), "list")])
def test_a_mistyped_command_of_a_group_is_answered_with_the_one_that_was_meant(
    typed: tuple[str, ...], meant: str
) -> None:
    done = CliRunner().invoke(cli, typed)

    assert done.exit_code == 2
    assert f"Did you mean '{meant}'?" in done.stderr
