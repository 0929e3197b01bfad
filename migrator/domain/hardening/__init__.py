"""What a gateway's workload needs so that its pods end, and start, without losing anything: each change with its numbers."""

from __future__ import annotations

from migrator.domain.hardening.harden import harden
from migrator.domain.hardening.values import Ground, Hardening, Measure, What

__all__ = ["Ground", "Hardening", "Measure", "What", "harden"]
