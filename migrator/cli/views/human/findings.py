"""Findings for people: the gravest first, each with what was seen and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.style import SEVERITIES
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.wording import evidence, label, labelled, problem, remedy, render, subject

if TYPE_CHECKING:
    from rich.console import Console

    from migrator.domain.messages.findings import Finding, Waiver


def show(findings: Sequence[Finding], waivers: Sequence[Waiver], console: Console | None = None) -> None:
    """Print findings; those that block and were waived come last."""
    console = console or our_console()
    reasons = {waiver.code: waiver.reason for waiver in waivers}
    for finding in sorted(findings, key=lambda row: _is_waived(row, reasons)):
        waived = _is_waived(finding, reasons)
        word, style = (
            (label("waived"), "dim") if waived else (label(finding.severity.value), SEVERITIES[finding.severity])
        )
        head = Text.assemble((finding.code, "bold"), f"  {subject(finding)}")
        wrapped(console, head, 7, Text(word, style=style))
        wrapped(console, problem(finding), 7)
        for name, words in (("seen", evidence(finding)), ("waived", reasons.get(finding.code, ""))):
            if words:
                wrapped(console, Text(labelled(name, words), style="dim"), 7)
        if words := remedy(finding):
            wrapped(console, labelled("do", words), 7)
    if not findings:
        console.print(render(say("shown.no-findings")))


def _is_waived(finding: Finding, reasons: dict[str, str]) -> bool:
    return finding.severity is Severity.BLOCK and finding.code in reasons
