"""Checks of sides that a controller makes: whose the old one is and what a person will do with it, and that nothing of theirs
has to be written by the run."""

from __future__ import annotations

import json
from collections.abc import Iterable

from migrator.domain.hardening.starts import steady
from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Value
from migrator.domain.model.change import Hand
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import ref_of, text
from migrator.domain.model.target import Existing
from migrator.domain.owners.emptying import OnNodes
from migrator.domain.owners.owner import owner_of
from migrator.domain.planning.checks.cluster.routes import routes_of
from migrator.domain.planning.existing.handing import handing, is_shared, may_own_balancer, names_balancer, services_of
from migrator.domain.planning.guards import floors, leave_weights
from migrator.domain.planning.proposal import Proposal


def owner_is_handed_over(proposal: Proposal) -> Iterable[Finding]:
    """Say whose the old workload is and what a person will do with it, or why there is nothing that he could do."""
    found = handing(proposal)
    if found is None:
        return
    who: dict[str, Value] = {"who": found.owner.controller.title, "owner": found.owner.named}
    workload = str(proposal.world.old.ref)
    by_scale = proposal.spec.cleanup.hand_over is Hand.SCALE
    if found.orders:
        yield info("handover.orders", workload, **who, commands=tuple(order.command for order in found.orders))
    elif is_shared(found.owner, proposal):
        yield block("handover.one-owner", workload, **who)
    elif found.owner.gateway is None:
        yield block("handover.shared", workload, **who)
    elif by_scale:
        yield block("handover.no-word", workload, **who)
    else:
        yield from _owning(proposal)


def _owning(proposal: Proposal) -> Iterable[Finding]:
    found, spec = handing(proposal), proposal.spec
    for service in found.balancing if found else ():
        subject, workload = f"Service {called(service)}", str(proposal.world.old.ref)
        owner, balancer = found.owner.named if found else "", spec.balancer.id
        if names_balancer(service, spec):
            yield block("handover.owns-balancer", subject, owner=owner, workload=workload, balancer=balancer)
        else:
            yield block("handover.owns-balancer:unknown", subject, owner=owner, workload=workload, balancer=balancer)


def second_is_shown(proposal: Proposal) -> Iterable[Finding]:
    """Show what a person applies so that the owner makes a second gateway beside the first, where none stands yet."""
    target, world = proposal.spec.target, proposal.world
    found = handing(proposal)
    if found is None or found.owner.gateway is None or (isinstance(target, Existing) and world.new.exists):
        return
    gateway, controller = found.owner.gateway, found.owner.controller
    alive = steady(proposal.live_pod, proposal.gateways.old.flipped_path)
    objects = controller.second(world, gateway, target.name, OnNodes(dict(target.node_selector), alive))
    if objects:
        routes = tuple(f"{text(row, 'kind')} {called(row)}" for row in routes_of(world, gateway))
        lines = tuple(json.dumps(thing) for thing in objects)
        yield info("handover.second", str(world.old.ref), objects=lines, routes=routes, name=target.name)


def their_services_go(proposal: Proposal) -> Iterable[Finding]:
    """Services that the owner makes go with it: whoever comes in by one of them must come in by another way before."""
    found = handing(proposal)
    if found is None or not any(order.hand is Hand.DELETE for order in found.orders):
        return
    for service in services_of(found.owner, proposal):
        kind = text(service, "spec", "type") or "ClusterIP"
        yield warn("handover.service-goes", f"Service {called(service)}", type=kind, owner=found.owner.named)


def nothing_of_theirs_is_written(proposal: Proposal) -> Iterable[Finding]:
    """What Guard would change of an object that a controller makes must be so already: by its owner's own API."""
    world = proposal.world
    owned = [row for row in proposal.services.leading if owner_of(row)]
    for change in leave_weights(owned, world, proposal.spec.after) if owned else ():
        yield block("handover.weights", str(change.ref), patch=str(change.patch))
    scalers = [row for row in proposal.scalers if owner_of(row)]
    for change in floors(scalers, [], world.old.wanted) if scalers else ():
        yield block("handover.floor", str(change.ref), replicas=world.old.wanted)


def new_side_has_no_balancer(proposal: Proposal) -> Iterable[Finding]:
    """The new side's own Service must be none that has a balancer: two controllers would write the same rows."""
    owner = owner_of(proposal.workload)
    for service in services_of(owner, proposal) if owner else ():
        if may_own_balancer(service, proposal.spec):
            yield block("existing.balances", str(ref_of(service)), owner=owner.named if owner else "")
        elif text(service, "spec", "type") == "LoadBalancer":
            yield warn("existing.second-balancer", str(ref_of(service)), owner=owner.named if owner else "")
