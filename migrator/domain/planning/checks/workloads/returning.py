"""Checks of a plan back: the place of what returns is free, and the leaving pods can be told from the returning ones."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.model.manifests import Manifest, ObjectRef, items, number, ref_of, text, uid_of
from migrator.domain.model.refs import target_ref
from migrator.domain.model.subjects import pairs
from migrator.domain.model.target import Kept
from migrator.domain.observation.world import World
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.prepare import is_ours


def workload_is_gone(proposal: Proposal) -> Iterable[Finding]:
    """What returns must not be there already: somebody else has brought it back, and may send it traffic."""
    world = proposal.world
    if world.new.exists and not world.new.ours:
        yield block("target.taken:returning", str(world.new.ref), uid=world.new.uid, pods=len(world.new.live))


def companions_are_gone(proposal: Proposal) -> Iterable[Finding]:
    """What comes back beside it must find its name free: at the end of the run it could only halt."""
    spec = proposal.spec
    wanted = [ref_of(companion) for companion in spec.target.companions]
    own = ObjectRef("v1", "Service", target_ref(spec).namespace, spec.target.service)
    for found in (
        found for ref in (*wanted, own) if (found := _seen(proposal.world, ref)) is not None and not is_ours(found)
    ):
        yield block("return.name-taken", str(ref_of(found)), uid=uid_of(found))


def _seen(world: World, ref: ObjectRef) -> Manifest | None:
    return next((thing for thing in world.all(ref.kind) if ref_of(thing) == ref), None)


def leaving_pods_are_told(proposal: Proposal) -> Iterable[Finding]:
    """Services that stay must be kept from the returning pods, by a label that every leaving pod has."""
    if proposal.source is None or proposal.services.telling is not None:
        return
    names = tuple(str(ref_of(service)) for service in proposal.services.changed)
    yield block(
        "return.not-told-apart", str(proposal.world.old.ref), services=names, labels=pairs(proposal.spec.target.labels)
    )


def node_ports_are_led(proposal: Proposal) -> Iterable[Finding]:
    """Node ports lead to the returning pods before these get weight, so whoever else uses them moves at once, and whole."""
    dialled = {slot.backend.port for slot in proposal.sides.new}
    for service in proposal.services.changed:
        if dialled & {number(port, "nodePort") for port in items(service, "spec", "ports")}:
            yield warn("return.node-port", str(ref_of(service)), type=text(service, "spec", "type") or "ClusterIP")


def replicas_as_kept(proposal: Proposal) -> Iterable[Finding]:
    """Say how many pods return: as many as there were, whatever the traffic is now; it is scaled again at the end."""
    target = proposal.spec.target
    if isinstance(target, Kept):
        yield info(
            "return.replicas",
            str(target_ref(proposal.spec)),
            replicas=target.pod_targets.replicas,
            plan=target.plan,
            serving=len(proposal.world.old.live),
            run=target.run,
        )
