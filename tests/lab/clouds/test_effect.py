"""From accepted to in effect: the API shows a change first, the data plane follows, each target at its own moment."""

import time
from collections.abc import Callable

import pytest

from tests.lab.clouds.world import Balancer, Process, Server, until

pytestmark = pytest.mark.lab
Start = Callable[..., Server]


def test_a_new_weight_is_shown_before_it_steers(process: Process, server: Start) -> None:
    old, new = server("old"), server("new")
    timings = {"propagation_s": 0.5, "jitter_s": 0.1}
    balancer = process.balancer({"targets": [old.target(10), new.target(0)]}, timings=timings)

    balancer.cloud.weigh({old.key: 0, new.key: 10})
    shown = balancer.cloud.weights()
    still = balancer.who()
    balancer.settle()

    assert shown == {old.key: 0, new.key: 10}
    assert still == "old"
    assert balancer.who() == "new"
    accepted = next(each["at"] for each in balancer.log("call"))
    delays = [each["at"] - accepted for each in balancer.log("effective")]
    assert len(delays) == 2
    assert all(0.4 <= delay < 1.0 for delay in delays)


def test_the_newest_weight_wins_even_when_it_follows_at_once(process: Process, server: Start) -> None:
    old = server("old")
    timings = {"propagation_s": 0.2, "jitter_s": 0.2, "task_s": 0.0}
    balancer = process.balancer({"targets": [old.target(10)]}, timings=timings)

    for weight in (1, 2, 3, 4):
        balancer.cloud.weigh({old.key: weight})
    until(lambda: len(balancer.log("effective")) == 4)

    assert [each["weight"] for each in balancer.log("effective")] == [1, 2, 3, 4]
    assert balancer.stats()["targets"][old.text]["effective_weight"] == 4


@pytest.fixture
def held(process: Process, server: Start, request: pytest.FixtureRequest) -> tuple[Balancer, Server, Server]:
    """A balancer (listener options from the test) with one connection to "old", and "new" at weight 0."""
    old, new = server("old"), server("new")
    balancer = process.balancer({"targets": [old.target(10), new.target(0)], **getattr(request, "param", {})})
    client = balancer.connect()
    assert client.recv(64) == b"old"
    balancer.cloud.weigh({new.key: 10})
    return balancer, old, new


def test_a_deregistered_target_keeps_its_connections(held: tuple[Balancer, Server, Server]) -> None:
    balancer, old, _ = held
    client = balancer.process.clients[0]

    balancer.cloud.call("BatchDeregisterTargets", Targets=[_row(old)])
    until(lambda: balancer.stats()["targets"][old.text]["effective_weight"] is None)

    client.sendall(b"still here")
    assert client.recv(64) == b"still here"
    assert {balancer.who() for _ in range(5)} == {"new"}


@pytest.mark.parametrize("held", [{"deregister_rst": True}], indirect=True, ids=["DeregisterTargetRst"])
def test_a_deregistered_target_loses_its_connections_where_the_listener_says_so(
    held: tuple[Balancer, Server, Server],
) -> None:
    balancer, old, _ = held
    client = balancer.process.clients[0]

    balancer.cloud.call("BatchDeregisterTargets", Targets=[_row(old)])

    with pytest.raises(ConnectionResetError):
        client.recv(64)
    assert balancer.stats()["targets"][old.text]["cut"] == 1


@pytest.mark.parametrize(
    "held", [{"reschedule_zero_weight": True, "reschedule_interval_s": 0.2}], indirect=True, ids=["Reschedule"]
)
def test_weight_zero_cuts_connections_where_the_listener_reschedules(held: tuple[Balancer, Server, Server]) -> None:
    balancer, old, _ = held
    client = balancer.process.clients[0]
    flags = balancer.cloud.call("DescribeListeners").Listeners[0].AttrFlags

    began = time.monotonic()
    balancer.cloud.weigh({old.key: 0})
    with pytest.raises(ConnectionResetError):
        client.recv(64)

    assert flags == ["RescheduleTargetZeroWeight"]
    assert time.monotonic() - began >= 0.2


def test_a_cut_resets_the_server_s_side_too_while_a_client_is_sending(process: Process, server: Start) -> None:
    old = server("old", greet=False, echo=False)
    balancer = process.balancer({"targets": [old.target()], "deregister_rst": True})
    client = balancer.connect()
    backend = old.session()
    client.sendall(b"half a reques")

    balancer.cloud.call("BatchDeregisterTargets", Targets=[_row(old)])
    backend.settimeout(5)

    assert balancer.cloud.weights() == {}
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionResetError):
        list(iter(lambda: backend.recv(64), b""))


def _row(server: Server) -> dict[str, object]:
    return {"ListenerId": "lbl-1", "EniIp": server.key[0], "Port": server.key[1]}
