"""Requests of our own: where they go, and what came of them by the side that answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from migrator.app.load.account import account, names
from migrator.app.load.aim import CLIENTS, Bounds, aimed
from migrator.domain.messages.errors import Unreachable, UsageError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import source_ref
from migrator.lab.load.mix import NAMED
from tests.fakes.world import SPEC, FakeWorld
from tests.words import refused

TOTALS = {"sent": 10, "answered": 9, "lost": 1, "bad": 2, "wrong": 1, "cut": 0, "errors": {"reset": 1}}


class At:
    """A balancer that knows its address, or not."""

    def __init__(self, address: str) -> None:
        self._address = address

    def address(self) -> str:
        return self._address


def aim(address: str = "10.0.0.9", listener: str | None = None, path: str | None = None) -> Any:
    return aimed(SPEC, At(address), listener, path)  # type: ignore[arg-type]  # an address is all that is asked for


def test_the_first_listener_is_meant_unless_one_is_named() -> None:
    assert (aim().port, aim(listener="l-2").port, aim().tls) == (80, 80, False)
    with refused(UsageError, "load.no-listener", listener="l-9", there=("l-1", "l-2")):
        aim(listener="l-9")


def test_the_plans_address_counts_before_the_balancers_own_and_one_of_them_must_be_known() -> None:
    spec = replace(SPEC, balancer=replace(SPEC.balancer, address="edge.example"))

    assert aimed(spec, At(""), None, "/healthy").address == "edge.example"  # type: ignore[arg-type]  # as above
    with refused(UsageError, "load.no-address"):
        aim("")


def test_the_host_and_path_are_the_plans_probes() -> None:
    spec = replace(SPEC, gateway=replace(SPEC.gateway, probe_host="shop.example", probe_path="/ping"))
    found = aimed(spec, At("10.0.0.9"), None, None)  # type: ignore[arg-type]  # as above

    assert (found.host, found.path) == ("shop.example", "/ping")
    assert (aim().host, aim(path="/x").path) == ("10.0.0.9", "/x")


def test_an_answer_is_a_sides_only_where_it_names_a_pod_of_it() -> None:
    known = {"10.0.0.1": Side.OLD, "gw-ds-1": Side.NEW}
    gateways = {"10.0.0.1:8080": 4, "gw-ds-1": 3, "envoy": 1, "": 1}

    found = account({"totals": TOTALS, "gateways": gateways, "seconds": 5.0}, known)

    assert (found.old, found.new, found.unknown) == (4, 3, 2)
    assert found.errors == (("reset", 1),)
    assert not found.clean


def test_the_pods_of_a_side_are_known_by_name_and_address() -> None:
    world = FakeWorld()
    spec = world.plan().spec
    pods = world.cluster.workload(source_ref(spec)).pods

    assert names(spec, world.cluster) == {name: Side.OLD for pod in pods for name in (pod.ref.name, pod.ref.ip)}


def test_a_cluster_that_does_not_answer_names_nobody() -> None:
    world = FakeWorld()
    spec = world.plan().spec
    world.cluster.orders.fail("workload", Unreachable(verbatim("gone")), times=2)

    assert names(spec, world.cluster) == {}


def test_no_request_at_all_is_no_pass() -> None:
    nothing = {**TOTALS, "sent": 0, "answered": 0, "lost": 0, "bad": 0, "wrong": 0, "errors": {}}
    well = {**nothing, "sent": 3, "answered": 3}

    said = [account({"totals": totals, "gateways": {}, "seconds": 0.1}, {}).clean for totals in (nothing, well)]

    assert said == [False, True]


def test_the_most_that_is_announced_counts_the_request_that_each_client_may_have_begun() -> None:
    assert NAMED["plain"]().clients == CLIENTS
    assert Bounds(20.0, 12.0).most == 240 + CLIENTS
