"""Whether the plan's nodes can change hands one after another, where the plan asks for that; and what it will cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, Severity, block, finding, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Scope
from migrator.domain.model.kubernetes import clashing, host_ports, owner_of
from migrator.domain.model.manifests import text
from migrator.domain.model.subjects import nodes_subject
from migrator.domain.model.target import Derived
from migrator.domain.planning.inplace.elsewhere import besides
from migrator.domain.planning.inplace.ground import in_turn, is_in_place
from migrator.domain.planning.inplace.loss import loss_of, waived
from migrator.domain.planning.proposal import Proposal


def nodes_can_change_hands(proposal: Proposal) -> Iterable[Finding]:
    """Both sides must need the same ports of the same nodes, one old pod on each, and nobody else may count the pods."""
    if not is_in_place(proposal.spec) or proposal.source is None:
        return
    names = tuple(node.name for node in in_turn(proposal))
    for why in (*_of_the_sides(proposal), *_of_the_nodes(proposal)):
        yield block("in-place.not-here", "spec.strategy", why=why)
    loss = loss_of(proposal)
    cost = {"expected": loss.expected, "most": loss.most, "requests": loss.requests, "listeners": loss.listeners}
    if waived(proposal):
        yield finding("in-place.loses-requests:acknowledged", Severity.WARN, nodes_subject(names), **cost)
    elif loss.listeners:
        yield block("in-place.loses-requests", nodes_subject(names), **cost)
    yield info("in-place.planned", nodes_subject(names), nodes=len(names), expected=loss.expected)


def _of_the_sides(proposal: Proposal) -> Iterator[Message]:
    world, spec = proposal.world, proposal.spec
    target = spec.target
    if spec.source.kind != "Deployment" or not isinstance(target, Derived) or target.is_placed or spec.second:
        yield say("in-place.kinds")
    elif target.port_conflict is not None:
        yield say("in-place.other-way-out", way=target.port_conflict)
    if world.capabilities.weights_of is Scope.POOL:
        yield say("in-place.pools")
    if world.capabilities.controlled:
        yield say("in-place.controller")
    if proposal.source is not None and owner_of(proposal.source):
        yield say("in-place.owned")
    if not clashing(host_ports(proposal.new_pod), host_ports(proposal.live_pod)):
        yield say("in-place.no-shared-port")
    names = [text(pod, "priorityClassName") for pod in (proposal.old_pod, proposal.new_pod)]
    if names[0] != names[1]:
        yield say("in-place.priority", old=names[0] or None, new=names[1] or None)


def _of_the_nodes(proposal: Proposal) -> Iterator[Message]:
    world = proposal.world
    where = [pod.ref.node for pod in world.old.live]
    names = {node.name for node in world.nodes}
    if elsewhere := sorted({name for name in where if name and name not in names}):
        yield say("in-place.pods-elsewhere", nodes=tuple(elsewhere))
    if free := sorted(names - set(where)):
        yield say("in-place.free-nodes", nodes=tuple(free))
    if others := besides(proposal):
        yield say("in-place.elsewhere", nodes=others)
    if unwell := tuple(pod.ref.name for pod in world.old.live if not pod.ready or not pod.ref.node):
        yield say("in-place.unwell", pods=unwell)
    if len(where) != world.old.wanted or len(where) != len(set(where)):
        yield say("in-place.count", pods=len(where), nodes=len(set(where)))
    old, new = ({slot.backend for slot in slots} for slots in (proposal.sides.old, proposal.sides.new))
    if apart := tuple(str(backend) for backend in sorted(old ^ new)):
        yield say("in-place.other-rows", rows=apart)
