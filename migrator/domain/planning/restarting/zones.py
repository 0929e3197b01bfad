"""Where weights are a pool's: what keeps a node from leaving its pool, and which nodes may be out together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from migrator.domain.messages.message import Message, say
from migrator.domain.model.spec import OnTimeout, Spec
from migrator.domain.planning.following.standing import Standing, rows_of
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.presence import leaves
from migrator.domain.steps.restarting.zone import Zone


def of_the_pools(spec: Spec, seen: Standing, nodes: Sequence[NodeRows]) -> Message | None:
    """Say why the nodes cannot leave their pools one after another; None: they can, or need not."""
    if not leaves(seen.capabilities):
        return None
    return _shared(spec, seen) or _cut(spec, seen) or _alone(seen, nodes)


def _shared(spec: Spec, seen: Standing) -> Message | None:
    """A pool behind two listeners would be left behind both at once."""
    behind = Counter(pool for _, pool in {(row.backend.listener, row.pool) for row in rows_of(spec, seen)})
    shared = tuple(sorted(pool for pool, listeners in behind.items() if listeners > 1))
    return say("restart.pool-shared", pools=shared) if shared else None


def _cut(spec: Spec, seen: Standing) -> Message | None:
    """The vendor would end connections before the plan allows that."""
    hold, timeout = spec.drain.on_timeout is OnTimeout.HOLD, spec.drain.timeout
    hasty = next((each for each in seen.leaving if each.cuts and (hold or each.delay < timeout)), None)
    if hasty is None:
        return None
    why = {"hold": OnTimeout.HOLD} if hold else {"timeout": timeout}
    return say("restart.pool-cuts", pool=hasty.pool, delay=hasty.delay, **why)


def _alone(seen: Standing, nodes: Sequence[NodeRows]) -> Message | None:
    """Somebody has to stay, in each zone where each has only its own."""
    for zone in zones(seen, nodes):
        if len(zone.addresses) <= zone.least:
            there, least = len(zone.addresses), zone.least
            if any(each.by_zone for each in seen.leaving):
                return say("restart.zone-alone", zone=zone.name or say("zone.unnamed"), nodes=there, least=least)
            return say("restart.pool-small", nodes=there, least=least)
    return None


def zones(seen: Standing, nodes: Sequence[NodeRows]) -> tuple[Zone, ...]:
    """Give the nodes that have to carry together, of those with weight."""
    if not leaves(seen.capabilities):
        return ()
    by_zone, least = any(each.by_zone for each in seen.leaving), max((each.least for each in seen.leaving), default=1)
    where = {host.name: host.zone if by_zone else "" for host in seen.hosts}
    found: dict[str, list[str]] = {}
    for node in nodes:
        if any(row.weight for row in node.rows):
            found.setdefault(where.get(node.name, ""), []).append(node.address)
    return tuple(Zone(name, tuple(sorted(addresses)), least) for name, addresses in sorted(found.items()))


def batches(nodes: Iterable[NodeRows], at_once: int, together: Sequence[Zone]) -> list[tuple[NodeRows, ...]]:
    """Give the nodes in batches, in their order: none is larger, and none takes more of a zone than leaves it enough."""
    waiting, found = list(nodes), list[tuple[NodeRows, ...]]()
    while waiting:
        batch: list[NodeRows] = []
        for node in waiting:
            if len(batch) < at_once and (not batch or _fits((*batch, node), together)):
                batch.append(node)
        found.append(tuple(batch))
        waiting = [node for node in waiting if node not in batch]
    return found


def _fits(batch: Sequence[NodeRows], together: Sequence[Zone]) -> bool:
    out = {node.address for node in batch}
    return all(len(zone.addresses) - len(out.intersection(zone.addresses)) >= zone.least for zone in together)
