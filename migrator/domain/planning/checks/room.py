"""The check of the cloud's quotas: both sides' backends stand side by side for a while, and must fit."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.model.findings import Finding
from migrator.domain.model.spec import Spec
from migrator.domain.planning.backends import new_backends
from migrator.domain.planning.checks.sides import block, info
from migrator.domain.planning.world import World


def backends_fit(world: World, spec: Spec) -> Iterable[Finding]:
    """Attach registers every new backend beside the old ones: a quota that is met half-way halts the run there."""
    there = {target.backend for target in world.targets}
    coming = [backend.listener for backend in new_backends(world, spec) if backend not in there]
    if spec.target.stored is not None:
        later = spec.target.stored.scattered
        coming += [each.listener for each in later.ports] * later.replicas
    for quota in world.quotas or ():
        more = sum(listener in quota.listeners for listener in coming)
        if quota.limit is None:
            yield info(
                "balancer.quota-unknown",
                quota.what,
                f"{more} new backends come to {quota.used}, and nobody says how many fit",
                quota.source,
                "look it up in the cloud's console, or grant the action that tells it (`migrator rbac PLAN`)",
            )
        elif more and quota.used + more > quota.limit:
            yield block(
                "balancer.full",
                quota.what,
                f"{quota.used} backends and {more} new ones are more than the {quota.limit} that fit",
                quota.source,
                "have the quota raised, use fewer nodes, or, if it was raised already, waive this code and say so",
            )
