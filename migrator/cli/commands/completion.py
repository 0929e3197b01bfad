"""`completion`: the script by which a shell completes commands, runs, plans, codes and keys."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script of SHELL, for its start-up file."""
    from click.shell_completion import get_completion_class

    from migrator.cli.main import cli

    of_shell = get_completion_class(shell)
    assert of_shell is not None
    click.echo(of_shell(cli, {}, "migrator", "_MIGRATOR_COMPLETE").source())
