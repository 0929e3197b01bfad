"""Folds a run's journal rows, one after another, into what the run's steps must know of the past. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from migrator.domain.actions import Action, Deregister, Op, Register, SetWeights
from migrator.domain.pools import Backend, Weighted
from migrator.domain.runs import State
from migrator.domain.sighting import OpenWrite
from migrator.store.codec import from_data
from migrator.store.kinds import ACTIONS
from migrator.store.rows import Event, Kind

KINDS = (Kind.INTENDED, Kind.ACCEPTED, Kind.SETTLED, Kind.FAILED, Kind.MOVED, Kind.APPROVED)
START = 0  # the entry of the weights that the plan saw; every journal row has a greater id


class Weights:
    """What each backend may weigh: the last settled value, then those of later intents that are open or failed."""

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self._entries: dict[Backend, list[tuple[int, int]]] = {row.backend: [(START, row.weight)] for row in old}
        self._given: Mapping[Backend, tuple[int, ...]] | None = None

    def intend(self, entry: int, action: Action) -> None:
        """Take in a write that may or may not come true, in whole or in part."""
        self._given = None
        if isinstance(action, Register):
            for backend in action.backends:
                self._entries.setdefault(backend, [(entry, 0)])
        elif isinstance(action, SetWeights):
            for row in action.rows:
                known = self._entries.setdefault(row.backend, [])
                known[1:] = [item for item in known[1:] if item[1] != row.weight]
                known.append((entry, row.weight))

    def settle(self, entry: int, action: Action) -> None:
        """Take in that a write was read back: older values are out."""
        self._given = None
        if isinstance(action, SetWeights):
            for row in action.rows:
                later = [item for item in self._entries.get(row.backend, []) if item[0] > entry]
                self._entries[row.backend] = [(entry, row.weight), *later]
        elif isinstance(action, Deregister):
            for backend in action.backends:
                later = [item for item in self._entries.pop(backend, []) if item[0] > entry]
                if later:
                    self._entries[backend] = later

    def given(self) -> Mapping[Backend, tuple[int, ...]]:
        """Give the values by backend, without repetitions; the same mapping until something changes."""
        if self._given is None:
            values = {b: tuple(dict.fromkeys(weight for _, weight in items)) for b, items in self._entries.items()}
            self._given = MappingProxyType(values)
        return self._given


class Memory:
    """What the rows up to `last` say. The same rows give the same memory, in one go or one at a time."""

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self.last = 0
        self.weights = Weights(old)
        self.failures = 0
        self.entered_at: datetime | None = None
        self.settled_at: datetime | None = None
        self.approved_by: str | None = None
        self.consents: dict[str, None] = {}
        self._open: dict[int, OpenWrite] = {}
        self._place: tuple[str, int] | None = None

    @property
    def open(self) -> OpenWrite | None:
        """Give the oldest write that no later look has settled."""
        return next(iter(self._open.values()), None)

    def take(self, event: Event) -> None:
        """Take in the next row."""
        self.last = event.id
        if event.kind is Kind.INTENDED:
            self._intended(event)
        elif event.kind is Kind.ACCEPTED:
            self._accepted(event)
        elif event.kind in (Kind.SETTLED, Kind.FAILED):
            self._answered(event)
        elif event.kind is Kind.MOVED:
            self._moved(event)
        elif event.kind is Kind.APPROVED:
            self.approved_by = str(event.data["by"])
            self.consents[str(event.data["step"])] = None

    def _intended(self, event: Event) -> None:
        action: Action = from_data(event.data["action"], *ACTIONS)
        self._open[event.id] = OpenWrite(event.id, action, None, None, event.at)
        self.weights.intend(event.id, action)

    def _accepted(self, event: Event) -> None:
        write = self._open.get(event.answers or 0)
        if write is not None:
            op = from_data(event.data["op"], Op)
            self._open[write.entry] = OpenWrite(write.entry, write.action, op, None, write.intended_at)

    def _answered(self, event: Event) -> None:
        write = self._open.pop(event.answers or 0, None)
        if write is None:
            return
        if event.kind is Kind.FAILED:
            self.failures += 1
            return
        self.failures = 0
        self.settled_at = event.at
        self.weights.settle(write.entry, write.action)

    def _moved(self, event: Event) -> None:
        state, before = event.data["state"], event.data["was"]
        place = (event.data["heading"], event.data["cursor"])
        if state == State.PLANNED:
            return
        if place != self._place:
            self._place = place
            self.entered_at, self.settled_at, self.approved_by, self.failures = event.at, None, None, 0
        elif before == State.HALTED and state == State.RUNNING:
            # A person looked and said go on: deadlines and the count of failures begin anew, or it would halt at once.
            self.entered_at, self.failures = event.at, 0
