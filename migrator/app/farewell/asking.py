"""From what the command line says to who is asked: the driver of the balancer, or the follower over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from migrator.app.farewell.custody import Custody, asked, free
from migrator.app.farewell.words import ByBalancer, ByFollower
from migrator.domain.farewell import Own
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import ProbeWay
from migrator.domain.ports.balancer import BalancerReader

FOLLOWERS_SETTLE = 2.0
"""Seconds after the follower's word: it counts from the write on, and the balancer's own time is in it."""


LONGEST_SETTLE = 15.0


def by_balancer(
    text: str, address: str, ports: Sequence[int], serves: str, lease: str = ""
) -> tuple[ByBalancer, float]:
    """Connect the driver. UsageError for what is no balancer, for no port, or for weights that are not a gateway's own.

    `lease` is the gateway's, as NAMESPACE/NAME; "": nobody else sets weights.
    """
    from migrator.adapters.balancers import balancer
    from migrator.adapters.planfile.alone import balancer_alone
    from migrator.adapters.prober import HttpProber

    if not ports:
        raise UsageError(say("farewell.no-port"))
    port, path = _place(serves)
    reader, writer = balancer(balancer_alone(text))
    prober = HttpProber()

    def is_serving() -> bool:
        return not port or prober.probe(address, port, "", path, ProbeWay.HTTP) is None

    own = Own(frozenset({address}), frozenset(ports))
    return ByBalancer(reader, writer, own, is_serving, _custody(lease)), _settle(reader)


def _custody(lease: str) -> Callable[[], Custody]:
    """Ask the cluster in which this runs. UsageError where there is none."""
    if not lease:
        return free
    from migrator.adapters.cluster import connect
    from migrator.app.wiring import CLOCK
    from migrator.domain.model.spec import ClusterSpec

    return asked(lease, connect(ClusterSpec(lease.partition("/")[0])).reader.get, CLOCK.now)


def _settle(reader: BalancerReader) -> float:
    """Give the seconds that a weight needs; more than any balancer where it cannot say now."""
    try:
        return reader.capabilities().settle
    except (Unreachable, Refused):
        return LONGEST_SETTLE


def by_follower(url: str, address: str) -> tuple[ByFollower, float]:
    """Ask the follower by its own endpoint; silence is no word."""
    from migrator.adapters.followers import is_off

    return ByFollower(lambda: is_off(url, address)), FOLLOWERS_SETTLE


def asked_to_leave(url: str | None) -> Callable[[], bool]:
    """Give what tells the gateway to let its clients leave; without a URL there is nobody to tell."""
    from migrator.adapters.followers import post

    return lambda: url is None or post(url)


def _place(serves: str) -> tuple[int, str]:
    """Read PORT/PATH; 0 for nothing. UsageError for anything else."""
    port, slash, path = serves.partition("/")
    if serves and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise UsageError(say("farewell.no-place", given=serves))
    return int(port or 0), slash + path
