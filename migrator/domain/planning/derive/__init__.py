"""The DaemonSet that follows from any Deployment: kept except what must change, every difference with its reason. Pure."""

from __future__ import annotations

from migrator.domain.planning.derive.daemonset import derive, derived, selector
from migrator.domain.planning.derive.live import HASH, injected_pod
from migrator.domain.planning.derive.unsaid import unsaid

__all__ = ["HASH", "derive", "derived", "injected_pod", "selector", "unsaid"]
