"""What each backend may weigh, by the writes that a run's journal tells of, one after another. Reads nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from migrator.domain.model.actions import Action, Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted


class Weights:
    """What each backend may weigh: the last settled value, then those of later intents that are open or failed.

    One write is open at a time: the workflow settles or fails it before it intends the next. `unanswered` has the weights
    of those that failed without an answer, with their row; once another one was read back they are `late`: they may come yet.
    """

    def __init__(self, old: tuple[Weighted, ...]) -> None:
        self._values: dict[Backend, list[int]] = {row.backend: [row.weight] for row in old}
        self.unanswered: dict[Backend, dict[int, int]] = {}
        self.late: dict[Backend, dict[int, int]] = {}
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
            # Who joins a pool that has weight gets that weight, which nobody sets: once it is there it is known by its peers.
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
            for row in action.rows:
                self._values.pop(row.backend, None)  # the row as it was seen names its pool
                self._values[row.backend] = [row.weight]
                self.late.setdefault(row.backend, {}).update(self.unanswered.pop(row.backend, {}))
            self.written_at.update(dict.fromkeys((row.backend for row in action.rows), at))
        elif isinstance(action, Register) and action.standing:
            self._join(action.backends, at)
        elif isinstance(action, Deregister):
            for backend in action.backends:
                for known in (self._values, self.unanswered, self.late):
                    known.pop(backend, None)
            self.written_at.update(dict.fromkeys(action.backends, at))

    def _join(self, backends: Iterable[Backend], at: datetime) -> None:
        """Take in that these have joined pools that have weight: they have it, too, since now."""
        for backend in backends:
            if backend not in self._values and (values := self._of_peers(backend)):
                self._values[backend], self.written_at[backend] = values, at

    def _of_peers(self, backend: Backend) -> list[int]:
        """Give what is known of another member of the pool that a backend has joined: told by the pool's name, or by the port
        where that is not known."""
        for known, values in self._values.items():
            named = known.ref == backend.ref if known.ref and backend.ref else known.port == backend.port
            if known.listener == backend.listener and named:
                return list(values)
        return []

    def fail(self, action: Action, entry: int) -> None:
        """Take in that a write failed without an answer: it may be on its way still."""
        if isinstance(action, SetWeights):
            for row in action.rows:
                self.unanswered.setdefault(row.backend, {})[row.weight] = entry

    def given(self) -> Mapping[Backend, tuple[int, ...]]:
        """Give the values by backend; the same mapping until something changes."""
        if self._given is None:
            self._given = MappingProxyType({backend: tuple(values) for backend, values in self._values.items()})
        return self._given
