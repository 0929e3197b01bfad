"""What proves who we are is compared with the plan's worst case, and its end is told while a run goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.observation.logins import SOON, Login, ending
from migrator.domain.planning.timeline.lasting import logins_last

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WORST = 3600.0
CLUSTER, CLOUD = say("cluster.server", host="https://10.0.0.1", context=""), say("login.cloud", api="CLB")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("login", "found"),
    [
        pytest.param(
            Login(CLOUD, True, after(WORST - 1)), ("login.balancer-ends", Severity.BLOCK), id="the balancer's"
        ),
        pytest.param(
            Login(CLUSTER, False, after(WORST - 1)), ("login.cluster-ends", Severity.WARN), id="the cluster's"
        ),
        pytest.param(Login(CLOUD, True, after(-9.0)), ("login.balancer-ends", Severity.BLOCK), id="ended already"),
        pytest.param(Login(CLOUD, True, after(WORST)), None, id="long enough"),
        pytest.param(Login(CLOUD, True, after(60), renewed=True), None, id="renewed"),
        pytest.param(Login(CLOUD, True), ("login.end-unknown", Severity.INFO), id="a token without an end"),
        pytest.param(Login(CLOUD, True, temporary=False), None, id="a key for ever"),
    ],
)
def test_a_login_that_ends_in_the_middle_of_the_plan_is_found(login: Login, found: tuple[str, Severity] | None) -> None:
    findings = [(each.code, each.severity) for each in logins_last((login,), WORST, NOW)]

    assert findings == ([found] if found else [])


def test_an_end_that_nobody_renews_is_told_while_it_is_near() -> None:
    logins = [
        Login(CLOUD, True, after(-1)),
        Login(CLUSTER, False, after(60)),
        Login(CLUSTER, False, NOW + 2 * SOON),
        Login(CLUSTER, False, after(60), renewed=True),
        Login(CLOUD, True),
    ]

    assert [(said.code, said["at"]) for said in ending(logins, NOW)] == [
        ("login.ended", "2026-01-02 03:04:04 UTC"),
        ("login.ends", "2026-01-02 03:05:05 UTC"),
    ]
