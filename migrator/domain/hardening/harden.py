"""The whole of it: every measure of a workload, what is to be made beside it, and what no patch can mend. Pure."""

from __future__ import annotations

from migrator.domain.hardening.companion import beside
from migrator.domain.hardening.ends import ends
from migrator.domain.hardening.mesh import elsewhere
from migrator.domain.hardening.rollout import budget, rollout
from migrator.domain.hardening.starts import starts
from migrator.domain.hardening.values import Ground, Hardening


def harden(ground: Ground) -> Hardening:
    """Give what is to change, so that pods end and start without losing anything. What is right already is not named."""
    measures, remarks = ends(ground)
    made, told = budget(ground)
    return Hardening(
        ground,
        (*measures, *starts(ground), *rollout(ground)),
        (*made, *beside(ground)),
        (*remarks, *told),
        elsewhere(ground),
    )
