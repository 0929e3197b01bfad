"""A driver with a deadline for the whole of each method, however many calls it makes: one place for all drivers.

Each call has a deadline of its own, but a method may make dozens of calls, and a balancer that answers each of them just in
time would hold a turn for minutes. It repeats nothing, and adds no method that the driver has not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from migrator.adapters.balancers.registration import BalancerPorts
from migrator.adapters.bounded.deadline import Deadline
from migrator.domain.ports.balancer import BalancerWriter

P = ParamSpec("P")
T = TypeVar("T")

WRITES = frozenset(name for name in vars(BalancerWriter) if not name.startswith("_"))
WRITE_SECONDS = 10.0
"""What a turn gives a write: it asks once and waits for nothing."""

READ_SECONDS = 30.0
"""Less than the guard's patience with a silent balancer. A look waits for less, and takes the answer in a later turn."""


class _Timed:
    """The driver's methods, each bound to its time."""

    def __init__(self, driver: BalancerPorts, seconds: Callable[[str], float]) -> None:
        for name in dir(driver):  # what only some drivers can say is looked for on the object
            method = getattr(driver, name)
            if not name.startswith("_") and callable(method):
                setattr(self, name, within(seconds(name), method))


def timed(driver: BalancerPorts, seconds: Callable[[str], float] = lambda name: longest(name)) -> BalancerPorts:
    """Give the driver with a deadline for the whole of each method; `seconds` says how long one may take, by its name."""
    return cast("BalancerPorts", _Timed(driver, seconds))


def longest(method: str) -> float:
    """Give the seconds that a driver's method may take."""
    return WRITE_SECONDS if method in WRITES else READ_SECONDS


def within(seconds: float, method: Callable[P, T]) -> Callable[P, T]:
    """Give the method with a deadline for the whole of it; calls inside it have no more than is left."""

    @wraps(method)
    def bound(*arguments: P.args, **named: P.kwargs) -> T:
        with Deadline(seconds):
            return method(*arguments, **named)

    return bound
