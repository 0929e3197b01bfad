"""`version`: which versions of the program and of its files speak here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import output

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@output
def version(view: View) -> None:
    """Say which version of migrator and of Python this is, and which stores and plan files it reads and writes."""
    from migrator.app.inspect.versions import versions

    view.versions(versions())
