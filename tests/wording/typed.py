"""Types a command line as a person would, without carrying it out: every word must be one that the program knows."""

from __future__ import annotations

from collections.abc import Sequence

import click

from migrator.cli.main import cli


def type_it(words: Sequence[str]) -> str:
    """Parse the words after `migrator`; give the command's path. Raise click's error for what cannot be typed."""
    group: click.Command = cli
    context, left, path = click.Context(cli, info_name="migrator"), list(words), []
    while isinstance(group, click.Group):
        if not left or left[0].startswith("-"):
            group.make_context("migrator", list(left), resilient_parsing=False)
            break
        name = left.pop(0)
        inner = group.get_command(context, name)
        if inner is None:
            raise click.UsageError(f"no such command: {name}")
        path.append(name)
        group, context = inner, inner.make_context(name, list(left), parent=context)
        left = [*context._protected_args, *context.args] if isinstance(inner, click.Group) else []
    return " ".join(path)
