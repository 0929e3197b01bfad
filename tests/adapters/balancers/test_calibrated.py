"""The reader says what was measured, whatever else its driver can say, and never holds a write."""

from __future__ import annotations

from datetime import timedelta

from migrator.adapters.balancers.calibrated import Calibrated, finding, identity
from migrator.domain.balancers.calibration import VALID
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Capabilities
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.ports.balancer import ChecksHealth, KnowsQuotas
from tests.domain.balancers.test_calibration import CAN, NOW, measured
from tests.fakes.balancer import FakeBalancer
from tests.fakes.clock import FakeClock


class Talkative(FakeBalancer):
    """A driver that can also say how it checks health."""

    def health_checks(self) -> tuple[HealthCheck, ...]:
        return ()


def test_what_was_measured_stands_in_the_capabilities_and_among_the_findings() -> None:
    reader = Calibrated(FakeBalancer(FakeClock(), CAN), measured(0.4, 0.5, 0.6), lambda: NOW)

    assert reader.capabilities() == Capabilities(settle=0.9, drain_floor=5.0)
    assert [found.code for found in reader.findings()] == ["balancer.settle"]


def test_what_only_some_drivers_can_say_is_kept() -> None:
    can, cannot = (Calibrated(kind(FakeClock()), None, lambda: NOW) for kind in (Talkative, FakeBalancer))

    assert isinstance(can, ChecksHealth)
    assert can.health_checks() == ()
    assert not isinstance(cannot, ChecksHealth)
    assert not isinstance(can, KnowsQuotas)


def test_a_reader_holds_no_write() -> None:
    reader = Calibrated(FakeBalancer(FakeClock()), None, lambda: NOW)

    assert not [name for name in ("register", "set_weights", "deregister") if hasattr(reader, name)]


def test_balancers_are_told_apart_by_where_they_are_asked() -> None:
    specs = [
        BalancerSpec("haproxy", "lb", (), options=(("socket", "/a"),)),
        BalancerSpec("haproxy", "lb", (), options=(("socket", "/b"),)),
        BalancerSpec("tencent", "lb", (), region="x"),
        BalancerSpec("tencent", "lb", (), region="y"),
    ]

    assert len({identity(spec) for spec in specs}) == 4


def test_an_old_measurement_is_said_to_be_too_old() -> None:
    found = measured(0.4, 0.5, 0.6, at=NOW - VALID - timedelta(seconds=1))

    assert finding(CAN, found, NOW)["why"] == say("calibration.old", days=90)


def test_nothing_measured_is_said_to_be_assumed() -> None:
    said = finding(CAN, None, NOW)

    assert (said.code, said.severity) == ("balancer.settle", Severity.INFO)
    assert (said.variant, said["seconds"]) == ("assumed", CAN.settle)


def test_what_was_measured_is_said_with_its_day() -> None:
    said = finding(CAN, measured(0.4, 0.5, 0.6), NOW)

    measurement = said["measured"]
    assert isinstance(measurement, Message)
    assert (said.variant, said["seconds"]) == ("", 0.9)
    assert (measurement["day"], measurement["longest"]) == ("2026-03-01", 0.6)


def test_too_few_tries_are_said_to_be_too_few() -> None:
    assert finding(CAN, measured(0.4), NOW)["why"] == say("calibration.few", enough=3)
