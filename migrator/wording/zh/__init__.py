"""Chinese: the texts of every code, as an SRE says them: what happened, what it means for traffic, what to do next."""

from __future__ import annotations

from migrator.wording.catalogue import merged, merged_findings
from migrator.wording.zh.words import WORDS

__all__ = ["FINDINGS", "MESSAGES", "WORDS"]

MESSAGES = merged()
FINDINGS = merged_findings()
