"""What becomes of a target that leaves its group, by the attributes of the group and of the balancer."""

from __future__ import annotations

import pytest

from migrator.adapters.balancers.aws.findings import leaving_of
from migrator.domain.balancers.settings import Leaving

CROSS_ZONE = "load_balancing.cross_zone.enabled"
COUNT = "target_group_health.{}.minimum_healthy_targets.count"
USUAL = Leaving("80", "g", 300.0, cuts=False, by_zone=True)


@pytest.mark.parametrize(
    ("group", "balancer", "application", "found"),
    [
        pytest.param({}, {}, False, USUAL, id="a network balancer keeps to its zones and cuts nothing"),
        pytest.param({}, {}, True, Leaving("80", "g", 300.0, True, False), id="an application balancer does both"),
        pytest.param({}, {CROSS_ZONE: "true"}, False, Leaving("80", "g", 300.0, False, False), id="across zones"),
        pytest.param({CROSS_ZONE: "false"}, {CROSS_ZONE: "true"}, False, USUAL, id="the group's own word counts"),
        pytest.param(
            {CROSS_ZONE: "use_load_balancer_configuration"},
            {CROSS_ZONE: "true"},
            False,
            Leaving("80", "g", 300.0, False, False),
            id="or the balancer's, where it says so",
        ),
        pytest.param(
            {
                "deregistration_delay.timeout_seconds": "0",
                "deregistration_delay.connection_termination.enabled": "true",
                COUNT.format("dns_failover"): "off",
                COUNT.format("unhealthy_state_routing"): "2",
            },
            {},
            False,
            Leaving("80", "g", 0.0, True, True, 2),
            id="a delay, what is cut after it, and how many must be healthy",
        ),
    ],
)
def test_what_becomes_of_a_target_that_leaves(
    group: dict[str, str], balancer: dict[str, str], application: bool, found: Leaving
) -> None:
    assert leaving_of("80", "g", group, balancer, application) == found
