"""A target of a target group as a backend: address and port, health in our words, and how AWS names it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.balancers.access.strict import port
from migrator.domain.model.balancer import Backend, Health
from migrator.domain.model.manifests import Json, mapping, text

DRAINING = "draining"
_HEALTH = {
    "healthy": Health.HEALTHY,
    "unhealthy": Health.UNHEALTHY,
    "unhealthy.draining": Health.UNHEALTHY,
    "initial": Health.PENDING,
    "unused": Health.PENDING,  # nobody checks it: its group is on no listener, or its zone is off
}
"""What is not named (`unavailable`: checks are off, or AWS cannot say) is no evidence."""


@dataclass(frozen=True, slots=True)
class Row:
    """A target: its backend, the ARN of its group, the verdict, and the identity that AWS wants back."""

    backend: Backend
    group: str
    health: Health
    target: dict[str, Json]


def targets_of(rows: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Give the rows of the targets that are there; one that drains was taken away."""
    return [row for row in rows if text(row, "TargetHealth", "State") != DRAINING]


def row_of(listener: str, group: str, row: dict[str, Json], address: str) -> Row:
    """Read a target. The ref tells its group, so that it can be put back where it was."""
    target = mapping(row, "Target")
    health = _HEALTH.get(text(row, "TargetHealth", "State"), Health.UNKNOWN)
    return Row(Backend(listener, address, port(target, "Port"), group), group, health, dict(target))
