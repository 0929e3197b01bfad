"""Who fills the slots of both sides now: rows of the balancer brought together with the pods behind them. Pure.

A row belongs to a pod, not to an address: a row whose pod is gone or going is *deserted*, whatever the balancer says of it,
and so is one whose weight was another pod's, until the one that has its address now is Ready.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.domain.model.balancer import Backend, Pools, Row, Scope, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.pod_targets import Door, Entry
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import JournalFacts, Workloads
from migrator.domain.sides.record import weights_now


@dataclass(frozen=True, slots=True)
class Footing:
    """What the plan knows of the sides: the old side's record and doors, the new side's doors, and where nodes are.

    `nodes` gives a node's address by its name; `every_node`: there is no other node than these. `at` is when the record was
    made (None: nobody knows). `left` are the plan's nodes that are gone; `nodes` has them no more.
    `planned` are the new side's backends on the plan's nodes. `apart` are the uids of old pods to which node ports alone
    lead (None: every pod answers at every door), `besides` backends of the old side without a recorded weight. `lowering` are
    the sides whose pods take their own rows to weight 0 when they end.
    """

    recorded: tuple[Weighted, ...]
    old: tuple[Door, ...]
    new: tuple[Door, ...]
    nodes: Mapping[str, str]
    every_node: bool = False
    at: datetime | None = None
    left: tuple[Node, ...] = ()
    planned: frozenset[Backend] = frozenset()
    apart: frozenset[str] | None = None
    besides: tuple[Backend, ...] = ()
    lowering: frozenset[Side] = frozenset()


def filled(footing: Footing, pools: Pools, workloads: Workloads, past: JournalFacts) -> tuple[Pools, Sides]:
    """Give the rows with those marked that are deserted, and the slots of both sides.

    Of the `past` it takes which backends the run accounts for, and since when they have their weights.
    """
    known = (*(row.backend for row in footing.recorded), *footing.besides)
    places = {
        Side.OLD: _Places(Side.OLD, footing.old, known, footing, workloads.old),
        Side.NEW: _Places(Side.NEW, footing.new, (), footing, workloads.new),
    }
    rows = tuple(
        replace(row, deserted=True) if row.side and places[row.side].has_left(row, past, footing.at) else row
        for row in pools.rows
    )
    marked = replace(pools, rows=rows)
    old, new = (tuple(_slots(places[side], marked)) for side in Side)
    given = weights_now(footing.recorded, (slot for slot in old if slot.backend not in footing.besides))
    there = {row.backend: row for row in rows}
    old_ports = {(door.listener, door.port) for door in footing.old}

    def is_vacant(backend: Backend) -> bool:
        row = there.get(backend)
        if row is not None and row.side is not None:
            return row.deserted or (row.side in footing.lowering and places[row.side].is_lowered(row, past, footing.at))
        return places[Side.OLD if (backend.listener, backend.port) in old_ports else Side.NEW].is_deserted(backend)

    vacant = frozenset(filter(is_vacant, past.weights))
    return marked, Sides(
        tuple(replace(slot, recorded=given.get(slot.backend, 0)) for slot in old),
        new,
        footing.recorded,
        vacant,
        frozenset(footing.nodes.values()),
        footing.left,
        tuple(slot for slot in new if footing.planned and slot.backend not in footing.planned),
    )


class _Places:
    """One side's doors and pods: who is behind a backend of it. `known` are the backends of the plan's record."""

    def __init__(
        self,
        side: Side,
        doors: tuple[Door, ...],
        known: tuple[Backend, ...],
        footing: Footing,
        workload: Workload,
    ) -> None:
        self.side, self._known, self._workload = side, known, workload
        self._nodes, self._every_node, self._apart = footing.nodes, footing.every_node, footing.apart
        self._doors = {(door.listener, door.port): door for door in doors}
        self._at: dict[str, list[Pod]] = {}
        for pod in workload.pods:
            for address in {pod.ref.ip, self._host(pod)} - {""}:
                self._at.setdefault(address, []).append(pod)

    def pods(self, backend: Backend) -> tuple[Pod, ...]:
        """Give the pods behind a backend, ending ones too."""
        door = self._doors.get((backend.listener, backend.port))
        if door is not None and door.entry is Entry.NODE_PORT and not door.local:
            return self._workload.pods
        found = self._at.get(backend.address, ())
        return tuple(pod for pod in found if self._answers_at(pod, self._is_node_port(backend)))

    def is_deserted(self, backend: Backend) -> bool:
        """Say whether no pod that stays is behind a backend. A look that contradicts itself says nothing of the kind, and
        neither does one that does not know whose address it is."""
        if not self._workload.pods and self._workload.ready:
            return False
        if self._is_by_node(backend) and not self._every_node and backend.address not in self._nodes.values():
            return False
        return all(pod.terminating for pod in self.pods(backend))

    def has_left(self, row: Row, past: JournalFacts, planned: datetime | None) -> bool:
        """Say whether whoever had the row's weight is gone: nobody is there any more, or only somebody who came later with the
        same address, and is not Ready yet."""
        if self.is_deserted(row.backend):
            return True
        return (
            bool(row.weight)
            and not any(pod.ready for pod in self._live(row))
            and self._is_succeeded(row, past, planned)
        )

    def is_lowered(self, row: Row, past: JournalFacts, planned: datetime | None) -> bool:
        """Say whether a row has lost its weight since whoever had it ended: all who are there came after it was given."""
        had = any(past.weights.get(row.backend, ()))
        return had and not row.weight and self._is_succeeded(row, past, planned)

    def _is_succeeded(self, row: Row, past: JournalFacts, planned: datetime | None) -> bool:
        """Say whether whoever is behind a row of this run was made after its weight was written."""
        since = past.written_at.get(row.backend, planned)
        if self._is_node_port(row.backend) or row.backend not in past.weights or since is None:
            return False
        live = self._live(row)
        return bool(live) and all(pod.made_at is not None and pod.made_at > since for pod in live)

    def _live(self, row: Row) -> list[Pod]:
        return [pod for pod in self.pods(row.backend) if not pod.terminating]

    def missing(self) -> Iterable[Backend]:
        """Give the backends that the live pods would have and that may not be there; a node port's are those of the record."""
        for door in self._doors.values():
            behind = (pod for pod in self._workload.live if self._answers_at(pod, door.entry is Entry.NODE_PORT))
            dialled = {self._dialled(pod, door) for pod in behind} - {""}
            yield from (Backend(door.listener, address, door.port) for address in dialled)
        yield from (backend for backend in self._known if self._is_node_port(backend) and not self.is_deserted(backend))

    def in_its_pool(self, backend: Backend, pools: Pools) -> Backend:
        """Give a backend that is not there with the name of the pool that it would join: the one that most of its side are in
        behind its listener, or were by the record. Where weights are no pool's, as it is."""
        if pools.capabilities.weights_of is Scope.BACKEND:
            return backend
        there = [row.target.pool for row in pools.of(self.side, backend.listener)]
        once = [each.ref for each in self._known if each.listener == backend.listener]
        names = Counter(name for name in there or once if name)
        return replace(backend, ref=max(sorted(names), key=lambda name: names[name], default=backend.ref))

    def _answers_at(self, pod: Pod, node_port: bool) -> bool:
        return self._apart is None or (pod.ref.uid in self._apart) is node_port

    def _is_node_port(self, backend: Backend) -> bool:
        door = self._doors.get((backend.listener, backend.port))
        return door is not None and door.entry is Entry.NODE_PORT

    def _is_by_node(self, backend: Backend) -> bool:
        door = self._doors.get((backend.listener, backend.port))
        return door is not None and door.entry is not Entry.POD

    def _dialled(self, pod: Pod, door: Door) -> str:
        """Give where a pod is dialled; a node port is no pod's own, and its nodes are not ours to add."""
        if door.entry is Entry.POD:
            return pod.ref.ip
        return self._host(pod) if door.entry is Entry.HOST_PORT else ""

    def _host(self, pod: Pod) -> str:
        """Give the address of a pod's node, as the balancer dials it where that is known."""
        return self._nodes.get(pod.ref.node, "") or pod.host_ip


def _slots(places: _Places, pools: Pools) -> Iterable[Slot]:
    rows: Sequence[Row] = pools.of(places.side)
    for row in rows:
        yield Slot(row.backend, 0, row, places.pods(row.backend))
    for backend in sorted(set(places.missing()) - {row.backend for row in pools.rows}):
        yield Slot(places.in_its_pool(backend, pools), 0, None, places.pods(backend))
