"""Folds a run's journal rows, one after another, into what the run's steps must know of the past. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from migrator.domain.model.actions import Action, Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.runs import State
from migrator.domain.observation.sighting import OpenWrite
from migrator.store.codec.codec import Data, from_data
from migrator.store.codec.tags import ACTIONS
from migrator.store.values import Event, Kind

KINDS = (Kind.INTENDED, Kind.ACCEPTED, Kind.SETTLED, Kind.FAILED, Kind.MOVED, Kind.APPROVED)

OLD_CONSENTS = {"Drain old": Side.OLD, "Drain new": Side.NEW}
"""What a yes that an older version stored, with its step's title, allows to cut."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What the rows up to `last` add up to, as a value that can be stored."""

    last: int
    values: Mapping[Backend, tuple[int, ...]]
    written_at: Mapping[Backend, datetime]
    failures: int
    entered_at: datetime | None
    settled_at: datetime | None
    approved_by: str | None
    consents: tuple[Side, ...]
    open: tuple[OpenWrite, ...]
    heading: str | None
    cursor: int | None


class Weights:
    """What each backend may weigh: the last settled value, then those of later intents that are open or failed.

    One write is open at a time: the workflow settles or fails it before it intends the next.
    """

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self._values: dict[Backend, list[int]] = {row.backend: [row.weight] for row in old}
        self.written_at: dict[Backend, datetime] = {}
        self._given: Mapping[Backend, tuple[int, ...]] | None = None

    @classmethod
    def of(cls, values: Mapping[Backend, tuple[int, ...]], written_at: Mapping[Backend, datetime]) -> Weights:
        """Give the weights that go on from these."""
        weights = cls(())
        weights._values = {backend: list(known) for backend, known in values.items()}
        weights.written_at = dict(written_at)
        return weights

    def intend(self, action: Action) -> None:
        """Take in a write that may or may not come true, in whole or in part."""
        self._given = None
        if isinstance(action, Register):
            # Who joins a pool that has weight gets that weight, which nobody sets: it is known by its pool.
            for backend in () if action.standing else action.backends:
                self._values.setdefault(backend, [0])
        elif isinstance(action, SetWeights):
            for row in action.rows:
                known = self._values.setdefault(row.backend, [])
                if row.weight not in known:
                    known.append(row.weight)

    def settle(self, action: Action, at: datetime) -> None:
        """Take in that a write was read back: other values are out."""
        self._given = None
        if isinstance(action, SetWeights):
            self._values.update({row.backend: [row.weight] for row in action.rows})
            self.written_at.update(dict.fromkeys((row.backend for row in action.rows), at))
        elif isinstance(action, Deregister):
            for backend in action.backends:
                self._values.pop(backend, None)
                self.written_at.pop(backend, None)

    def given(self) -> Mapping[Backend, tuple[int, ...]]:
        """Give the values by backend; the same mapping until something changes."""
        if self._given is None:
            self._given = MappingProxyType({backend: tuple(values) for backend, values in self._values.items()})
        return self._given


class JournalFold:
    """What the rows up to `last` say. The same rows give the same memory, in one go or one at a time."""

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self.last = 0
        self.weights = Weights(old)
        self.failures = 0
        self.entered_at: datetime | None = None
        self.settled_at: datetime | None = None
        self.approved_by: str | None = None
        self.consents: dict[Side, None] = {}
        self._open: dict[int, OpenWrite] = {}
        self._position: tuple[str, int] | None = None

    @classmethod
    def of(cls, folded: Folded) -> JournalFold:
        """Give the fold that goes on from what was folded."""
        fold = cls(())
        fold.last, fold.failures, fold.approved_by = folded.last, folded.failures, folded.approved_by
        fold.entered_at, fold.settled_at = folded.entered_at, folded.settled_at
        fold.weights = Weights.of(folded.values, folded.written_at)
        fold.consents = dict.fromkeys(Side(side) for side in folded.consents)
        fold._open = {write.entry: write for write in folded.open}
        if folded.heading is not None and folded.cursor is not None:
            fold._position = (folded.heading, folded.cursor)
        return fold

    def folded(self) -> Folded:
        """Give what was folded so far as a value."""
        heading, cursor = self._position or (None, None)
        return Folded(
            last=self.last,
            values=self.weights.given(),
            written_at=self.weights.written_at,
            failures=self.failures,
            entered_at=self.entered_at,
            settled_at=self.settled_at,
            approved_by=self.approved_by,
            consents=tuple(self.consents),
            open=tuple(self._open.values()),
            heading=heading,
            cursor=cursor,
        )

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
            self._allowed(event.data)

    def _allowed(self, data: Data) -> None:
        side = Side(data["cuts"]) if data.get("cuts") else OLD_CONSENTS.get(str(data["step"]))
        if side is not None:
            self.consents[side] = None

    def _intended(self, event: Event) -> None:
        action: Action = from_data(event.data["action"], *ACTIONS)
        self._open[event.id] = OpenWrite(event.id, action, None, None, event.at)
        self.weights.intend(action)

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
        self.weights.settle(write.action, event.at)

    def _moved(self, event: Event) -> None:
        state, before = event.data["state"], event.data["was"]
        position = (event.data["heading"], event.data["cursor"])
        if state == State.PLANNED:
            return
        if position != self._position:
            self._position = position
            self.entered_at, self.settled_at, self.approved_by, self.failures = event.at, None, None, 0
        elif before == State.HALTED and state == State.RUNNING:
            # A person looked and said go on: deadlines and the count of failures begin anew, or it would halt at once.
            self.entered_at, self.failures = event.at, 0
