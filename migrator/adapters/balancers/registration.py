"""What a driver's package gives to be known: its profile, and how its ports are made. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.ports.balancer import BalancerReader, BalancerWriter


class BalancerPorts(BalancerReader, BalancerWriter, Protocol):
    """Both ports of one balancer in one object."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver, called `DRIVER` in its package.

    `connect` gives the ports for a plan's balancer and asks it nothing; UsageError for options that it does not take. It
    imports what is heavy, so that importing the package costs next to nothing. `reads` is the part of it that only reads the
    plan's options; a driver whose `connect` opens no file and needs no cluster has none of its own.
    """

    profile: BalancerProfile
    connect: Callable[[BalancerSpec], BalancerPorts]
    reads: Callable[[BalancerSpec], object] | None = None
