"""A first plan file as its text: every key with its meaning and what was found, and as comments what is often changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import yaml

from migrator.app.begin.draft import OFTEN
from migrator.app.begin.writing import SCHEMA
from migrator.cli.views.as_yaml import Blocks, as_yaml
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json
from migrator.wording import render
from migrator.wording.keys import meanings

if TYPE_CHECKING:
    from migrator.app.begin.draft import Draft

WIDTH = 110
SERVER = f"# yaml-language-server: $schema={SCHEMA}"
"""By this line editors know which schema the file keeps to."""


def text(draft: Draft) -> str:
    """Return the whole file. What is a comment in it is no part of the plan."""
    content = draft.content()
    spec = content.pop("spec")
    assert isinstance(spec, dict)
    head = [SERVER, *_comment(render(say("init.head", name=draft.source)), ""), as_yaml(content), "", "spec:"]
    parts = [[*_lines({key: part}, "spec", "  ", draft.found), ""] for key, part in spec.items()]
    often = _comment(render(say("init.often")), "  ")
    usual = [f"  # {line}" for line in _lines(dict(OFTEN), "spec", "", {})]
    return "\n".join([*head, *(line for part in parts for line in part), *often, *usual]) + "\n"


def _lines(part: Mapping[str, Json], path: str, indent: str, found: Mapping[str, Message]) -> Iterator[str]:
    known = meanings()
    for key, value in part.items():
        at = f"{path}.{key}"
        words = [known[at]] if at in known else []
        words += [render(found[at])] if at in found else []
        notes = [line for each in words for line in _comment(each, indent)]
        if isinstance(value, dict) and any(f"{at}.{inner}" in known for inner in value):
            yield from (*notes, f"{indent}{key}:")
            yield from _lines(value, at, f"{indent}  ", found)
        else:
            yield from (*notes, *(f"{indent}{line}" for line in _plain({key: value}).splitlines()))


def _plain(pair: Mapping[str, Json]) -> str:
    """Return one key: a list of maps with an item on each line, anything else on one line."""
    ((key, value),) = pair.items()
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "\n".join([f"{key}:", *(f"  - {_flow(item)}" for item in value)])
    return f"{key}: {_flow(value)}"


def _flow(value: Json) -> str:
    dumped = yaml.dump(
        value, Dumper=Blocks, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1 << 16
    )
    return str(dumped).removesuffix("...\n").rstrip("\n")


def _comment(words: str, indent: str) -> list[str]:
    lead = f"{indent}# "
    return textwrap.wrap(
        in_a_line(words),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )
