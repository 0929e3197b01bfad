"""The backends of both sides as rows for people, the worst first. Pure; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Backend, Health, Pools, Side
from migrator.domain.model.workload import Pod
from migrator.domain.observation.shown import BackendSeen
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import ConnectionCounts, JournalFacts, Judgement, Sighting

NEEDS = frozenset({Pools, Sides, JournalFacts, Judgement, ConnectionCounts})


def rows(seen: Sighting) -> tuple[BackendSeen, ...]:
    """Give a row for each backend of the run's listeners, the worst first; nothing where the balancer was not looked at."""
    if any(kind not in seen for kind in NEEDS):
        return ()
    meant, slots, counted = _meant(seen[JournalFacts]), seen[Sides].by_backend(), _Counted(seen)
    there = {row.backend: row for row in seen[Pools].rows}
    new = {slot.backend for slot in seen[Sides].new}
    found = []
    for backend in dict.fromkeys((*there, *slots)):
        row, pods = there.get(backend), slots[backend].live if backend in slots else ()
        side = row.side if row else Side.NEW if backend in new else Side.OLD
        health = row.target.health if row else Health.UNKNOWN
        plain = BackendSeen(backend, side, "", row.weight if row else None, meant.get(backend), health)
        # Several pods behind one backend (a node port) are counted apart, so nobody knows which of them served what.
        found.append(counted.of(plain, pods[0]) if len(pods) == 1 else plain)
    return tuple(sorted(found, key=lambda row: (*(-part for part in row.badness), str(row.backend))))


def _meant(past: JournalFacts) -> Mapping[Backend, int]:
    """Give what this run means each backend to weigh: by the write that is on its way, else by the last that was read back."""
    meant = {backend: weights[0] for backend, weights in past.weights.items() if weights}
    if past.open is not None and isinstance(past.open.action, SetWeights):
        meant |= {row.backend: row.weight for row in past.open.action.rows}
    return meant


class _Counted:
    """What was counted of single pods lately."""

    def __init__(self, seen: Sighting) -> None:
        served = seen[Judgement].served
        self._rates, self._seconds = dict(served.by), served.seconds
        self._live = {reading.gateway: reading.connections for reading in seen[ConnectionCounts].readings}

    def of(self, row: BackendSeen, pod: Pod) -> BackendSeen:
        """Give the row with what was counted of the pod behind it."""
        row = replace(row, node=pod.ref.node, connections=self._live.get(pod.ref.name))
        rate = self._rates.get(pod.ref.name)
        if rate is None or not self._seconds:
            return row
        a_second = rate.requests / self._seconds
        return replace(row, requests=a_second, bad=rate.bad, client=rate.client, slow=rate.slow)
