"""The check of what comes after the run: somebody must register a new node and drain a leaving one, and the plan says who."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import After
from migrator.domain.observation.world import World
from migrator.domain.planning.proposal import Proposal


def nodes_are_looked_after(proposal: Proposal) -> Iterable[Finding]:
    """A DaemonSet grows with the nodes, the balancer does not: without an answer in the plan a new node never serves."""
    world, spec = proposal.world, proposal.spec
    seconds = max((check.detection for check in world.health or () if check.enabled), default=0.0)
    loss = say("after.loss", seconds=seconds) if seconds else say("after.loss-unknown")
    if spec.after is None:
        yield block("after.unsaid", "spec.after", loss=loss)
    elif spec.after is After.MIGRATOR:
        yield by_migrator(world, loss)
    elif spec.after is After.MANUAL:
        yield info("after.manual", "spec.after", loss=loss)


def by_migrator(world: World, loss: Message) -> Finding:
    """Say what has to go on once the run is over, or that the cloud's controller does it already."""
    if world.capabilities.controlled:
        return block("after.controlled", "spec.after")
    return warn("after.migrator", "spec.after", loss=loss)


def after_is_possible(proposal: Proposal) -> Iterable[Finding]:
    """Say when a plan relies on a controller that nothing points to."""
    spec = proposal.spec
    if spec.after is not None and spec.after.value == "controller" and not proposal.world.bindings():
        yield info("ownership.after-controller", "spec.after")
