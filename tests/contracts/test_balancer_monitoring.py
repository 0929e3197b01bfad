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


def backends(rows: Iterable[Reported], which: str) -> int | None:
    """Give how many backends the newest figures call so, of all sides; None where the cloud has no such figure."""
    known = [found for side in (*Side, None) if (found := getattr(summed(rows, side), which)) is not None]
    return sum(known) if known else None


@needs(Can.MONITORED)
def test_the_clouds_figures_tell_how_many_backends_are_healthy_in_whole_periods(rig: Rig) -> None:
    driver = monitoring(rig.driver())

    until(lambda: backends(driver.reported(), "unhealthy") is not None)
    until(lambda: backends(driver.reported(), "healthy") in {None, len(rig.standing)})  # its checks pass one by one

    assert backends(driver.reported(), "unhealthy") == 0
    assert rig.sent() == []


@needs(Can.MONITORED)
def test_the_clouds_figures_tell_of_an_unhealthy_backend_later(rig: Rig) -> None:
    driver = monitoring(rig.driver())
    rig.sicken(rig.standing[0])

    until(lambda: backends(driver.reported(), "unhealthy") == 1)


@needs(Can.MONITORED)
def test_a_monitoring_that_cannot_be_asked_is_an_error_of_the_port_and_no_figure(rig: Rig) -> None:
    with pytest.raises(Unreachable):
        monitoring(rig.unplugged()).reported()

    driver, secret = rig.stranger()
    with pytest.raises(Refused) as caught:
        monitoring(driver).reported()
    assert secret not in str(caught.value.message)
