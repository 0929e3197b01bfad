"""What the domain asks of one balancer: reading, writing, and what a driver may say besides. It raises as `outside.py` says."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from migrator.domain.balancers.monitoring import Monitored, Reported
from migrator.domain.balancers.settings import HealthCheck, Leaving, Quota, Rule, Steering
from migrator.domain.messages.findings import Finding
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Capabilities, Target


class BalancerReader(Protocol):
    """What one balancer says of the run's listeners."""

    def capabilities(self) -> Capabilities:
        """Give what this balancer can do (may ask it once and remember)."""
        ...

    def targets(self) -> tuple[Target, ...]:
        """Give every backend of the run's listeners with weight and health."""
        ...

    def poll(self, op: Op) -> OpState:
        """Say how an accepted write stands."""
        ...

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the balancer for a run: scheduler, stickiness, dangerous switches, permissions."""
        ...

    def address(self) -> str:
        """Give the address that clients dial ("" when it is not known)."""
        ...


@runtime_checkable
class ChecksHealth(Protocol):
    """What a balancer driver may say besides: how its health checks are set. One that cannot, does not have it."""

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Give the health check of each of the run's listeners."""
        ...


@runtime_checkable
class NeedsCredentials(Protocol):
    """What a balancer driver may say besides: whether there is anything to call with. One that needs nothing lacks it."""

    def require_credentials(self) -> None:
        """Look for credentials as the first call would. The balancer is not asked."""
        ...


@runtime_checkable
class KnowsSteering(Protocol):
    """What a balancer driver may say besides: how its listeners choose backends and treat connections. Others lack it."""

    def steering(self) -> tuple[Steering, ...]:
        """Give that of each of the run's listeners that is there, as far as it can be read."""
        ...


@runtime_checkable
class KnowsLeaving(Protocol):
    """What a driver may say besides, where weights are a pool's: what becomes of a member that leaves. Others lack it."""

    def leaving(self) -> tuple[Leaving, ...]:
        """Give that of each pool with weight behind the run's listeners."""
        ...


@runtime_checkable
class KnowsQuotas(Protocol):
    """What a balancer driver may say besides: how many backends fit. One that cannot, does not have it."""

    def quotas(self) -> tuple[Quota, ...]:
        """Give every limit that the run's new backends count against."""
        ...


@runtime_checkable
class HasRules(Protocol):
    """What a balancer driver may say besides: which forwarding rules its layer-7 listeners have. Others lack it."""

    def rules(self) -> tuple[Rule, ...]:
        """Give every rule of the plan's layer-7 listeners, those that are not the plan's too."""
        ...


@runtime_checkable
class Monitors(Protocol):
    """What a balancer driver may say besides: what the balancer itself has counted of its backends. Others lack it."""

    def monitored(self) -> tuple[Monitored, ...]:
        """Give the counters of every backend of the run's listeners."""
        ...


@runtime_checkable
class MonitorsLate(Protocol):
    """What a balancer driver may say besides: what its cloud's monitoring has of it, minutes late. Others lack it."""

    def reported(self) -> tuple[Reported, ...]:
        """Give the figures of the last minutes, in any order; () where there are none."""
        ...


class BalancerWriter(Protocol):
    """Changes of one balancer. Each call is one vendor batch, in the order given; none is split or reordered."""

    def register(self, action: Register) -> Op:
        """Register at weight 0."""
        ...

    def set_weights(self, action: SetWeights) -> Op:
        """Set absolute weights."""
        ...

    def deregister(self, action: Deregister) -> Op:
        """Remove; a row with weight is Refused."""
        ...
