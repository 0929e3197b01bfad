"""`--output yaml` says what `--output json` says, to every reader of YAML, and nothing that a terminal would obey."""

from __future__ import annotations

import json
from enum import StrEnum

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as some

from migrator.app.plan.keys import published
from migrator.cli.main import cli
from migrator.cli.views.as_yaml import as_yaml
from migrator.cli.views.view import HUMAN, JSON, YAML, asked_for
from migrator.domain.messages.foreign import OBEYED

SCALARS = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text()
)
VALUES = some.recursive(
    SCALARS, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4)
)


@given(VALUES)
@example("\n")
@example({"a": "b\n\n"})
@example("a\n...\n")
@example(["a\n..."])
def test_any_value_is_read_back_as_it_was_and_nothing_in_it_is_obeyed(value: object) -> None:
    text = as_yaml(value) + "\n"  # as it is printed

    assert yaml.safe_load(text) == value
    assert not OBEYED.search(text)


@pytest.mark.parametrize("text", ["3e12", "0o17", "1_000", "12:30", "y", "N", "0x1f", "+1", ".5"])
def test_a_text_that_some_reader_takes_for_something_else_stands_in_quotes(text: str) -> None:
    assert as_yaml({"id": text}) == f"id: '{text}'"


def test_an_enumeration_and_a_tuple_are_written_as_in_json() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert as_yaml({"colours": (Colour.RED,)}) == "colours:\n- red"


def test_a_refusal_is_yaml_too() -> None:
    done = CliRunner().invoke(cli, ["explain", "spec.nothing", "--output", "yaml"])

    assert done.exit_code == 2
    assert yaml.safe_load(done.stdout)["error"]["kind"] == "usage-error"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("status", "--output", "yaml"), YAML),
        (("status", "--output=json"), JSON),
        (("status",), HUMAN),
        (("status", "--output", "human"), HUMAN),
    ],
)
def test_the_view_of_a_command_line_that_could_not_be_read_is_known_by_its_words(
    words: tuple[str, ...], wanted: str
) -> None:
    assert asked_for(words) == wanted


def test_version_names_what_is_read_and_written() -> None:
    found = json.loads(CliRunner().invoke(cli, ["version", "--output", "json"]).stdout)["versions"]

    assert found["store"] == found["stores"][-1]
    assert found["plan_file"] == published()["properties"]["apiVersion"]["const"]
    assert found["python"].startswith("3.")
