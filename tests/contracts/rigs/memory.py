"""The fake balancer that the workflow's tests use, held to the same contract so that they prove something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Finding, Severity, worded
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Deregister, Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from tests.contracts.balancer import Can, Driver, Kind, Sent
from tests.fakes.balancer import FakeBalancer
from tests.fakes.clock import FakeClock

LISTENERS = ("web", "tls")
CAN = frozenset({Can.DROPPED, Can.THROTTLED, Can.BUSY, Can.ALONE, Can.CHECKS})
WRITES = ("register", "set_weights", "deregister")
STICKY = worded("balancer.sticky", Severity.BLOCK, "web", "it is odd", "", "mend it")


class Recording(FakeBalancer):
    """The fake, which also writes down what arrived."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.arrived: list[Sent] = []

    def register(self, action: Register) -> Op:
        """Write it down and register."""
        op = super().register(action)
        self.arrived.append(Sent("register", tuple((backend, 0) for backend in action.backends)))
        return op

    def set_weights(self, action: SetWeights) -> Op:
        """Write it down, whatever comes of it, and set."""
        self.arrived.append(Sent("weigh", tuple((row.backend, row.weight) for row in action.rows)))
        return super().set_weights(action)

    def deregister(self, action: Deregister) -> Op:
        """Remove and write it down."""
        op = super().deregister(action)
        self.arrived.append(Sent("deregister", tuple((backend, None) for backend in action.backends)))
        return op


class Rig:
    """One fake with a clock of its own."""

    def __init__(self, weights: Sequence[int], spare: int) -> None:
        half = len(weights) // 2
        self.standing = tuple(_backend(at, LISTENERS[at >= half]) for at in range(len(weights)))
        self.spare = tuple(_backend(len(weights) + at, LISTENERS[at >= spare // 2]) for at in range(spare))
        self._fake = Recording(FakeClock())
        for row in map(Weighted, self.standing, weights):
            self._fake.add(row.backend, row.weight)

    def driver(self) -> Driver:
        return self._fake

    def stranger(self) -> tuple[Driver, str]:
        raise NotImplementedError

    def nobody(self) -> Driver:
        raise NotImplementedError

    def unplugged(self) -> Driver:
        self._fake.orders.fail("", Unreachable(verbatim("nobody there")), times=-1)
        return self._fake

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        return {STICKY.code: partial(self._spoiled, STICKY)}

    @contextmanager
    def _spoiled(self, finding: Finding) -> Iterator[Driver]:
        self._fake.said = (finding,)
        yield self._fake

    def sent(self) -> list[Sent]:
        return list(self._fake.arrived)

    def trouble(self, which: Can) -> None:
        lost = which is Can.DROPPED
        for method in WRITES:
            error = Unreachable(verbatim(which.value), None if lost else 1.0)
            self._fake.orders.fail(method, error, times=1 if lost else -1, after=lost)

    def calm(self) -> None:
        self._fake.orders.forgive()

    def sicken(self, backend: Backend) -> None:
        self._fake.trouble.sick.add(backend.address)

    def rest(self) -> None:
        self._fake.clock.advance(5.0)


def _backend(at: int, listener: str) -> Backend:
    return Backend(listener, f"10.2.{at // 250}.{at % 250 + 1}", 8080)


class Ground:
    """Nothing is shared between rigs."""

    can = CAN
    crowd = 1000

    @contextmanager
    def rig(self, weights: Sequence[int], spare: int) -> Iterator[Rig]:
        yield Rig(weights, spare)


@contextmanager
def opened() -> Iterator[Ground]:
    """Nothing is shared between rigs."""
    yield Ground()


KIND = Kind("fake", CAN, opened)
