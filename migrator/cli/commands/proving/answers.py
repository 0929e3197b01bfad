"""`compare-answers`: ask both sides the same questions and show how they differ. It changes nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.cli.views.view import View
    from migrator.domain.model.balancer import ProbeWay
    from migrator.domain.model.spec import Spec


@click.command(name="compare-answers")
@click.argument("file", type=click.Path())
@shared
def compare_answers(file: str, view: View, store: str | None) -> None:
    """Ask both sides the plan's questions and compare the answers. Changes and saves nothing.

    FILE is a plan file, or a plan that `migrator plan -o` saved; `-` is standard input. The new workload must be there. Exit
    code 2 when a finding blocks: a difference that the plan does not allow, a site that has not proved itself, a side that
    could not be asked.
    """
    from migrator.app.answers.comparing import compare_answers as compare
    from migrator.app.plan.forwarding_rules import wire_by_rule
    from migrator.app.wiring import CLOCK
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.answers.findings import findings
    from migrator.domain.messages.findings import blocking

    be_quiet()
    read, ways = _read(file)
    spec, wired = wire_by_rule(read)
    parity = compare(spec, wired.readers, CLOCK, ways)
    view.answers(parity, spec.waivers)
    sys.exit(2 if blocking(findings(parity), spec.waivers) else 0)


def _read(file: str) -> tuple[Spec, Mapping[str, ProbeWay]]:
    """Read a saved plan's spec and how it asks each listener's backends, or a plan file, which says so itself."""
    from migrator.app.plan.planfiles import read_either
    from migrator.domain.model.spec import Spec

    found = read_either(file)
    return (found, {}) if isinstance(found, Spec) else (found.spec, dict(found.seen.ways))
