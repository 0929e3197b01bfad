"""What a plan takes over of a workload that stands already: the step that finds it, and whether both sides can be compared."""

from __future__ import annotations

from migrator.domain.drift.meaning import digest
from migrator.domain.model.manifests import mapping, ref_of, uid_of
from migrator.domain.model.target import Existing
from migrator.domain.owners.owner import owner_of
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps import Stand


def stands(proposal: Proposal) -> Stand | None:
    """Give the step that finds the workload as it stands now; None where the run makes it, or where there is none."""
    workload = proposal.workload
    if not isinstance(proposal.spec.target, Existing) or not workload:
        return None
    return Stand(ref_of(workload), uid_of(workload), digest(workload), is_comparable(proposal))


def is_comparable(proposal: Proposal) -> bool:
    """Say whether both sides' configurations can be compared: of one product, whose names for two Gateways are known.

    Where a controller makes a side, its configuration holds the Gateway's own name; a side that nobody owns has none.
    """
    source, workload = proposal.source or {}, proposal.workload
    if not source or not workload:
        return True  # that one is missing is told by its own check
    if proposal.gateways.differ:
        return False
    product = proposal.gateways.old.product
    if product(mapping(source, "spec", "template")) is not product(mapping(workload, "spec", "template")):
        return False
    old, new = owner_of(source), owner_of(workload)
    if old is None or new is None:
        return old is new
    return old.controller is new.controller and old.controller.names_known
