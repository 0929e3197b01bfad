"""Facts of a run as indented lines: what is so, and, with a mark, what is wrong. They wrap beneath themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.can import can
from migrator.cli.views.console import is_piped
from migrator.cli.views.style import LOUD, WORRY
from migrator.cli.views.wrap import lines
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from migrator.app.inspect.status import Status


WRONG = "  ! "
MOST = 6
"""Troubles that a screen shows; `status` has all of them."""


class Fold(IntEnum):
    """How early a screen without room leaves a fact out: the greatest first."""

    NEVER = 0
    LATE = 1
    SOON = 2
    FIRST = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """Words after a mark, which is also their indent."""

    words: Text
    mark: str = "  "
    fold: Fold = Fold.NEVER


def fact(*parts: str | tuple[str, str], style: str = "", fold: Fold = Fold.NEVER) -> Fact:
    """Return what is so; a part may have a style, and so may all of it."""
    return Fact(Text.assemble(*parts, style=style), fold=fold)


def trouble(words: str) -> Fact:
    """Return what is wrong outside, with a mark for who sees no colours."""
    return Fact(Text(words, style=WORRY), WRONG)


def loud(words: str) -> Fact:
    """Return what somebody has to act on."""
    return Fact(Text(words, style=LOUD))


def you_can(status: Status) -> list[Fact]:
    """Return what a person can type now."""
    typed = tuple(f"migrator {command} {status.run.id}" for command in can(status))
    return [fact(render(say("shown.you-can", commands=typed)))] if typed else []


def folded(facts: Sequence[Fact], run: int) -> list[Fact]:
    """Return the facts with the first troubles alone, and where the others are: a screen has room for so many."""
    shown, left = list[Fact](), MOST
    more = sum(row.mark == WRONG for row in facts) - MOST
    for row in facts:
        left -= row.mark == WRONG
        if row.mark != WRONG or left >= 0:
            shown.append(row)
        elif left == -1:
            shown.append(fact(render(say("shown.more-differences", more=more, run=run))))
    return shown


def fitting(facts: Sequence[Fact], console: Console, width: int, high: int) -> tuple[list[Text], int]:
    """Return the lines of the facts that `high` lines have room for, and how many lines were left out: first those of what
    matters least now. What must never be left out may still be too much."""
    blocks = [(row.fold, lines(console, row.words, len(row.mark), row.mark, width)) for row in facts]
    order = sorted((at for at, (fold, _) in enumerate(blocks) if fold), key=lambda at: (-blocks[at][0], -at))
    gone, left = set[int](), sum(len(block) for _, block in blocks)
    for at in order:
        if left + bool(gone) <= high:
            break
        gone.add(at)
        left -= len(blocks[at][1])
    kept = [line for at, (_, block) in enumerate(blocks) if at not in gone for line in block]
    return kept, sum(len(blocks[at][1]) for at in gone)


def drawn(facts: Sequence[Fact], console: Console, width: int) -> list[Text]:
    """Return the lines of facts, wrapped to the width; a line each in a file or a pipe."""
    if is_piped(console):
        return [Text(row.mark) + row.words for row in facts]
    return [line for row in facts for line in lines(console, row.words, len(row.mark), row.mark, width)]
