"""What every balancer driver is held to, in words a driver's author needs: a `Ground` makes `Rig`s, stories use them.

To hold a new driver to the contract, write a `Ground` in `tests/contracts/rigs/` and name it in `rigs/__init__.py`.
A rig stands on the outside of the driver: it arranges the vendor's side (emulator, real program, fake binary), tells what
arrived there, and makes it fail. It decides nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from migrator.domain.model.actions import Deregister, Op, OpState, Register
from migrator.domain.model.balancer import Backend, Target
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter

Story = TypeVar("Story", bound=Callable[..., Any])
NEEDS: dict[str, tuple[Can, ...]] = {}


class Driver(BalancerReader, BalancerWriter, Protocol):
    """Both ports of one balancer in one object, as a driver is."""


class Can(StrEnum):
    """What can go wrong with a vendor, or what it can do; stories that need it run only where it is there."""

    JOBS = "jobs"  # an accepted write is a job with an id, which may fail
    THROTTLED = "throttled"  # the account asks too often
    BUSY = "busy"  # somebody else's task runs
    DROPPED = "dropped"  # a write takes effect and its answer is lost
    PARTIAL = "partial"  # a registration takes effect on the first listener only
    KEYS = "keys"  # there are credentials, and they may be wrong
    CHECKS = "checks"  # the balancer checks health itself
    ALONE = "alone"  # each backend has a weight of its own
    APART = "apart"  # each backend is an object of its own: a batch is a call for each, in their order
    NAMED = "named"  # the vendor can say that the balancer is not there
    MONITORED = "monitored"  # the cloud's monitoring has figures of it, late


@dataclass(frozen=True, slots=True)
class Sent:
    """One write call as it arrived at the vendor: a verb (register, weigh, deregister), its rows in their order."""

    verb: str
    rows: tuple[tuple[Backend, int | None], ...]


class Rig(Protocol):
    """One balancer of one vendor with two listeners. Rows `standing` are there with weight; `spare` can be registered."""

    @property
    def standing(self) -> tuple[Backend, ...]:
        """Give the backends that are there from the start, on the first listener, then on the second."""
        ...

    @property
    def spare(self) -> tuple[Backend, ...]:
        """Give backends that are not registered yet; they answer health checks. Half of them on each listener."""
        ...

    def driver(self) -> Driver:
        """Give a new driver instance that knows nothing of others."""
        ...

    def stranger(self) -> tuple[Driver, str]:
        """Give a driver with wrong credentials, and the secret that must appear nowhere (Can.KEYS)."""
        ...

    def nobody(self) -> Driver:
        """Give a driver for a balancer that is not there (Can.NAMED)."""
        ...

    def unplugged(self) -> Driver:
        """Give a driver whose vendor does not answer at all."""
        ...

    def spoiled(self) -> Mapping[str, Callable[[], AbstractContextManager[Driver]]]:
        """Give, by finding code, how to set up a balancer that must have this finding."""
        ...

    def sent(self) -> list[Sent]:
        """Give the writes that have arrived, oldest first."""
        ...

    def trouble(self, which: Can) -> None:
        """Let the next write meet this trouble; throttled and busy last until `calm`."""
        ...

    def calm(self) -> None:
        """Take every trouble back."""
        ...

    def sicken(self, backend: Backend) -> None:
        """Let the balancer's health check fail for a backend (Can.CHECKS)."""
        ...

    def rest(self) -> None:
        """Wait until the vendor has carried out what it accepted."""
        ...


class Ground(Protocol):
    """Where rigs of one kind are made, once per test module: it holds the process or program that they share."""

    can: frozenset[Can]
    crowd: int
    """How many backends the walk over a crowd takes: 1,000, or as many as the outside bears in a test."""

    def rig(self, weights: Sequence[int], spare: int) -> AbstractContextManager[Rig]:
        """Give a rig whose standing rows have these weights (first half on the first listener)."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rig: how its ground is opened, and why it cannot be ("" when it can)."""

    name: str
    can: frozenset[Can]
    open: Callable[[], AbstractContextManager[Ground]]
    missing: Callable[[], str] = lambda: ""


def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    """Look until it is true, for `seconds` at most."""
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"not true within {seconds:g} s"
        time.sleep(0.02)


def finished(driver: Driver, op: Op, seconds: float = 10.0) -> OpState:
    """Poll until the vendor says that the write is over; give what it says."""
    deadline = time.monotonic() + seconds
    while (state := driver.poll(op)) is OpState.RUNNING:
        assert time.monotonic() < deadline, f"still running after {seconds:g} s"
        time.sleep(0.1)  # vendors limit how often one may ask, and a controller may ask besides
    return state


def batches(driver: Driver, backends: Sequence[Backend]) -> list[tuple[Backend, ...]]:
    """Give the backends as actions of a run would hold them: at most one batch, of one listener where it must be."""
    can = driver.capabilities()
    names = dict.fromkeys(backend.listener for backend in backends)
    groups = [backends] if can.several_listeners else [[b for b in backends if b.listener == name] for name in names]
    return [tuple(group[at : at + can.batch]) for group in groups for at in range(0, len(group), can.batch)]


def registered(rig: Rig, driver: Driver, backends: Sequence[Backend]) -> None:
    """Register, batch by batch, each finished before the next."""
    for batch in batches(driver, backends):
        finished(driver, driver.register(Register(batch)))
        rig.rest()


def removed(rig: Rig, driver: Driver, backends: Sequence[Backend]) -> None:
    """Deregister, batch by batch, each finished before the next."""
    for batch in batches(driver, backends):
        finished(driver, driver.deregister(Deregister(batch)))
        rig.rest()


def weights(driver: Driver) -> dict[Backend, int]:
    """Give the weight of every row as the driver reads it now."""
    return {target.backend: target.weight for target in driver.targets()}


def found(driver: Driver, backend: Backend) -> Target:
    """Give the target of a backend as the driver reads it now."""
    return next(target for target in driver.targets() if target.backend == backend)


def needs(*can: Can) -> Callable[[Story], Story]:
    """Let a story run only where the vendor can do this."""

    def noted(story: Story) -> Story:
        NEEDS[story.__name__] = can
        return story

    return noted
