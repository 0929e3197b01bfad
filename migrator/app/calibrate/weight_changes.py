"""The one hand of a calibration on the balancer's weights: one absolute change at a time, safe, read back, given back.

It writes over nobody: a weight that it did not set is somebody else's, and is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from migrator.app.calibrate.scope import Ground
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Op, OpState, SetWeights
from migrator.domain.model.balancer import Backend, Health, Pools, Side, Weighted, pools
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter
from migrator.domain.ports.outside import Clock
from migrator.domain.weights.floors import floor

EVERY = 0.1
WRITTEN_WITHIN = 20.0
RETURNED_WITHIN = 60.0
OBEYED_WITHIN = 3.0
"""Seconds, besides twice what the driver assumes, that a raised backend may take to answer before the other is lowered."""

_UNFIT = (Health.UNHEALTHY, Health.PENDING)


@dataclass(frozen=True, slots=True)
class Stamps:
    """Monotonic times of one change: sent for the first time, answered, shown by reads."""

    sent: float
    accepted: float
    shown: float


@dataclass(slots=True)
class WeightChanges:
    """Weights of the ground's test backends. `meant` is every weight that we may find there as our own doing."""

    reader: BalancerReader
    writer: BalancerWriter
    clock: Clock
    ground: Ground
    meant: dict[Backend, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.meant = self.meant or {row.backend: {row.weight} for row in self.ground.found}

    def look(self) -> Pools:
        """Give the listener as it is now; the test backends are the new side."""
        rows = [t for t in self.reader.targets() if t.backend.listener == self.ground.listener.id]
        return pools(rows, dict.fromkeys(self.ground.test, Side.NEW), self.reader.capabilities())

    def change(self, backend: Backend, weight: int, within: float = WRITTEN_WITHIN) -> Stamps:
        """Set one weight and read it back. Refused when that is not safe, or when somebody else has been there."""
        until = self.clock.monotonic() + within
        self._require_safe(self.look(), backend, weight)
        self.meant[backend].add(weight)  # the answer may be lost, so both are ours until it is read back
        sent = self.clock.monotonic()
        op = self._send(SetWeights((Weighted(backend, weight),)), until)
        accepted = self.clock.monotonic()
        meant = _weight(Weighted(backend, weight))
        self._until(lambda: self._over(op), until, say("calibrate.not-carried-out", weight=meant))
        self._until(lambda: self._shown(backend, weight), until, say("calibrate.not-shown", weight=meant))
        self.meant[backend] = {weight}
        return Stamps(sent, accepted, self.clock.monotonic())

    def give_back(self, obeyed: Callable[[Backend], bool]) -> None:
        """Set every weight as it was found: raises first, waited for in the data plane, then lowers.

        Raises Refused that names what was left, and what to set by hand.
        """
        until = self.clock.monotonic() + RETURNED_WITHIN
        try:
            self._return(until, obeyed)
        except MigratorError as error:
            wanted = tuple(map(_weight, self.ground.found))
            raise Refused(say("calibrate.weights-left", why=error.message, weights=wanted)) from error

    def _return(self, until: float, obeyed: Callable[[Backend], bool]) -> None:
        now = self._known()
        raises = [row for row in self.ground.found if row.weight > now[row.backend]]
        lowers = [row for row in self.ground.found if row.weight < now[row.backend]]
        for row in raises:
            self._set_again(row, until)
        if raises and lowers:
            patience = self.clock.monotonic() + 2 * self.reader.capabilities().settle + OBEYED_WITHIN
            while not all(obeyed(row.backend) for row in raises) and self.clock.monotonic() < patience:
                self.clock.sleep(EVERY)
        for row in lowers:
            self._set_again(row, until)

    def _known(self) -> dict[Backend, int]:
        """Give our backends' weights; waits for a balancer that does not answer. Refused when one is gone."""
        until = self.clock.monotonic() + RETURNED_WITHIN
        while True:
            try:
                weights = self.look().weights()
                break
            except Unreachable as error:
                self._patient(error, until)
        if gone := tuple(str(backend) for backend in self.ground.test if backend not in weights):
            raise Refused(say("calibrate.backends-gone", backends=gone))
        return {backend: weights[backend] for backend in self.ground.test}

    def _set_again(self, row: Weighted, until: float) -> None:
        while True:
            try:
                self.change(row.backend, row.weight, max(1.0, until - self.clock.monotonic()))
                return
            except Unreachable as error:
                self._patient(error, until)

    def _require_safe(self, now: Pools, backend: Backend, weight: int) -> None:
        rows = {row.backend: row for row in now.rows}
        if (row := rows.get(backend)) is None:
            raise Refused(say("calibrate.backend-gone", backend=str(backend)))
        if others := tuple(str(b) for b in self.ground.test if b in rows and rows[b].weight not in self.meant[b]):
            raise Refused(say("calibrate.set-by-others", backends=others))
        if weight > row.weight and row.target.health in _UNFIT:
            raise Refused(say("calibrate.not-raised", backend=str(backend), health=row.target.health, weight=weight))
        listener = backend.listener
        if floor(now, {backend: weight})[listener] == 0 and floor(now, {})[listener] > 0:
            raise Refused(say("calibrate.last-healthy", backend=str(backend), weight=weight, listener=listener))

    def _send(self, action: SetWeights, until: float) -> Op:
        """Send until the vendor takes it: the write is absolute, so twice is once."""
        while True:
            try:
                return self.writer.set_weights(action)
            except Unreachable as error:
                self._patient(error, until)

    def _shown(self, backend: Backend, weight: int) -> bool:
        found = self.look().weights().get(backend)
        if found not in self.meant[backend]:
            raise Refused(say("calibrate.set-by-others", backends=(str(backend),)))
        return found == weight

    def _over(self, op: Op) -> bool:
        state = self.reader.poll(op)
        if state is OpState.FAILED:
            raise Refused(say("calibrate.write-failed"))
        return state is not OpState.RUNNING

    def _until(self, happened: Callable[[], bool], until: float, late: Message) -> None:
        while True:
            try:
                if happened():
                    return
                error = Unreachable(late)
            except Unreachable as said:
                error = said
            self._patient(error, until)

    def _patient(self, error: Unreachable, until: float) -> None:
        """Wait as long as the vendor asks for; raise its error when time is up."""
        if self.clock.monotonic() >= until:
            raise error
        self.clock.sleep(max(EVERY, error.retry_after or 0.0))


def _weight(row: Weighted) -> Message:
    return say("calibrate.weight", backend=str(row.backend), weight=row.weight)
