"""The check of what comes after the run: somebody must register a new node and drain a leaving one, and the plan says who."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.checks.sides import block, info
from migrator.domain.findings import Finding
from migrator.domain.spec import After, Spec
from migrator.domain.world import World


def nodes_are_looked_after(world: World, spec: Spec) -> Iterable[Finding]:
    """A DaemonSet grows with the nodes, the balancer does not: without an answer in the plan a new node never serves."""
    seconds = max((check.detection for check in world.health or () if check.enabled), default=0.0)
    within = f"for up to {seconds:g} s" if seconds else "until a health check takes it out"
    if spec.after is None:
        yield block(
            "after.unsaid",
            "spec.after",
            "nobody is named who registers a new node with the balancer and drains a leaving one once the run is over: new "
            f"nodes would get no traffic, and a node that leaves would lose requests {within}",
            "",
            "say after: controller (a cloud controller does it), or after: manual (people do it, by a written procedure)",
        )
    elif spec.after is After.MIGRATOR:
        yield block(
            "after.not-built",
            "spec.after",
            "migrator looks after nodes only while a run lasts: afterwards nothing of it stays that could see one come or go. "
            f"A new node would get no traffic, and one that leaves would lose requests {within}",
            "after: migrator",
            "say after: controller where the cloud's controller can register the nodes' port (docs/checks.md names the ways), "
            "else after: manual, and put its procedure into the scripts that add and remove nodes",
        )
    elif spec.after is After.MANUAL:
        yield info(
            "after.manual",
            "spec.after",
            "people look after the nodes: a new one serves nobody until it is registered; one that leaves loses requests "
            f"{within} unless its weight is set to 0 first",
            "after: manual",
            "write it into the node procedures: register, raise; weight 0, wait for connections, cordon and drain",
        )
