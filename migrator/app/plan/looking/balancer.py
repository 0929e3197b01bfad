"""What a plan asks of the balancer. A question that failed at once is put again: one 500 or one reset among many answers is no
reason to refuse a plan. A run needs none of this: what it could not see it asks again in its next turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from migrator.adapters.bounded.deadline import Deadline
from migrator.adapters.bounded.repeating import patiently
from migrator.domain.balancers.monitoring import MonitoringLook
from migrator.domain.balancers.settings import HealthCheck, Leaving, Quota, Rule, Steering
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Target
from migrator.domain.model.spec import Spec
from migrator.domain.ports.balancer import (
    BalancerReader,
    ChecksHealth,
    HasRules,
    KnowsLeaving,
    KnowsQuotas,
    KnowsSteering,
    MonitorsLate,
)

T = TypeVar("T")

_PATIENCE = 3.0
"""Seconds for repetitions. One that was silent for so long is not asked again: it had the whole of its driver's time."""


def again(ask: Callable[[], T]) -> T:
    """Ask, and again after a quick failure. Raise what the last one raised."""
    return patiently(ask, Deadline(_PATIENCE))


def targets(balancer: BalancerReader) -> tuple[Target, ...]:
    """Give every backend of the plan's listeners."""
    return again(balancer.targets)


def findings(balancer: BalancerReader) -> tuple[Finding, ...]:
    """Give what is wrong with the balancer for a run."""
    return again(balancer.findings)


def steering(balancer: BalancerReader) -> tuple[Steering, ...]:
    """Give how its listeners choose backends; none where its driver cannot say."""
    return again(balancer.steering) if isinstance(balancer, KnowsSteering) else ()


def leaving(balancer: BalancerReader) -> tuple[Leaving, ...]:
    """Give what becomes of who leaves a pool with weight; none where its driver cannot say."""
    return again(balancer.leaving) if isinstance(balancer, KnowsLeaving) else ()


def health(balancer: BalancerReader) -> tuple[HealthCheck, ...] | None:
    """Give its health checks; None where its driver has no word for them."""
    return again(balancer.health_checks) if isinstance(balancer, ChecksHealth) else None


def quotas(balancer: BalancerReader) -> tuple[Quota, ...] | None:
    """Give how many backends fit; None where its driver has no word for it."""
    return again(balancer.quotas) if isinstance(balancer, KnowsQuotas) else None


def rules(balancer: BalancerReader) -> tuple[Rule, ...]:
    """Give the forwarding rules of the plan's layer-7 listeners; none where its driver knows no such thing."""
    return again(balancer.rules) if isinstance(balancer, HasRules) else ()


def monitoring(balancer: BalancerReader, spec: Spec) -> MonitoringLook | None:
    """Give what the cloud's monitoring has of the balancer, or why it cannot be read; None where it is no judge."""
    if not spec.judge.asks_balancer or not isinstance(balancer, MonitorsLate):
        return None
    try:
        return MonitoringLook(len(again(balancer.reported)))
    except (Unreachable, Refused) as error:
        return MonitoringLook(0, error.message, isinstance(error, Refused))
