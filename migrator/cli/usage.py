"""What click says of a command line that it does not understand, and its headings of help, in the language that is spoken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from migrator.wording.language import ENGLISH, speak, spoken, wanted

if TYPE_CHECKING:
    from migrator.domain.messages.message import Message


def headed(word: str) -> str:
    """Return a heading of help; English is what it is, so that `--help` loads no texts for it."""
    if spoken() == ENGLISH:
        return word
    from migrator.wording import label

    return label(word)


def speak_early(words: Sequence[str]) -> None:
    """Speak what a command line asks for before it is parsed: what is wrong with it has to be said in that language too."""
    asked = None
    for at, word in enumerate(words):
        name, parted, value = word.partition("=")
        if name == "--lang":
            asked = value if parted else next(iter(words[at + 1 :]), None)
    speak(wanted(asked, os.environ))


class Formatter(click.HelpFormatter):
    """Help with headings in the language that is spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is typed."""
        super().write_usage(prog, args, f"{headed('Usage')}{headed(': ')}" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        super().write_heading(headed(heading))


class Context(click.Context):
    """A context whose help has such headings."""

    formatter_class = Formatter


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
