"""From a plan file to the plan of a gateway that stands already, which is all that a follower without a run needs. Pure.

What stands is taken over as it is: the rows of the plan's nodes on the port of the gateway, each with the weight that it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from migrator.domain.balancers.settings import Leaving
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Capabilities, ProbeWay, Target, Weighted
from migrator.domain.model.manifests import Manifest, uid_of
from migrator.domain.model.refs import gateway_name
from migrator.domain.model.spec import Spec
from migrator.domain.observation.nodes import Host
from migrator.domain.planning.backends import declared_ports
from migrator.domain.planning.plan import Plan, Seen

NO_RUN = 0
"""The run that such a follower follows: none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was seen: the DaemonSet, the balancer's rows and what it can do, the nodes with the plan's labels, and what becomes
    of who leaves a pool, where weights are a pool's."""

    workload: Manifest
    targets: tuple[Target, ...]
    capabilities: Capabilities
    hosts: tuple[Host, ...]
    leaving: tuple[Leaving, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        """Give every address of the nodes."""
        return frozenset(at for host in self.hosts for at in (host.address, *host.addresses) if at)


def unclear(spec: Spec, seen: Standing) -> Message | None:
    """Say what cannot be told of what stands, so that nobody has to guess: which port is the gateway's on the nodes."""
    for listener in spec.balancer.listeners:
        ports = _ports(spec, listener.id, seen)
        if len(ports) != 1:
            return say("follow.no-port", listener=listener.id, ports=tuple(sorted(ports)))
    return None


def as_it_stands(
    spec: Spec, seen: Standing, ways: tuple[tuple[str, ProbeWay], ...], at: datetime, by: str
) -> tuple[Plan, dict[Backend, int]]:
    """Give the plan, and each row with its weight. Everything has to be clear.

    `ways` are how our own requests ask the backends of each listener.
    """
    rows = rows_of(spec, seen)
    weights = {target.backend: target.weight for target in rows}
    known = _everywhere(spec, seen, rows)
    facts = (("follows gateway", gateway_name(spec)), ("workload", uid_of(seen.workload)))
    now = tuple(Weighted(*row) for row in sorted(weights.items()))
    stands = Seen(None, "", (), (), known, (), seen.capabilities, facts, now, ways=ways)
    return Plan("", "", at, by, spec, stands, (), (), (), (), (), ()), weights


def rows_of(spec: Spec, seen: Standing) -> tuple[Target, ...]:
    """Give the rows that lead to the gateway on the nodes."""
    doors = {(listener.id, port) for listener in spec.balancer.listeners for port in _ports(spec, listener.id, seen)}
    found = (t for t in seen.targets if t.backend.address in seen.addresses)
    return tuple(t for t in found if (t.backend.listener, t.backend.port) in doors)


def _everywhere(spec: Spec, seen: Standing, rows: Iterable[Target]) -> tuple[Backend, ...]:
    """Give the rows that are there; behind a listener that has none yet, one for each node, so that its port is known."""
    there = [row.backend for row in rows]
    empty = {listener.id for listener in spec.balancer.listeners} - {backend.listener for backend in there}
    hosts = [host.dialled_like(there) for host in seen.hosts]
    named = [
        Backend(name, host.address, port)
        for name in empty
        for port in _ports(spec, name, seen)
        for host in hosts
        if host.address
    ]
    return tuple(sorted((*there, *named)))


def _ports(spec: Spec, listener: str, seen: Standing) -> frozenset[int]:
    """Give the ports behind a listener that may be the gateway's: as the plan says, as rows with weight have it, as any has."""
    given = next((row.backend_port for row in spec.balancer.listeners if row.id == listener), 0)
    if given:
        return frozenset({spec.target.port(given)})
    rows = [t for t in seen.targets if t.backend.listener == listener and t.backend.address in seen.addresses]
    own = declared_ports(seen.workload, ())
    ours = [t for t in rows if t.backend.port in own] or rows
    weighted = [t for t in ours if t.weight] or ours
    return frozenset(t.backend.port for t in weighted)
