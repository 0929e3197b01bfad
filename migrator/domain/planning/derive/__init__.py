"""The DaemonSet that follows from any Deployment: kept except what must change, every difference with its reason. Pure."""

from __future__ import annotations

from migrator.domain.planning.derive.daemonset import Derivation, derive, selector
from migrator.domain.planning.derive.hardening import hardened
from migrator.domain.planning.derive.keyed import names_asked
from migrator.domain.planning.derive.live import HASH, injected, injected_pod, needs_live
from migrator.domain.planning.derive.returning import marked, returning

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
    "selector",
]
