"""What a follower makes of each node: whether its gateway serves, rests, stays as it is, or leaves, and the next weights.

Pure. A node is told to leave only by a firm word: its Node is gone or marked, or its gateway's pod ends. "Not Ready" is no
such word: what it comes to is in `patience.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef, Word
from migrator.domain.model.balancer import Backend, Pools, Row, Side, Weighted
from migrator.domain.model.spec import Cordoned, FollowSpec
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Host, Hosts
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    GatewaySignals,
    JournalFacts,
    Sighting,
    Workloads,
)
from migrator.domain.steps.following.patience import is_sick, tempered
from migrator.domain.steps.following.position import Disposition, ListenerPort, Position
from migrator.domain.steps.step import since
from migrator.domain.weights.drift import WeightDrift, drifted_weights
from migrator.domain.weights.usual import usual

STEADY = 10.0
"""Seconds a gateway must have been Ready before a new node is registered."""

CALM = 60.0
"""Seconds that must have passed since its last restart."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Every place, what somebody else's hand did (those backends are left alone), and a fault of the whole cluster."""

    places: tuple[Position, ...]
    hands: tuple[WeightDrift, ...]
    foreign: frozenset[Backend]
    fault: Message | None = None


def survey(seen: Sighting, policy: FollowSpec) -> Survey:
    """Tell every node's fate, and that of every address of ours that has no node any more."""
    rows: dict[str, list[Row]] = {}
    for row in seen[Pools].of(Side.NEW):
        rows.setdefault(row.backend.address, []).append(row)
    hosts = {host.address: host for host in seen[Hosts].found if host.address}
    pods = pods_by_address(seen, tuple({**rows, **hosts}))
    places = []
    for address in sorted({**rows, **hosts}):
        here, running = tuple(rows.get(address, ())), pods[address]
        fate, why = _fate(hosts.get(address), running, here, policy)
        places.append(Position(address, hosts.get(address), running, here, fate, why))
    touched = tuple(drifted_weights(seen))
    fates = tempered(places, seen, policy)
    return Survey(fates.places, touched, frozenset(hand.backend for hand in touched), fates.fault)


def pods_by_address(seen: Sighting, addresses: Sequence[str]) -> dict[str, tuple[Pod, ...]]:
    """Give the gateway's pods behind each address, ending ones too: by their own address or by their node's.

    A pod of which neither is known here may be behind any address whose node is gone, so it counts at each of those.
    """
    of_node = {host.name: host.address for host in seen[Hosts].found}
    living = frozenset(of_node.values())
    known = living.union(row.backend.address for row in seen[Pools].of(Side.NEW))
    found: dict[str, list[Pod]] = {address: [] for address in addresses}
    strays = []
    for pod in seen[Workloads].new.pods:
        at = pod.ref.ip if pod.ref.ip in known else of_node.get(pod.ref.node, "")
        if at in found:
            found[at].append(pod)
        elif not at:
            strays.append(pod)
    return {address: (*pods, *(() if address in living else strays)) for address, pods in found.items()}


def _fate(
    host: Host | None, pods: tuple[Pod, ...], rows: tuple[Row, ...], policy: FollowSpec
) -> tuple[Disposition, Message | None]:
    """Tell a fate by firm words alone: a gateway that is not Ready stays as it is."""
    if host is None:
        return Disposition.LEAVE, say("node.gone")
    if host.leaving is not None:
        return Disposition.LEAVE, host.leaving
    if host.cordoned and policy.cordoned is Cordoned.DRAIN:
        return Disposition.LEAVE, say("node.cordoned-drains")
    live = [pod for pod in pods if not pod.terminating]
    if not live:
        return Disposition.REST, say("node.gateway-ends") if pods else say("node.no-gateway")
    if any(pod.ready for pod in live):
        return Disposition.SERVE, None
    if host.ready:
        return Disposition.STAY, say("node.gateway-not-ready", trouble=live[0].trouble)
    return Disposition.STAY, say("node.lost") if is_sick(rows) else say("node.not-ready")


def standing(survey: Survey, at: ListenerPort) -> int:
    """Give the weight that peers have on a listener now: the commonest, or what the run left where nobody has any."""
    weights = (
        row.weight
        for place in survey.places
        if place.fate in (Disposition.SERVE, Disposition.STAY)
        for row in place.rows
        if row.backend.listener == at.listener and row.backend not in survey.foreign
    )
    return usual(weights, at.weight)


def groundless(seen: Sighting) -> Message | None:
    """Say why nothing at all is decided: without the DaemonSet, or without any node, everything would look as if it left."""
    new = seen[Workloads].new
    if not new.exists:
        return say("follow.no-workload", object=str(new.ref))
    return None if seen[Hosts].found else say("follow.no-node")


def heavy(view: Survey, *fates: Disposition) -> tuple[Row, ...]:
    """Give the rows with weight of these places that are ours, first of those whose gateway is gone, last of the fittest."""
    places = sorted(
        (p for p in view.places if p.fate in fates), key=lambda p: (bool(p.live), p.fate is Disposition.LEAVE)
    )
    return tuple(row for p in places for row in p.rows if row.weight and row.backend not in view.foreign)


def told(place: Position, seen: Sighting, word: Word) -> tuple[PodRef, ...]:
    """Give the live pods of a place that act on this word."""
    return tuple(pod.ref for pod in place.live if seen[GatewaySignals].word(pod.ref) is word)


def ending(place: Position, seen: Sighting) -> tuple[PodRef, ...]:
    """Give the ending pods of a place without a living one whose clients nobody has told to leave, by what they said since the
    last write: nobody waits for an ending pod to obey, so without that it would be told every turn."""
    if place.live or not _asked_since(seen):
        return ()
    return tuple(pod.ref for pod in place.pods if seen[GatewaySignals].word(pod.ref) is Word.STAY)


def _asked_since(seen: Sighting) -> bool:
    written = seen[JournalFacts].settled_at
    return written is None or seen[Clocks].monotonic - seen[ConnectionCounts].at <= since(seen, written)


def refs(place: Position) -> tuple[PodRef, ...]:
    """Give the pods of a place, ending ones too: they may still have connections."""
    return tuple(pod.ref for pod in place.pods)


def zeros(place: Position) -> list[Weighted]:
    """Give the rows of a place with weight 0."""
    return [Weighted(row.backend, 0) for row in place.rows]


def quiet(place: Position, seen: Sighting) -> float | None:
    """Give the seconds since this follower took the last weight from a place; None where it has not."""
    past = seen[JournalFacts]
    ours = [row.backend for row in place.rows if past.weights.get(row.backend) == (0,)]
    return min((since(seen, past.written_at[each]) for each in ours if each in past.written_at), default=None)


def steady(place: Position, seen: Sighting) -> bool:
    """Say whether a gateway there has been Ready for a while and has not just been restarted."""
    return any(_is_steady(pod, seen) for pod in place.live)


def _is_steady(pod: Pod, seen: Sighting) -> bool:
    calm = pod.last_restart is None or since(seen, pod.last_restart) >= CALM
    return pod.ready and calm and since(seen, pod.ready_since) >= STEADY
