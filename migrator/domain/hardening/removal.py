"""How long a balancer still sends to a backend whose health check has turned, and how long until it sends to one that came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.message import Message, say

BUFFER = 5.0
"""Seconds beyond the health check's own: the check that is under way, and the verdict on its way to where traffic flows."""

ASSUMED = HealthCheck("", interval=5.0, unhealthy=2)
"""What the founding document recommends: 5 s, two failures. Taken, and said so, where the driver cannot say."""


@dataclass(frozen=True, slots=True)
class Removal:
    """The health check that decides: the slowest of the balancer's. `measured` False: nobody could say, it is assumed.

    `connects`: it only connects, and so turns when the port is closed, never before.
    """

    interval: float
    threshold: int
    healthy: int
    measured: bool
    connects: bool = False

    @property
    def seconds(self) -> float:
        """Give the seconds for which the balancer may still send: interval x unhealthy threshold + buffer."""
        return self.interval * self.threshold + BUFFER

    @property
    def until_healthy(self) -> float:
        """Give the seconds after which it sends to a new pod: interval x healthy threshold + buffer."""
        return self.interval * self.healthy + BUFFER

    @property
    def source(self) -> Message:
        """Say where the numbers are from."""
        return say("termination.measured") if self.measured else say("termination.assumed")


def removal_of(checks: Iterable[HealthCheck] | None) -> Removal:
    """Give the slowest of the checks that take a backend out; what is assumed where there is none."""
    asked = [check for check in checks or () if check.enabled]
    slowest = max(asked, key=lambda check: check.interval * check.unhealthy, default=ASSUMED)
    connects = bool(asked) and any(not check.path for check in asked)
    return Removal(slowest.interval, slowest.unhealthy, slowest.healthy, bool(asked), connects)
