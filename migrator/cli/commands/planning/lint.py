"""`lint`: everything that can be checked in a plan file without a cluster. It asks no other system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from migrator.cli.views.view import View


@click.command()
@click.argument("file", type=click.Path())
@shared
def lint(file: str, view: View, store: str | None) -> None:
    """Read a plan file and check it without a cluster. Exit code 2 when it is refused or a finding blocks."""
    from migrator.adapters.balancers import wrong_options
    from migrator.adapters.planfile.read import read_file
    from migrator.domain.messages.findings import blocking
    from migrator.domain.planning.lint import offline

    spec = read_file(file)
    findings = offline(spec, wrong_options(spec.balancer))
    view.findings(findings, spec.waivers)
    sys.exit(2 if blocking(findings, spec.waivers) else 0)
