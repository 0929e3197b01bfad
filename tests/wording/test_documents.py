"""What the documents tell people to type can be typed, their YAML can be read, and their plan files are plan files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from migrator.adapters.planfile.read import read
from migrator.cli.main import COMMANDS as EVERY_COMMAND
from tests.app.plan import keys_page
from tests.wording.typed import type_it

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"(?:^|[|;&] *)(?:\.venv/bin/|kubectl )?migrator ([^|>&;#\n]*)")
"""Our own words of a command line: up to what belongs to the shell, or a comment."""

SHELL = ("", "sh", "bash", "console")


def fences(page: Path, *kinds: str) -> Iterator[str]:
    yield from (text for kind, text in FENCE.findall(page.read_text(encoding="utf-8")) if kind in kinds)


def lines() -> Iterator[tuple[str, str]]:
    """Give every command line of ours in a shell's fence, with its page."""
    for page in PAGES:
        for text in fences(page, *SHELL):
            for line in text.splitlines():
                yield from ((page.name, found.strip()) for found in OURS.findall(line.split("   ")[0]))


COMMANDS = sorted(set(lines()))
BLOCKS = [(page.name, text) for page in PAGES for text in fences(page, "yaml")]


@pytest.mark.parametrize("command", [pytest.param(line, id=f"{page}: {line}") for page, line in COMMANDS])
def test_a_command_in_the_documents_can_be_typed(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    type_it(shlex.split(command))


@pytest.mark.parametrize("text", [pytest.param(text, id=f"{page} {at}") for at, (page, text) in enumerate(BLOCKS)])
def test_yaml_in_the_documents_can_be_read(text: str) -> None:
    found = list(yaml.safe_load_all(text))

    assert found
    if any(isinstance(each, dict) and each.get("apiVersion") == "migrator/v1" for each in found):
        read(text)


@pytest.mark.parametrize("line", ["paln FILE", "plan --nope", "lab fault no", "plan one.yaml two.yaml"])
def test_what_cannot_be_typed_is_noticed(line: str) -> None:
    with pytest.raises(click.UsageError):
        type_it(line.split())


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/zh/commands.md"])
def test_the_page_of_commands_has_every_command(page: str) -> None:
    named = set(re.findall(r"`(?:migrator )?([a-z-]+)", (ROOT / page).read_text(encoding="utf-8")))

    assert EVERY_COMMAND.keys() - named == set()


def test_there_are_commands_and_yaml_to_try() -> None:
    assert len(COMMANDS) > 30
    assert len(BLOCKS) > 5


def test_the_page_of_keys_is_drawn_from_the_schema() -> None:
    assert keys_page.PAGE.read_text(encoding="utf-8") == keys_page.page(), "run python -m tests.app.plan.keys_page"
