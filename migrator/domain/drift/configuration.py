"""Both sides' configurations while a run goes on: what differs now, as findings. Pure; the comparison is the watch's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say

MOST_LINES = 5
"""The most lines of a gateway's differences that a finding tells; `verify` and `parity` tell all."""

COMPARED_WITHIN = 60.0
"""Seconds for which a run waits at most until a change is compared."""


def differing(gateways: Iterable[tuple[str, Sequence[Message]]]) -> tuple[Finding, ...]:
    """Give a finding for the gateways that differ in the same lines."""
    by_lines: dict[tuple[Message, ...], list[str]] = {}
    for name, lines in gateways:
        by_lines.setdefault(tuple(lines), []).append(name)
    return tuple(
        block(
            "drift.configuration",
            say("subject.gateways", names=tuple(names)),
            lines=lines[:MOST_LINES],
            more=max(0, len(lines) - MOST_LINES),
        )
        for lines, names in by_lines.items()
    )
