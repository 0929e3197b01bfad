"""A code for people: what it means, its own words, what to do, and the pages that say more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.human.plan import keys
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import say
from migrator.wording import label, labelled, render
from migrator.wording.quoted import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from migrator.app.plan.codes import Explained, Meaning
    from migrator.wording.pages import Entry


def explained(found: Explained) -> None:
    """Print what a word means as a key of the plan file, and as a code."""
    if found.key is not None:
        keys.show(found.key)
    if found.code is not None:
        show(found.code)


def show(meaning: Meaning) -> None:
    """Print it."""
    console = our_console()
    grades = ", ".join(label(grade) for grade in meaning.severities)
    console.print(Text.assemble((meaning.code, "bold"), f"  {grades}".rstrip()))
    for words in meaning.paragraphs:
        wrapped(console, words, 2)
    if meaning.effect:
        wrapped(console, Text.assemble((labelled("for traffic", ""), "bold"), render(meaning.effect)), 2)
    for name, words in _own(meaning):
        wrapped(console, Text.assemble((labelled(name, ""), "bold"), words), 2)
    for entry in meaning.runbook:
        _entry(console, entry)
    if meaning.waivable:
        wrapped(console, render(say("explain.waive", code=meaning.code)), 2)
    if meaning.pages:
        wrapped(console, labelled("more", ", ".join(meaning.pages)), 2)


def _own(meaning: Meaning) -> Iterator[tuple[str, str]]:
    """Yield its own words, unless the runbook quotes them below."""
    quotes = {words for entry in meaning.runbook for _, words in entry.cells}
    for name, words in (("it says", meaning.says), ("do", meaning.remedy)):
        if words and words not in quotes:
            yield name, words


def _entry(console: Console, entry: Entry) -> None:
    wrapped(console, Text(f"{label('runbook')}{label(': ')}{entry.heading}", style="bold"), 2)
    for name, words in (*entry.cells, (label("for traffic"), entry.traffic)):
        if words not in ("", LEFT_OUT):
            wrapped(console, Text.assemble((f"{name}{label(': ')}", "bold"), words), 4)
