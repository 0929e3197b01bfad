"""The Leases of a run in two clusters: a run that begins takes both, or none. The order is one, whichever way a run leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from migrator.domain.messages.errors import LeaseHeld, MigratorError
from migrator.domain.ports.outside import ClusterLease


class Leases:
    """One Lease in each cluster, as one. It is renewed when both are."""

    def __init__(self, leases: Sequence[ClusterLease]) -> None:
        self._leases = tuple(leases)
        self._held = False

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
