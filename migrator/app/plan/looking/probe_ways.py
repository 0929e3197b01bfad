"""How our own requests ask each listener's backends: as the plan says, or as an old backend answers. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

from migrator.domain.messages.message import Message
from migrator.domain.model.balancer import Backend, Health, ProbeWay, Target
from migrator.domain.model.spec import GatewaySpec, ListenerSpec, Spec
from migrator.domain.observation.probing import candidates
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import Slot
from migrator.domain.planning.proposal import Proposal
from migrator.domain.ports.outside import Prober

AT_ONCE = 8
ANSWERED = "probe.bad"
"""What a prober says of a backend that did answer, and not well."""

Ways: TypeAlias = "tuple[tuple[str, ProbeWay], ...]"
Silent: TypeAlias = "tuple[tuple[str, str, Message], ...]"


def with_ways(proposal: Proposal, prober: Prober) -> World:
    """Give the look with the way of each listener, and the old backends that answered none of the ways that may be right."""
    ways, silent = ways_to(proposal.spec, proposal.old, proposal.world.targets, prober)
    return replace(proposal.world, ways=ways, unspoken=silent)


def ways_to(spec: Spec, slots: Iterable[Slot], targets: Iterable[Target], prober: Prober) -> tuple[Ways, Silent]:
    """Ask one of these backends behind each listener: the way that it answered, and those that answered none."""
    healths, known = {target.backend: target.health for target in targets}, tuple(slots)
    asked = [
        (listener, slot) for listener in spec.balancer.listeners if (slot := _one(known, listener, healths)) is not None
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda row: _asked(prober, spec.gateway, *row), asked))
    said = {listener.id: listener.probe for listener in spec.balancer.listeners if listener.probe is not ProbeWay.AUTO}
    ways = {**{name: way for name, way, _, _ in found if way is not None}, **said}
    silent = tuple((name, slot, why) for name, _, slot, why in found if why is not None)
    return tuple(sorted(ways.items())), silent


def _one(old: Iterable[Slot], listener: ListenerSpec, healths: dict[Backend, Health]) -> Slot | None:
    """Give an old backend that gets traffic and that the balancer does not call unhealthy."""
    rows = [slot for slot in old if slot.listener == listener.id and slot.weight]
    return next((slot for slot in rows if healths.get(slot.backend) is not Health.UNHEALTHY), None)


def _asked(
    prober: Prober, gateway: GatewaySpec, listener: ListenerSpec, slot: Slot
) -> tuple[str, ProbeWay | None, str, Message | None]:
    """Ask in each way until one is answered: the listener, the way, the backend, and why the first way was not."""
    at, first, answered = slot.backend, None, False
    for way in candidates(listener, at.port):
        if way.introduced and answered and listener.probe is ProbeWay.AUTO:
            break  # it speaks without PROXY protocol, if only of its own failure
        why = prober.probe(at.address, at.port, gateway.probe_host, gateway.probe_path, way)
        if why is None:
            return listener.id, way, str(at), None
        first, answered = first or why, answered or why.code == ANSWERED
    return listener.id, None, str(at), first
