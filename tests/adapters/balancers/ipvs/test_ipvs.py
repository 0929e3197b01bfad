"""What only IPVS has: one server a command, the forwarding method that an edit would reset, and tables as they are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.adapters.balancers import balancer
from migrator.adapters.balancers.ipvs.driver import Ipvs
from migrator.adapters.balancers.ipvs.findings import of_host
from migrator.adapters.balancers.ipvs.table import services, thresholds
from migrator.adapters.balancers.process import Ended
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable, UsageError
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.contracts.rigs.ipvs import LISTENERS, Rig
from tests.words import refused

LISTING = """IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.9:80 wrr persistent 360 mask 255.255.255.0
  -> 10.0.0.1:80                  Route   65535  7          12
  -> 10.0.0.2:80                  Masq    0      0          0
UDP  10.0.0.9:53 rr
  -> 10.0.0.3:53                  Masq    1      0          9
TCP  [fd00::9]:80 wlc
  -> [fd00::1]:80                 Tunnel  1      0          0
FWM  1 wrr
  -> 10.0.0.4:0                   Route   1      0          0
"""


def spec(*listeners: str, **options: str) -> BalancerSpec:
    rows = tuple(ListenerSpec(name, 80) for name in listeners)
    return BalancerSpec("ipvs", "lvs", rows, options=tuple(options.items()))


def test_a_listing_is_read_with_forwarding_flags_and_both_address_families() -> None:
    found = services(LISTING)

    assert set(found) == {"10.0.0.9:80", "[fd00::9]:80"}
    first = found["10.0.0.9:80"]
    assert (first.scheduler, first.flags[:2]) == ("wrr", ("persistent", "360"))
    assert [(s.backend.address, s.forward, s.weight, s.active) for s in first.servers] == [
        ("10.0.0.1", "Route", 65535, 7),
        ("10.0.0.2", "Masq", 0, 0),
    ]
    assert found["[fd00::9]:80"].servers[0].backend.address == "fd00::1"


def test_thresholds_are_those_that_are_not_0() -> None:
    listing = "TCP  10.0.0.9:80\n  -> 10.0.0.1:80   100 50 0 0\n  -> 10.0.0.2:80   0 0 0 0\n"

    assert thresholds(listing) == ["10.0.0.9:80 -> 10.0.0.1:80"]


def test_an_edit_of_a_weight_keeps_how_the_server_is_forwarded(tmp_path: Path) -> None:
    rig = Rig(tmp_path, (10, 10), 2)
    rig.driver().set_weights(SetWeights((Weighted(rig.standing[0], 3),)))

    server = rig.state()["services"][LISTENERS[0]]["servers"][f"{rig.standing[0].address}:8080"]
    assert (server["forward"], server["weight"]) == ("Masq", 3)


def test_a_new_server_is_forwarded_like_the_others_of_its_service(tmp_path: Path) -> None:
    rig = Rig(tmp_path, (10, 10), 2)
    rig.driver().register(Register((rig.spare[0],)))

    assert rig.state()["log"] == [["-a", "-t", LISTENERS[0], "-r", f"{rig.spare[0].address}:8080", "-m", "-w", "0"]]


def test_more_than_one_row_is_refused_before_anything_runs(tmp_path: Path) -> None:
    rig = Rig(tmp_path, (10, 10), 2)
    rows = tuple(Weighted(backend, 1) for backend in rig.standing)
    with refused(Refused, "ipvs.several-servers", servers=2):
        rig.driver().set_weights(SetWeights(rows))

    assert rig.sent() == []


def test_a_service_that_does_not_tell_how_to_forward_needs_the_option(tmp_path: Path) -> None:
    rig = Rig(tmp_path, (), 2)
    with refused(Refused, "ipvs.no-forward", service=LISTENERS[0]):
        rig.driver().register(Register((rig.spare[0],)))


def test_direct_routing_cannot_change_the_port() -> None:
    driver = Ipvs(lambda _: Ended(0, LISTING, ""), ("10.0.0.9:80",), "Route", None)
    with refused(Refused, "ipvs.fixed-port", forward="Route"):
        driver.register(Register((Backend("10.0.0.9:80", "10.0.0.7", 8080),)))


@pytest.mark.parametrize(
    ("ended", "error", "code"),
    [
        pytest.param(Ended(255, "", "ssh: connect refused"), Unreachable, "ipvs.no-answer", id="ssh failed"),
        pytest.param(Ended(-9, "", ""), Unreachable, "ipvs.no-answer", id="killed"),
        pytest.param(
            Ended(0, "TCP 10.0.0.9:80 wrr\n -> 10.0.0.1:80 Masq x 0 0", ""),
            Unreachable,
            "ipvs.unreadable-table",
            id="garbage",
        ),
        pytest.param(Ended(2, "", "Can't initialize ipvs: Permission denied"), Refused, "ipvs.refused", id="not root"),
        pytest.param(Ended(0, "", ""), Refused, "ipvs.no-service", id="no such service"),
    ],
)
def test_how_ipvsadm_ends_says_whether_to_wait_or_to_halt(ended: Ended, error: type[MigratorError], code: str) -> None:
    with refused(error, code):
        Ipvs(lambda _: ended, ("10.0.0.9:80",), "", None).targets()


def test_a_service_that_is_not_there_is_answered_with_those_that_are() -> None:
    driver = Ipvs(lambda _: Ended(0, LISTING, ""), ("10.0.0.9:80", "10.0.0.9:81"), "", None)
    with refused(Refused, "ipvs.no-service", services=("10.0.0.9:81",), there=("10.0.0.9:80", "[fd00::9]:80")):
        driver.targets()


def test_health_is_unknown_and_connections_are_counted() -> None:
    first = Ipvs(lambda _: Ended(0, LISTING, ""), ("10.0.0.9:80",), "", None).targets()[0]

    assert (first.health, first.sessions) == (Health.UNKNOWN, 7)


def test_a_server_with_weight_is_not_removed_even_alone(tmp_path: Path) -> None:
    rig = Rig(tmp_path, (10, 10), 2)
    with refused(Refused, "driver.has-weight", backends=(str(rig.standing[0]),)):
        rig.driver().deregister(Deregister((rig.standing[0],), consent=True))


def test_another_machines_settings_are_said_not_to_have_been_looked_at() -> None:
    assert [finding.code for finding in of_host(None)] == ["balancer.not-looked-at"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        pytest.param(spec("web"), "ipvs.no-service-name", id="a listener that is no address"),
        pytest.param(spec("10.0.0.9:80", forward="nat"), "ipvs.unknown-forward", id="an unknown method"),
        pytest.param(spec("10.0.0.9:80", forwrd="masq"), "driver.unknown-option", id="an unknown option"),
        pytest.param(spec("10.0.0.9:80", command="'x"), "process.command-unreadable", id="quotes that do not match"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(bad: BalancerSpec, code: str) -> None:
    with refused(UsageError, code):
        balancer(bad)


def test_a_good_plan_starts_nothing_by_being_read() -> None:
    reader, _ = balancer(spec("10.0.0.9:80", command="/nowhere/ipvsadm", forward="masq"))

    assert reader.address() == "10.0.0.9"
