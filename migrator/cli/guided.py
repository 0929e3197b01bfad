"""A group of commands that guides: a mistyped command is answered with the one that was meant, and help ends in examples."""

from __future__ import annotations

import importlib
from copy import copy

import click

from migrator.cli.helping.language import ENGLISH, WANTED
from migrator.cli.helping.nearest import nearest
from migrator.cli.helping.usage import Context, bodied, headed, remarked

EXAMPLES_IN = "en"
WIDEST = 72
"""Columns of an example, without its indent and the sign that it goes on."""

WORDS = "migrator.cli.wording_{language}"


class Guided(click.Group):
    """Gives what every group of ours has in common. Nothing here runs a command."""

    context_class = Context

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its examples."""
        command = self.loaded(ctx, cmd_name)
        if command is None:
            return None
        path, language = " ".join((*typed(ctx), cmd_name)), ctx.meta.get(WANTED, ENGLISH)
        command = copy(command)
        command.context_class = Context
        command.epilog = shown(path, program(ctx), language)
        command.help = bodied(path, language) or command.help
        return command

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the group is."""
        body = None if typed(ctx) else bodied("", ctx.meta.get(WANTED, ENGLISH))
        super(Guided, copied(self, body or self.help)).format_help_text(ctx, formatter)

    def loaded(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command as it is."""
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first word; a word that is none is answered with the one that was probably meant."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and (meant := nearest(name, known)):
            from migrator.domain.messages.message import say
            from migrator.wording import render

            ctx.fail(render(say("usage.no-such-command", command=name, meant=tuple(f"'{word}'" for word in meant))))
        return super().resolve_command(ctx, args)


def copied(group: Guided, words: str | None) -> Guided:
    """Return a group with another help."""
    other = copy(group)
    other.help = words
    return other


def typed(ctx: click.Context | None) -> tuple[str, ...]:
    """Return the words that lead to a group, without the program's own name."""
    return () if ctx is None or ctx.parent is None else (*typed(ctx.parent), ctx.info_name or "")


def program(ctx: click.Context | None) -> str:
    """Return how the program was called: `migrator`, or as a plugin of kubectl."""
    name = (ctx.find_root().info_name or "") if ctx is not None else ""
    return name if name.endswith(" migrator") else "migrator"


def shown(path: str, called: str = "migrator", language: str = ENGLISH) -> str | None:
    """Return the examples of a command as the end of its help; None where it has none."""
    words = importlib.import_module(WORDS.format(language=EXAMPLES_IN))
    rows = words.EXAMPLES.get(path, ())
    lines = [
        line
        for what, command in rows
        for line in (f"  # {remarked(what, language)}", *(f"  {each}" for each in broken(_called(command, called))))
    ]
    return "\n".join(("\b", headed(words.HEADING, language), *lines)) if lines else None


def broken(command: str) -> list[str]:
    """Return a command in lines that fit a narrow terminal and can be typed as they stand: broken before its options."""
    first, *options = command.split(" --")
    lines = [first]
    for option in options:
        if len(lines[-1]) + len(f" --{option}") <= WIDEST:
            lines[-1] += f" --{option}"
        else:
            lines[-1] += " \\"
            lines.append(f"    --{option}")
    return lines


def _called(command: str, called: str) -> str:
    return command if called == "migrator" else command.replace("migrator ", f"{called} ", 1)
