"""What a cloud's monitoring says of its balancer: the same stories against every driver whose cloud has one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from migrator.domain.balancers.monitoring import Reported
from migrator.domain.judging.own.late import summed
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.model.balancer import Side
from migrator.domain.ports.balancer import MonitorsLate
from tests.contracts.balancer import Can, Driver, Rig, needs, until


def monitoring(driver: Driver) -> MonitorsLate:
    assert isinstance(driver, MonitorsLate)
    return driver


def healthy(rows: Iterable[Reported]) -> int:
    return sum(summed(rows, side).healthy or 0 for side in (*Side, None))


@needs(Can.MONITORED)
def test_the_clouds_figures_tell_how_many_backends_are_healthy_in_whole_periods(rig: Rig) -> None:
    driver = monitoring(rig.driver())

    until(lambda: healthy(driver.reported()) > 0)

    rows = driver.reported()
    assert healthy(rows) == len(rig.standing)
    assert not any(summed(rows, side).unhealthy for side in (*Side, None))
    assert rig.sent() == []


@needs(Can.MONITORED)
def test_the_clouds_figures_tell_of_an_unhealthy_backend_later(rig: Rig) -> None:
    driver = monitoring(rig.driver())
    rig.sicken(rig.standing[0])

    until(lambda: healthy(driver.reported()) == len(rig.standing) - 1)


@needs(Can.MONITORED)
def test_a_monitoring_that_cannot_be_asked_is_an_error_of_the_port_and_no_figure(rig: Rig) -> None:
    with pytest.raises(Unreachable):
        monitoring(rig.unplugged()).reported()

    driver, secret = rig.stranger()
    with pytest.raises(Refused) as caught:
        monitoring(driver).reported()
    assert secret not in str(caught.value.message)
