"""A gateway that is to be made anew: when it may be told to go, when its pod may end, and what it still waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Pools
from migrator.domain.model.decisions import Ask, Decision, Wait
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.domain.observation.sighting import Clocks, ConnectionCounts, JournalFacts, Sighting
from migrator.domain.steps.connections import connections_of
from migrator.domain.steps.restarting.place import Place, never_served, quiet
from migrator.domain.steps.restarting.presence import leaves, silence

ASKS = "renew.ask-cut"
"""The code of the question whether the last connections of a node may be cut."""


def may_go(at: Place, seen: Sighting) -> bool:
    """Say whether the balancer has heard that a node is out, so that its gateway may be told to go."""
    return bool(at.wrong) and not at.heavy and quiet(at, seen) >= seen[Pools].capabilities.settle


def may_end(at: Place, drain: DrainSpec, seen: Sighting) -> bool:
    """Say whether the pod of a node may end: nobody new is sent to it, and nobody is connected, nobody ever was, or the
    deadline is over, with consent."""
    if quiet(at, seen) < silence(seen[Pools].capabilities):
        return False
    if _left(at, seen) == 0:
        return True
    late = quiet(at, seen) >= deadline(drain, seen)
    return late and (drain.on_timeout is OnTimeout.CUT or seen[JournalFacts].said_yes(ASKS))


def deadline(drain: DrainSpec, seen: Sighting) -> float:
    """Give the seconds that a node may be drained for: no less than the balancer needs until it sends nobody new there."""
    can = seen[Pools].capabilities
    return max(drain.timeout, silence(can)) if leaves(can) else drain.timeout


def _left(at: Place, seen: Sighting) -> int | None:
    """Give the connections that are left; None is unknown, never 0."""
    served = tuple(pod.ref for pod in at.wrong if not never_served(at, pod, seen))
    counted = seen[Clocks].monotonic - seen[ConnectionCounts].at
    if served and counted > quiet(at, seen):  # from before the balancer sent nobody any more
        return None
    return connections_of(seen, served)


def why_still(at: Place, drain: DrainSpec, spared: bool, seen: Sighting) -> Decision:
    """Say what a node with a pod of the other revision waits for."""
    name = at.node.name
    if at.heavy:
        return Wait(say("renew.last-one" if spared else "renew.rest-unfit", node=name))
    silent = quiet(at, seen)
    settles = seen[Pools].capabilities.settle - silent
    if settles > 0:
        return Wait(say("renew.settling", node=name), settles)
    left, remaining = _left(at, seen), deadline(drain, seen) - silent
    if remaining > 0:
        return Wait(say("renew.draining", node=name, connections=left), remaining)
    return ask_cut((at,), drain, seen)


def ask_cut(places: Iterable[Place], drain: DrainSpec, seen: Sighting) -> Ask:
    """Ask for every node that a yes would be for: one answer counts for all nodes of a step, also for those not yet late."""
    meant = [at for at in places if at.wrong and (at.heavy or _left(at, seen) != 0)]
    counts = [_left(at, seen) for at in meant]
    known = [count for count in counts if count is not None]
    left = sum(known) if len(known) == len(counts) else None
    names = tuple(at.node.name for at in meant)
    return Ask(say("renew.ask-cut", node=names, connections=left, timeout=deadline(drain, seen)))
