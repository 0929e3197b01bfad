"""What click says of a command line that it does not understand, and its headings of help, in the language that is spoken."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from migrator.cli.helping.cells import lines_of
from migrator.cli.helping.language import ENGLISH, WANTED

if TYPE_CHECKING:
    from migrator.domain.messages.message import Message


DEFAULTS = re.compile(r"(.*?)(  \[[^\[\]]*\])?", re.DOTALL)
"""What an option means, and behind it what click adds: its default, or that it is required."""


def headed(word: str, language: str) -> str:
    """Return a heading of help in a language; English is what it is."""
    if language == ENGLISH:
        return word
    headings: dict[str, str] = importlib.import_module(f"migrator.cli.helping.wording_{language}").HEADINGS
    return headings.get(word, word)


def meant(words: str, language: str) -> str:
    """Return what an option or a command means, with what click puts behind it in brackets; English where there is no other."""
    found = DEFAULTS.fullmatch(words)
    text, extra = (found[1], found[2] or "") if found else (words, "")
    words_of = importlib.import_module(f"migrator.cli.helping.{language}.options")
    for english, other in words_of.EXTRAS.items():
        extra = extra.replace(english, other)
    said: str = words_of.OPTIONS.get(text, text)
    return said + extra


def bodied(path: str, language: str) -> str | None:
    """Return the help of a command by the words that lead to it; None for English, and for what is English alone."""
    if language == ENGLISH:
        return None
    words = importlib.import_module(f"migrator.cli.helping.{language}.commands")
    found: str | None = words.BODIES.get(path) if path else words.ROOT
    return found


def in_a_line(name: str, english: str, language: str) -> str:
    """Return what a command does, for the list of commands."""
    if language == ENGLISH:
        return english
    lines: dict[str, str] = importlib.import_module(f"migrator.cli.helping.{language}.commands").LINES
    return lines.get(name, english)


def remarked(what: str, language: str) -> str:
    """Return what an example is for; English where there is no other."""
    if language == ENGLISH:
        return what
    remarks: dict[str, str] = importlib.import_module(f"migrator.cli.helping.{language}.examples").REMARKS
    return remarks.get(what, what)


class Formatter(click.HelpFormatter):
    """Help with headings in a language."""

    language = ENGLISH

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is typed."""
        super().write_usage(prog, args, headed("Usage: ", self.language) if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(headed(heading, self.language))

    def write_text(self, text: str) -> None:
        """Write paragraphs; what begins with a mark (\\b) stays as it is."""
        if self.language == ENGLISH:
            return super().write_text(text)
        room = self.width - self.current_indent
        for number, part in enumerate(text.split("\n\n")):
            lines = part[2:].splitlines() if part.startswith("\b\n") else lines_of(part, room)
            self.write("\n" * bool(number) + "".join(f"{' ' * self.current_indent}{line}\n" for line in lines))
        return None

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names and what each means."""
        if self.language == ENGLISH:
            return super().write_dl(rows, col_max, col_spacing)
        rows = list(rows)
        column = min(max(len(name) for name, _ in rows), col_max) + col_spacing
        indent = " " * (self.current_indent + column)
        for name, words in rows:
            lines = lines_of(meant(words, self.language), max(20, self.width - len(indent)))
            fits = len(name) <= column - col_spacing
            first = f"{' ' * self.current_indent}{name}"
            self.write(f"{first:<{len(indent)}}{lines[0]}\n" if fits else f"{first}\n{indent}{lines[0]}\n")
            self.write("".join(f"{indent}{line}\n" for line in lines[1:]))
        return None


class Context(click.Context):
    """A context whose help has headings in the language that its command line asks for."""

    formatter_class = Formatter

    def make_formatter(self) -> click.HelpFormatter:
        """Give the formatter of its help."""
        formatter = super().make_formatter()
        if isinstance(formatter, Formatter):
            formatter.language = self.meta.get(WANTED, ENGLISH)
        return formatter


def told(error: click.ClickException) -> str:
    """Return all that is said on stderr of an error of usage: how the command is typed, where help is, what is wrong."""
    from migrator.domain.messages.message import say
    from migrator.wording import render

    context = error.ctx if isinstance(error, click.UsageError) else None
    lines = []
    if context is not None:
        lines.append(context.get_usage())
        option = next(iter(context.help_option_names), "--help")
        lines.append(render(say("usage.try", command=context.command_path, option=option)) + "\n")
    lines.append(render(say("usage.error", why=why(error))))
    return "\n".join(lines)


def why(error: click.ClickException) -> str:
    """Return what is wrong."""
    from migrator.wording import render

    found = _known(error)
    return error.format_message() if found is None else render(found)


def _known(error: click.ClickException) -> Message | None:
    """Return the message of an error of click's; None for one that has words of its own."""
    from migrator.domain.messages.message import say

    match error:
        case click.NoSuchOption():
            meant = tuple(sorted(error.possibilities or ()))
            return say("usage.no-such-option", option=error.option_name, meant=meant or None)
        case click.MissingParameter():
            hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "")
            return say("usage.missing", what=hint if isinstance(hint, str) else " / ".join(hint))
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.Choice) and error.param:
            choices = tuple(str(each) for each in error.param.type.choices)  # type: ignore[attr-defined]  # a Choice has them
            hint = error.param.get_error_hint(error.ctx) if error.ctx else error.param.name or ""
            return say("usage.not-one-of", what=hint, choices=choices)
        case click.BadOptionUsage():
            return say("usage.needs-a-value", option=error.option_name)
        case _:
            return None
