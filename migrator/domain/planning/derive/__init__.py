"""The workload that follows from the source: kept except what must change, every difference with its reason. Pure."""

from __future__ import annotations

from migrator.domain.planning.derive.hardening import hardened
from migrator.domain.planning.derive.keyed import names_asked
from migrator.domain.planning.derive.live import HASH, injected, injected_pod, needs_live
from migrator.domain.planning.derive.returning import marked, returning
from migrator.domain.planning.derive.workload import Derivation, derive, second, selector

__all__ = [
    "HASH",
    "Derivation",
    "derive",
    "hardened",
    "injected",
    "injected_pod",
    "marked",
    "names_asked",
    "needs_live",
    "returning",
    "second",
    "selector",
]
