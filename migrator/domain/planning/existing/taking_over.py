"""The step that a plan takes for a workload which stands already, in place of making it."""

from __future__ import annotations

from migrator.domain.drift.meaning import digest
from migrator.domain.model.manifests import Manifest, ref_of, uid_of
from migrator.domain.steps import Stand


def stands(workload: Manifest) -> Stand:
    """Give the step that finds the workload as it stands now."""
    return Stand(ref_of(workload), uid_of(workload), digest(workload))
