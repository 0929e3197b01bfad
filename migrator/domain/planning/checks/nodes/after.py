"""The check of what comes after the run: somebody must register a new node and drain a leaving one, and the plan says who."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.spec import After
from migrator.domain.model.worded import block, info, warn
from migrator.domain.observation.world import World
from migrator.domain.planning.proposal import Proposal


def nodes_are_looked_after(proposal: Proposal) -> Iterable[Finding]:
    """A DaemonSet grows with the nodes, the balancer does not: without an answer in the plan a new node never serves."""
    world, spec = proposal.world, proposal.spec
    seconds = max((check.detection for check in world.health or () if check.enabled), default=0.0)
    within = f"for up to {seconds:g} s" if seconds else "until a health check takes it out"
    if spec.after is None:
        yield block(
            "after.unsaid",
            "spec.after",
            "nobody is named who registers a new node with the balancer and drains a leaving one once the run is over: new "
            f"nodes would get no traffic, and a node that leaves would lose requests {within}",
            "",
            "say after: controller (a cloud controller does it), after: migrator (`migrator follow` does it), or after: manual "
            "(people do it, by a written procedure)",
        )
    elif spec.after is After.MIGRATOR:
        yield by_migrator(world, within)
    elif spec.after is After.MANUAL:
        yield info(
            "after.manual",
            "spec.after",
            "people look after the nodes: a new one serves nobody until it is registered; one that leaves loses requests "
            f"{within} unless its weight is set to 0 first",
            "after: manual",
            "write it into the node procedures: register, raise; weight 0, wait for connections, cordon and drain",
        )


def by_migrator(world: World, within: str) -> Finding:
    """Say what has to go on once the run is over, or that the cloud's controller does it already."""
    if world.capabilities.controlled:
        return block(
            "after.controlled",
            "spec.after",
            "the cloud's controller registers and removes the gateways' pods by itself, and migrator would look after them too",
            "after: migrator",
            "say after: controller",
        )
    return warn(
        "after.migrator",
        "spec.after",
        "nodes are looked after by a process that must always be there: while it is not, a new node gets no traffic, and one "
        f"that leaves loses requests {within}",
        "after: migrator",
        "once the run has completed, keep `migrator follow` running (systemd, or a Deployment of one replica)",
    )


def after_is_possible(proposal: Proposal) -> Iterable[Finding]:
    """Say when a plan relies on a controller that nothing points to."""
    spec = proposal.spec
    if spec.after is not None and spec.after.value == "controller" and not proposal.world.bindings():
        yield info(
            "ownership.after-controller",
            "spec.after",
            "the plan relies on a controller to register new nodes; migrator has not seen it and cannot check that it would "
            "choose the same port and a weight",
            "after: controller",
            "try it with one node before the next scale-up",
        )
