"""The Leases of a run in two clusters: a run that begins takes both, or none. The order is one, whichever way a run leads.

A guard has them otherwise: the one in which it has heard nobody decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from migrator.domain.messages.errors import LeaseHeld, MigratorError
from migrator.domain.ports.outside import ClusterLease


class Leases:
    """One Lease in each cluster, as one. It is renewed when both are."""

    def __init__(self, leases: Sequence[ClusterLease], home: ClusterLease | None = None) -> None:
        self._leases = tuple(leases)
        self._home = home or self._leases[0]
        self._held = False

    @property
    def home_first(self) -> HomeFirst:
        """Give them as a guard has them."""
        return HomeFirst(self._home, [each for each in self._leases if each is not self._home])

    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        """Take or keep both. LeaseHeld names who has one of them; a silent cluster keeps the other's from lapsing in nothing.

        A run that begins (`over`) gives back what it took before the one that it could not have. One that goes on gives none
        back: its Lease names a run that was left half-way.
        """
        if over is None or self._held:
            _raised(_tried(self._leases, lambda lease: lease.acquire(holder, seconds, over, anew=anew)))
        else:
            self._begin(holder, seconds, over)
        self._held = True

    def release(self, holder: str) -> None:
        """Give both back when they are ours; one that cannot be asked keeps the other from nothing."""
        _raised(_tried(self._leases, lambda lease: lease.release(holder)))

    def _begin(self, holder: str, seconds: int, over: Callable[[str], bool]) -> None:
        for number, lease in enumerate(self._leases):
            try:
                lease.acquire(holder, seconds, over)
            except MigratorError:
                for taken in self._leases[:number]:
                    with suppress(MigratorError):  # it runs out by itself
                        taken.release(holder)
                raise


class HomeFirst:
    """The Lease of the gateway's home, as one that is taken; the other comes along where that can be.

    Its cluster may be silent, and the driver that was not heard at home may renew it still: neither keeps the traffic from
    going back, for a driver without the home's Lease writes nothing more for the new side.
    """

    def __init__(self, home: ClusterLease, others: Sequence[ClusterLease]) -> None:
        self._home, self._others = home, tuple(others)

    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        """Take or keep the home's, as that says; try the other's."""
        self._home.acquire(holder, seconds, over, anew=anew)
        _tried(self._others, lambda lease: lease.acquire(holder, seconds))

    def release(self, holder: str) -> None:
        """Give back what is ours of both; what the other's cluster says to that keeps nothing."""
        _tried(self._others, lambda lease: lease.release(holder))
        self._home.release(holder)


def _tried(leases: Iterable[ClusterLease], act: Callable[[ClusterLease], None]) -> list[MigratorError]:
    """Do it with each, and give what went wrong."""
    failed: list[MigratorError] = []
    for lease in leases:
        try:
            act(lease)
        except MigratorError as error:
            failed.append(error)
    return failed


def _raised(failed: Sequence[MigratorError]) -> None:
    """Raise the gravest: that somebody else has one."""
    if failed:
        raise next((error for error in failed if isinstance(error, LeaseHeld)), failed[0])
