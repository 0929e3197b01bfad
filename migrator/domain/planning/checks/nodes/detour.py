"""Whether the old side can be led over temporary node ports here, where the plan asks for that; and what it will be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Scope
from migrator.domain.model.kubernetes import owner_of
from migrator.domain.model.manifests import mapping, ref_of
from migrator.domain.observation.detour import Detour
from migrator.domain.planning.detour.making import detour_of
from migrator.domain.planning.proposal import Proposal


def detour_is_possible(proposal: Proposal) -> Iterable[Finding]:
    """The balancer must dial and check other ports of the same nodes, and the template must be ours to change."""
    detour = detour_of(proposal)
    if detour is None:
        return
    service = str(ref_of(mapping(detour.service)))
    for why in _hindrances(proposal, detour):
        yield block("detour.not-here", service, why=why)
    ports = tuple(sorted({door.port for door in detour.doors}))
    pods = len({row.backend.address for row in detour.rows})
    if detour.at_a_time:
        yield info("detour.planned:in-turn", service, ports=ports, pods=pods, at_a_time=detour.at_a_time)
    else:
        yield info("detour.planned", service, ports=ports, pods=pods)


def _hindrances(proposal: Proposal, detour: Detour) -> Iterator[Message]:
    world, spec = proposal.world, proposal.spec
    if spec.source.kind != "Deployment":
        yield say("detour.kind", kind=spec.source.kind)
    if world.capabilities.weights_of is Scope.POOL:
        yield say("detour.pools")
    if world.capabilities.controlled:
        yield say("detour.controller")
    for check in world.health or ():
        if check.enabled and check.port and not check.own_port:
            yield say("detour.health-port", listener=check.listener, port=check.port)
    if proposal.source is not None and owner_of(proposal.source):
        yield say("detour.owned")
    if detour.at_a_time:
        yield from _of_turns(proposal)


def _of_turns(proposal: Proposal) -> Iterator[Message]:
    if idle := tuple(str(slot.backend) for slot in proposal.old if not slot.weight):
        yield say("detour.idle", backends=idle)  # turns are counted by the nodes that carry
    if absent := _absent(proposal):
        yield say("detour.absent", backends=absent)  # a node has its turn behind all listeners at once


def _absent(proposal: Proposal) -> tuple[str, ...]:
    """Give the backends by which a node that some listeners dial would be dialled by the others, too."""
    doors = sorted({(slot.listener, slot.backend.port) for slot in proposal.old})
    there = {slot.backend for slot in proposal.old}
    nodes = sorted({backend.address for backend in there})
    every = (Backend(listener, address, port) for listener, port in doors for address in nodes)
    return tuple(str(backend) for backend in every if backend not in there)
