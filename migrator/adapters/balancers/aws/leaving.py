"""What becomes of a target that leaves its group, by the group's and the balancer's attributes (ELBv2 API). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.adapters.balancers.aws.findings import CROSS_ZONE, CUTS, DELAY, TRUE
from migrator.domain.balancers.settings import Leaving
from migrator.domain.model.outside.reading import whole_number

USUAL_DELAY = 300
LEAST = (
    "target_group_health.dns_failover.minimum_healthy_targets.count",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
)
"""With fewer healthy targets than the first, a zone goes out of the balancer's name; with fewer than the second, requests go to
unhealthy ones, too. "off" is none."""


def leaving_of(
    listener: str, group: str, attributes: Mapping[str, str], balancer: Mapping[str, str], application: bool
) -> Leaving:
    """Give it. An application balancer always ends what is connected after the delay, and balances across zones unless a
    group says otherwise; a network balancer does neither unless it is told to."""
    delay = whole_number(attributes.get(DELAY, ""))
    across = attributes.get(CROSS_ZONE, "")
    if across not in ("true", "false"):
        across = balancer.get(CROSS_ZONE, "true" if application else "false")
    return Leaving(
        listener,
        group,
        float(USUAL_DELAY if delay is None else delay),
        application or attributes.get(CUTS) == TRUE,
        across != TRUE,
        max(1, *(whole_number(attributes.get(name, "")) or 0 for name in LEAST)),
    )
