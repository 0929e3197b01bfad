"""`advise`: which way of exposing this gateway fits what was seen. It changes nothing and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("file", type=click.Path())
@shared
def advise(file: str, view: View, store: str | None) -> None:
    """Look at the gateway and say which way fits: to expose it, to reach its pods, to end them."""
    from migrator.adapters.planfile.read import read_file
    from migrator.app.plan.advice import advised
    from migrator.app.plan.forwarding_rules import wire_by_rule
    from migrator.cli.diagnostics import be_quiet

    be_quiet()
    spec, wired = wire_by_rule(read_file(file))
    view.advice(advised(spec, wired.readers))
