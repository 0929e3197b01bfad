"""Checks of a new side that stands already: it is there and whole, and the plan says what it has read of it."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.model.spec import After
from migrator.domain.model.subjects import pairs
from migrator.domain.planning.proposal import Proposal


def workload_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The workload that the plan names must stand: nobody makes it during the run."""
    world = proposal.world
    if not world.new.exists:
        yield block("existing.missing", str(world.new.ref))


def workload_is_whole(proposal: Proposal) -> Iterable[Finding]:
    """It must have settled, with every pod Ready: the run would only wait for it."""
    new = proposal.world.new
    ready = sum(pod.ready for pod in new.live)
    if new.exists and (new.rolling or not ready or ready < new.wanted):
        troubles = tuple(pod.trouble for pod in new.live if pod.trouble)
        yield block("existing.not-ready", str(new.ref), ready=ready, wanted=new.wanted, troubles=troubles)


def read_as_it_is(proposal: Proposal) -> Iterable[Finding]:
    """Say what was read of the workload, for that is what the run rests on."""
    target, new = proposal.spec.target, proposal.world.new
    if new.exists:
        yield info(
            "existing.standing",
            str(new.ref),
            network=target.network.value,
            ports=tuple(f"{row.old} -> {row.new}" for row in target.ports),
            nodes=len(proposal.nodes),
            pods=len(new.live),
            labels=pairs(target.labels),
        )


def nodes_come_with_pods(proposal: Proposal) -> Iterable[Finding]:
    """Pods that the scheduler places come and go with no node of the plan: nobody could follow them afterwards."""
    spec = proposal.spec
    if spec.after is After.MIGRATOR and spec.target.pod_targets.replicas:
        yield block("existing.nodes-by-hand", "spec.after", workload=str(proposal.world.new.ref))
