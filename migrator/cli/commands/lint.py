"""`lint`: everything that can be said of a plan file without a cluster. It asks nobody."""

from __future__ import annotations

import sys

import click

from migrator.cli.options import shared


@click.command()
@click.argument("file", type=click.Path())
@shared
def lint(file: str, output: str, store: str | None) -> None:
    """Read a plan file and check it without a cluster. Exit code 2 when it is refused or a finding blocks."""
    from migrator.adapters.balancers import require_known
    from migrator.adapters.planfile.read import read_file
    from migrator.cli.views import show
    from migrator.domain.model.findings import blocking
    from migrator.domain.planning.lint import offline

    spec = read_file(file)
    require_known(spec.balancer.provider)
    found = offline(spec)
    show.findings(found, spec.waivers, output)
    sys.exit(2 if blocking(found, spec.waivers) else 0)
