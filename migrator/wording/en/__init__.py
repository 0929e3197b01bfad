"""English: the texts of every code. Short sentences that name their subject; what it means for traffic; what to do next."""

from __future__ import annotations

from migrator.wording.catalogue import merged, merged_findings
from migrator.wording.en import (
    errors_app,
    errors_cli,
    errors_outside,
    errors_store,
    estimates,
    following,
    halts,
    judging,
    running,
    steps,
)
from migrator.wording.en.words import WORDS

__all__ = ["FINDINGS", "MESSAGES", "WORDS"]

MESSAGES = merged(
    errors_app.MESSAGES,
    errors_cli.MESSAGES,
    errors_outside.MESSAGES,
    errors_store.MESSAGES,
    steps.MESSAGES,
    estimates.MESSAGES,
    running.MESSAGES,
    judging.MESSAGES,
    following.MESSAGES,
)
FINDINGS = merged_findings(halts.FINDINGS)
