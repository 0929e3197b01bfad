"""The heartbeat: renews the store's lease and the cluster's, and remembers when either was lost. It never writes else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import inf
from threading import Event, Thread
from time import monotonic, time

from migrator.domain.messages.errors import LeaseHeld, LeaseLost, MigratorError, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.ports.outside import ClusterLease

log = logging.getLogger(__name__)

BEAT = 5.0
CLUSTER_SECONDS = 30
STOP_WITHIN = 12.0


NEVER = -inf, -inf
"""When a Lease was renewed that this process never had, by both clocks."""


class Heartbeat:
    """Renews both leases every `beat` seconds between `start` and `stop`; used as a context manager.

    `renew` renews the store's lease. An API server that does not answer does not end a run (a rollback goes on without it);
    somebody else's Lease does: `over` says of another holder whether it left nothing half-way. Each has a thread of its own:
    a silent API server must not keep the store's lease from being renewed, for that one lapses, and with it the right to
    write. `taken`: the cluster's Lease was taken just before.
    """

    def __init__(
        self,
        renew: Callable[[], None],
        cluster: ClusterLease,
        holder: str,
        beat: float = BEAT,
        over: Callable[[str], bool] = lambda _holder: False,
        taken: bool = False,
    ) -> None:
        self._renew, self._cluster, self._holder, self._every, self._over = renew, cluster, holder, beat, over
        self._held = taken
        self._renewed = _now() if taken else NEVER
        self._stopped = Event()
        self._lost: MigratorError | None = None
        self._threads = [Thread(target=self._beat, args=(each,), daemon=True) for each in (self._store, self._lease)]

    def __enter__(self) -> Heartbeat:
        # Since the lease was taken a silent cluster may have been asked, for longer than a lease may go unrenewed.
        self._try(self._store)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        deadline = monotonic() + STOP_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))

    def unrenewed(self) -> float:
        """Give the seconds since the cluster's Lease was renewed last: by whichever clock has gone on further, for one of them
        may have stood still with this machine. Infinite while this process never had it: who had it is silent for longer."""
        return max(now - then for now, then in zip(_now(), self._renewed, strict=True))

    def require_renewed(self) -> None:
        """Raise Unreachable when the cluster's Lease has run out meanwhile, so that somebody else may have it; LeaseLost when
        somebody has."""
        self.check()
        if (silent := self.unrenewed()) > CLUSTER_SECONDS:
            raise Unreachable(say("lease.run-out", silent=silent if silent < inf else None))

    def check(self) -> None:
        """Raise what the heartbeat met: LeaseLost, or LeaseHeld by another store's process."""
        if self._lost is not None:
            raise LeaseLost(self._lost.message) from self._lost

    def _beat(self, renew: Callable[[], object]) -> None:
        while not self._stopped.wait(self._every):
            self._try(renew)

    def once(self) -> None:
        """Renew both leases once."""
        self._try(self._store)
        self._try(self._lease)

    def _store(self) -> None:
        self._renew()

    def _lease(self) -> None:
        """Renew the cluster's Lease. Once it was ours, somebody else's name on it means that our run was taken over meanwhile,
        though that Lease has run out; and so does none at all, once ours has run out. A process that wakes up takes nothing
        back."""
        began, ran_out = _now(), self._held and self.unrenewed() > CLUSTER_SECONDS
        try:
            self._cluster.acquire(self._holder, CLUSTER_SECONDS, self._over if self._held else None, anew=not ran_out)
        except LeaseHeld as error:
            if not self._held:
                raise
            raise LeaseLost(_lost(error.message)) from error
        self._held, self._renewed = True, began

    def _try(self, renew: Callable[[], object]) -> None:
        try:
            renew()
        except (LeaseLost, LeaseHeld) as error:
            self._lost = error
        except Unreachable as error:
            log.warning("lease.unanswered why=%s", error)
        except MigratorError as error:
            log.warning("lease.not-renewed why=%s", error)
        except (
            Exception
        ) as error:  # a defect, or a library's own error, whose text may hold a secret: the next beat tries again
            log.error("lease.broken error=%s", type(error).__name__)
            log.debug("lease.broken", exc_info=True)


def _lost(why: Message) -> Message:
    """Say who has the run now, or that its Lease was given back."""
    if why.code == "cluster.lease-gone":
        return say("lease.gateway-gone")
    return say("lease.gateway-lost", holder=dict(why.values).get("holder"))


def _now() -> tuple[float, float]:
    """Give this moment by the clock that is never set, and by the one that goes on while the machine sleeps."""
    return monotonic(), time()
