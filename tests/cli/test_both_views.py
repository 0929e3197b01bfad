"""Every command can show its values to people and to programs, and which of the two is chosen in one place."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from migrator.cli.main import cli
from migrator.cli.views.human import journeys as human_journeys
from migrator.cli.views.human.view import HumanView
from migrator.cli.views.json import journeys as json_journeys
from migrator.cli.views.json.view import JsonView
from migrator.cli.views.view import HUMAN, JSON, YAML, View, chosen
from migrator.domain.turn.journeys import JOURNEYS
from tests.cli.samples import SHOWN, World, world

CLI = Path(__file__).parents[2] / "migrator" / "cli"
METHODS = {name for name, _ in inspect.getmembers(View, inspect.isfunction) if not name.startswith("_")}
BEFORE_A_QUESTION = {"aimed", "brief", "leftover", "offer", "awaiting", "remark"}
"""What is shown before a question, or before there is anything to show, has no JSON: it is for whoever answers, on stderr
where stdout is a program's."""

AS_LONG_AS_THEY_ARE = {
    "events",
    "events --follow",
    "follow",
    "follow --print-manifests",
    "manifests",
    "rbac",
    "rollback --by-hand",
    "error",
    "lab status",
    "verify --matrix",
}
"""Lines of a log, YAML that kubectl reads, commands to copy, and what goes to stderr: nobody breaks them."""

WITHOUT_A_VIEW = {
    "schema",
    "completion",
    "farewell",
    "lab endings",
    "lab demo",
    "lab compare",
    "lab soak",
    "lab stories",
} | {
    "lab fault route",
    "lab fault table",
}
"""`schema` is JSON itself, `completion` a script, `lab fault route` a plan file; the stories of the lab are for people, and
write their account to a file."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


class Recorder:
    """A view that shows nothing and remembers what it was asked to show."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.names.add(name)
        return self._shower if name in ("live", "watching") else lambda *_: None

    @contextmanager
    def _shower(self, *_: object) -> Iterator[Callable[..., None]]:
        yield lambda *_: None


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Give every command by the words one types."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def test_the_samples_show_everything_that_a_view_can_show(shown: World) -> None:
    recorder = Recorder()
    for show in SHOWN.values():
        show(shown, recorder)  # type: ignore[arg-type]  # it answers to every name

    assert recorder.names == METHODS - BEFORE_A_QUESTION


@pytest.mark.parametrize("command", SHOWN)
def test_a_command_shows_words_to_people_and_one_value_to_programs(
    command: str, shown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    SHOWN[command](shown, chosen(HUMAN))
    human = capsys.readouterr()
    SHOWN[command](shown, chosen(JSON))
    program = capsys.readouterr()

    assert (human.out + human.err).strip()
    assert not (human.out + human.err).startswith("{")
    assert json.loads(program.out)


@pytest.mark.parametrize("command", SHOWN)
def test_a_command_says_the_same_in_yaml_as_in_json(
    command: str, shown: World, capsys: pytest.CaptureFixture[str]
) -> None:
    SHOWN[command](shown, chosen(JSON))
    of_json = json.loads(capsys.readouterr().out)
    SHOWN[command](shown, chosen(YAML))
    of_yaml = list(yaml.safe_load_all(capsys.readouterr().out))

    assert of_yaml == [of_json]


@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize("command", sorted(SHOWN.keys() - AS_LONG_AS_THEY_ARE))
def test_words_for_people_fit_the_terminal_and_none_is_cut(
    command: str, columns: int, shown: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    SHOWN[command](shown, chosen(HUMAN))
    lines = capsys.readouterr().out.splitlines()

    assert [line for line in lines if len(line.rstrip()) > columns or "…" in line] == []


def test_both_views_have_every_method_and_none_that_the_other_lacks() -> None:
    for view in (HumanView, JsonView):
        assert {name for name in vars(view) if not name.startswith("_")} == METHODS


def test_every_command_lets_its_view_be_chosen() -> None:
    without = {
        words
        for words, command in commands(cli)  # type: ignore[arg-type]  # the decorated function is a group
        if not any("--output" in parameter.opts for parameter in command.params)
    }

    assert without == WITHOUT_A_VIEW


def test_the_choice_of_a_view_is_made_in_one_module() -> None:
    asking = {
        str(file.relative_to(CLI))
        for file in CLI.rglob("*.py")
        if '"json"' in file.read_text(encoding="utf-8") or "== JSON" in file.read_text(encoding="utf-8")
    }

    assert asking == {"views/view.py"}


def test_every_journey_has_what_shows_it_in_both_views() -> None:
    wanted = {journey.view for journey in JOURNEYS.values()}

    assert wanted <= human_journeys.VIEWS.keys()
    assert human_journeys.VIEWS.keys() == json_journeys.VIEWS.keys()
