"""Writes a value as YAML that says exactly what its JSON says, to whichever version of YAML reads it.

It holds no character that a terminal would obey, and no text that some reader would take for a number or a yes.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from migrator.cli.views.echo import as_json
from migrator.domain.messages.foreign import OBEYED

WIDEST = 1 << 16
"""Lines are as long as they are: whoever greps a value finds it on one line."""

ENDS = "\n...\n"
"""How a document that is a single value ends. Its mark is no part of the value."""

_LIKE_ANOTHER = re.compile(r"[-+.]?[0-9][0-9a-fA-FxXoO_.:+-]*|y|n|Y|N")
"""A text that YAML 1.1 or 1.2 takes for a number (an id such as 3e12), or for a yes or a no, unless it stands in quotes."""


Blocks: type[yaml.SafeDumper] = type("Blocks", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {})
"""Writes a text of several lines as the lines that it has, and in quotes what might be taken for something else. Where
PyYAML was built with its library in C, that is used: a plan of a thousand nodes takes seconds less."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "'" if _LIKE_ANOTHER.fullmatch(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Blocks.add_representer(str, _text)


def as_yaml(value: Any) -> str:
    """Return the text without its last line feed, which whoever prints it adds: others at its end are a value's."""
    plain = json.loads(as_json(value))  # tuples and enumerations as what JSON makes of them
    text = _dumped(plain, is_readable=True)
    return _dumped(plain, is_readable=False) if OBEYED.search(text) else text


def _dumped(plain: Any, is_readable: bool) -> str:
    """Return the text; where it is not to be readable at any price, whatever is not ASCII is escaped."""
    text = yaml.dump(plain, Dumper=Blocks, sort_keys=False, allow_unicode=is_readable, width=WIDEST)
    whole = str(text)
    return (whole[:-4] if whole.endswith(ENDS) else whole).removesuffix("\n")
