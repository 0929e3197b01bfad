"""What only a plan asks, before anything has begun: does another run hold the gateway, and does anybody answer clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from migrator.app.adopt.leftover import lost
from migrator.app.one_run.in_progress import Ended, held, is_carried_out, nobody
from migrator.app.plan.address_check import Unanswered, asking, connected, unanswered
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import World
from migrator.domain.ports.balancer import BalancerReader, NeedsCredentials
from migrator.domain.ports.outside import Readers

if TYPE_CHECKING:
    from migrator.store import StoreReader


def require_credentials(reader: BalancerReader) -> None:
    """Raise Refused where there are no credentials for the balancer, Unreachable where their source is silent.

    The balancer itself is not asked, and the cluster was not yet: who forgot to log in is told at once.
    """
    if isinstance(reader, NeedsCredentials):
        reader.require_credentials()


def not_asked() -> Unanswered:
    """Dial nobody."""
    return ()


@dataclass(frozen=True, slots=True)
class Precheck:
    """`ended` says of a Lease's holder that it left nothing half-way; `unanswered` dials the balancer's address."""

    ended: Ended = nobody
    unanswered: Callable[[], Unanswered] = not_asked

    def seen(self, world: World, spec: Spec, readers: Readers, at: datetime) -> World:
        """Give the look with what is asked here."""
        cluster = readers.cluster
        return replace(
            world,
            held=held(spec, cluster, at, self.ended),
            lost=None if is_carried_out(spec, cluster, at) else lost(spec, cluster, self.ended),
            unanswered=self.unanswered(),
        )


def require_login(spec: Spec) -> None:
    """UsageError where what Prometheus is to be asked with is not there: told before anybody is asked anything."""
    prometheus = spec.judge.prometheus
    if prometheus is None or prometheus.access is None:
        return
    from migrator.adapters.metrics.login import missing

    if (why := missing(prometheus.access)) is not None:
        raise UsageError(why)


def outset(spec: Spec, store: StoreReader | None, balancer: BalancerReader) -> Precheck:
    """Give what the commands ask: this store's runs are known, and the address is dialled for at most 5 s a listener."""
    from migrator.app.one_run.gateway_lease import over_ended

    return Precheck(
        over_ended(store) if store is not None else nobody,
        lambda: unanswered(spec, balancer, asking(spec), connected),
    )
