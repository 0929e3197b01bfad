"""Checks of two clusters behind one balancer: who is who by address, what the new pods need there, and what stays behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from migrator.domain.drift.in_two import named, reached_in
from migrator.domain.gateways.audit import Reach, Reached
from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import items, mapping, ref_of, text
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.refs import apart, place
from migrator.domain.model.target import Derived, Existing, Kept
from migrator.domain.observation.world import World
from migrator.domain.planning.clusters.looking import recalled, recalled_there
from migrator.domain.planning.proposal import Proposal

MOST = 5
"""Addresses that are named; the others are many for the same reason."""


def addresses_are_apart(proposal: Proposal) -> Iterable[Finding]:
    """A row of the balancer is known by its address: one that both clusters may have would be the wrong side's."""
    world = proposal.world
    here, there = Ground(world), Ground(world.there)
    both = here.nodes & there.nodes
    both |= {slot.backend.address for slot in proposal.sides.new if here.has(slot.backend.address)}
    both |= {slot.backend.address for slot in proposal.sides.old if there.has(slot.backend.address)}
    if both:
        at = place(proposal.spec, Side.NEW).at or place(proposal.spec, Side.OLD).at
        yield block("clusters.addresses", at, addresses=tuple(sorted(both)[:MOST]), count=len(both))


class Ground:
    """The addresses of one cluster: of its nodes, of the gateways' pods that were listed, and its nodes' ranges for pods."""

    def __init__(self, world: World) -> None:
        rows = [row for node in world.all("Node") for row in items(node, "status", "addresses")]
        self.nodes = {text(row, "address") for row in rows if text(row, "type") in ("InternalIP", "ExternalIP")}
        self._pods = {text(pod, "status", "podIP") for pod in world.all("Pod")} - {""}
        specs = [mapping(node, "spec") for node in world.all("Node")]
        ranges = {text(spec, "podCIDR") for spec in specs}
        ranges |= {each for spec in specs for each in _texts(spec.get("podCIDRs"))}
        self._ranges = [ip_network(each, strict=False) for each in ranges if _is_range(each)]

    def has(self, address: str) -> bool:
        """Say whether this cluster has, or may have, this address."""
        if address in self.nodes or address in self._pods:
            return True
        return _is_range(address) and any(ip_address(address) in each for each in self._ranges)


def _texts(rows: object) -> Iterator[str]:
    yield from (row for row in rows if isinstance(row, str)) if isinstance(rows, list) else ()


def _is_range(said: str) -> bool:
    try:
        ip_network(said, strict=False)
    except ValueError:
        return False
    return True


def referred_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The new pods name ConfigMaps and a ServiceAccount: they have to be in their cluster, with the same data."""
    world = proposal.world
    found = world.beyond.referred if world.beyond else ()
    known = [row for row in found if not row.unread]
    returns = isinstance(proposal.spec.target, Kept)  # what it refers to was there, whatever the other cluster has
    missing = tuple(f"{row.kind} {row.name}" for row in known if not row.there and (row.here or returns))
    differing = tuple(f"{row.kind} {row.name}" for row in known if row.here and row.there and row.here != row.there)
    if missing or differing:
        yield block("clusters.referred", str(world.new.ref), missing=missing, differing=differing)
    if unread := tuple(f"{row.kind} {row.name}" for row in found if row.unread):
        yield warn("clusters.unread", str(world.new.ref), objects=unread)


def resources_are_alike(proposal: Proposal) -> Iterable[Finding]:
    """What configures the gateways of one cluster has to be in the other, and to say the same: nobody else brings it there."""
    rows = [row for row, _ in reached_in(recalled(proposal), recalled_there(proposal)) if row.one_sided]
    old, new = _names(rows, Reach.OLD), _names(rows, Reach.NEW)
    if old | new:
        yield block(
            "clusters.resources",
            str(proposal.world.new.ref),
            differing=tuple(sorted(old & new)),
            missing=tuple(sorted(old - new)),
            more=tuple(sorted(new - old)),
        )


def _names(rows: Iterable[Reached], side: Reach) -> set[str]:
    return {named(row) for row in rows if row.reach is side}


def callers_are_led_on(proposal: Proposal) -> Iterable[Finding]:
    """Whoever comes through a Service of the old cluster finds nobody once the old pods are gone: none leads elsewhere.

    The one that an earlier run made beside its own pods has no callers: it goes with them.
    """
    target = proposal.spec.target
    ours = target.leftovers if isinstance(target, Kept) else ()
    leading = tuple(called(row) for row in proposal.services.leading if ref_of(row) not in ours)
    if leading:
        yield block("clusters.callers", str(proposal.world.old.ref), services=leading)


def way_is_built(proposal: Proposal) -> Iterable[Finding]:
    """Some ways are not built for two clusters yet: they are refused, and nothing of them is half done."""
    spec = proposal.spec
    by_node = any(slot.entry is not Entry.POD for slot in proposal.old)
    wanted = {
        "source": by_node,
        "balancer": proposal.world.capabilities.controlled,  # by a controller that knows one cluster
        "target": isinstance(spec.target, Existing) or (isinstance(spec.target, Derived) and spec.target.is_placed),
        "namespace": apart(spec),
        "portConflict": spec.target.port_conflict is not None,
    }
    if what := tuple(key for key, asked in wanted.items() if asked):
        yield block("clusters.not-built", "spec", what=what)
