"""Which of a plan's rights are needed in which of two clusters. Where there is one, all are needed there."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import home_side
from migrator.domain.model.spec import Spec
from migrator.domain.planning.rbac import Permission

REFERRED = ("get", "v1", "ServiceAccount")
"""What the new pods refer to, and no single cluster's plan reads: it has to be in both."""
_SCALERS = ("HorizontalPodAutoscaler", "ScaledObject")
_READS = ("get", "list", "watch")


def needed_at(needed: Iterable[Permission], spec: Spec, side: Side) -> tuple[Permission, ...]:
    """Give what is needed in the cluster of a side."""
    if spec.second is None:
        return tuple(needed)
    found = [need for need in needed if not _elsewhere(need, spec, side)]
    return (*found, (*REFERRED, spec.cluster.namespace))


def _elsewhere(need: Permission, spec: Spec, side: Side) -> bool:
    """Say whether only the other cluster needs a right: for the other side's workload, the old one's scalers, the record."""
    verb, _, kind, _ = need
    own, other = (spec.source.kind, spec.target.kind) if side is Side.OLD else (spec.target.kind, spec.source.kind)
    if kind == other != own:
        return verb not in _READS
    if kind in _SCALERS:
        return side is not home_side(spec) and verb not in _READS
    recorded = kind == "ConfigMap" and verb not in _READS
    return recorded and side is not home_side(spec)
