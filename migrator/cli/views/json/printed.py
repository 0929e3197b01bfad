"""Prints values on stdout for programs: one versioned value, or one after the other. In which form is chosen once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from migrator.cli.views.echo import as_json, echo

VERSION = 1


@dataclass(frozen=True, slots=True)
class Form:
    """How values are written: `whole` the one value of a command, `each` one of many."""

    whole: Callable[[Any], str]
    each: Callable[[Any], str]

    def answer(self, **value: Any) -> None:
        """Print the one value of a command."""
        echo(self.whole({"version": VERSION, **value}))

    def line(self, **value: Any) -> None:
        """Print one of many values."""
        echo(self.text_of_line(**value))

    def text_of_line(self, **value: Any) -> str:
        """Return one of many values: a line of JSON, a document of YAML."""
        return self.each({"version": VERSION, **value})


AS_JSON = Form(lambda value: as_json(value, 2), as_json)


def of_yaml() -> Form:
    """Return the form of YAML. Its library is loaded for whoever asks for it."""
    from migrator.cli.views.as_yaml import as_yaml

    return Form(as_yaml, lambda value: f"---\n{as_yaml(value)}")
