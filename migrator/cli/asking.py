"""Asking a person for what a command line leaves out. Where nobody can be asked, everything that is missing is told at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import click

from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.wording import render

T = TypeVar("T")
TRIES = 5
NARROWEST = 20


YES_OR_NO = " [y/N]"
MEANS = {"y": True, "yes": True, "是": True, "": False, "n": False, "no": False, "否": False}
"""What people type, in either language; Enter alone is a no."""


def last_line(question: str, room: int) -> str:
    """Print a question for standard error, wrapped between words, but for its last line: that stands before the answer."""
    from migrator.cli.views.console import console
    from migrator.cli.views.wrap import lines

    terminal = console(err=True)
    *before, last = lines(terminal, question, width=max(NARROWEST, terminal.width - room))
    for line in before:
        terminal.print(line)
    return last.plain


def agrees(question: str) -> bool:
    """Ask a person for a yes or a no, a few times; whoever says neither has not agreed."""
    last = last_line(question, len(f"{YES_OR_NO}: ")) + YES_OR_NO
    for _ in range(TRIES):
        answer = click.prompt(last, default="", show_default=False, err=True)
        if (meant := MEANS.get(answer.strip().lower())) is not None:
            return meant
        click.echo(render(say("usage.yes-or-no")), err=True)
    return False


def agree(question: str) -> None:
    """Ask a person for a yes; what is not one ends the command."""
    if not agrees(question):
        raise click.Abort


@dataclass(slots=True)
class Questions:
    """`people`: somebody sits at the terminal. `missing` are the options that nobody could be asked for."""

    people: bool
    missing: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, ask: bool | None) -> Questions:
        """Give them: as an option says, or else as standard input is a terminal."""
        return cls(sys.stdin.isatty() if ask is None else ask)

    def text(self, option: str, given: str, question: Message, usual: str = "", needed: bool = True) -> str:
        """Return what was given, or answered; what is `usual` where a person only presses Enter, or nobody is there."""
        if given or not (self.people or needed):
            return given or usual
        if self.people:
            last = last_line(render(question), len(usual) + len(" []: "))
            answer = click.prompt(last, default=usual or ("" if not needed else None), err=True)
            return str(answer).strip()
        if not usual:
            self.missing.append(option)
        return usual

    def until(
        self, option: str, given: str, question: Message, read: Callable[[str], T], usual: str = "", needed: bool = True
    ) -> T | None:
        """Return an answer as `read` understands it; a person is asked again, a few times. None: nobody could be asked."""
        for tries_left in range(TRIES - 1, -1, -1):
            answer = self.text(option, given, question, usual, needed)
            if not answer:
                return None
            try:
                return read(answer)
            except UsageError as error:
                if given or not self.people or not tries_left:
                    raise
                click.echo(render(error.message), err=True)
        return None

    def tell(self, words: Message) -> None:
        """Say something to a person before a question."""
        if self.people:
            click.echo(render(words), err=True)

    def require_all(self) -> None:
        """Raise UsageError where something is missing, with every option that gives it."""
        if self.missing:
            raise UsageError(say("init.missing", options=tuple(self.missing)))
