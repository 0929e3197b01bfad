"""Weights steer new connections, exactly; and nothing else."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.lab.clouds.world import Process, Server, until

pytestmark = pytest.mark.lab
Start = Callable[..., Server]


@pytest.mark.parametrize("share", [10, 50, 90])
def test_new_connections_follow_the_weights_exactly(process: Process, server: Start, share: int) -> None:
    old, new = server("old"), server("new")
    balancer = process.balancer({"targets": [old.target(100), new.target(0)]})

    assert balancer.cloud.weigh({old.key: 100 - share, new.key: share}) == 0
    balancer.settle()
    seen = Counter(balancer.who() for _ in range(200))

    assert seen == {"old": 2 * (100 - share), "new": 2 * share}


def test_three_old_and_five_new_targets_share_by_the_sum_of_their_weights(process: Process, server: Start) -> None:
    old, new = [server(f"old{at}") for at in range(3)], [server(f"new{at}") for at in range(5)]
    rows = [each.target(15) for each in old] + [each.target(1) for each in new]
    balancer = process.balancer({"targets": rows})

    seen = Counter(balancer.who() for _ in range(100))

    assert seen == {each.name: 30 for each in old} | {each.name: 2 for each in new}


def test_a_connection_lives_on_at_weight_zero_and_new_ones_go_elsewhere(process: Process, server: Start) -> None:
    old, new = server("old"), server("new")
    balancer = process.balancer({"targets": [old.target(10), new.target(0)]})
    kept = balancer.connect()
    assert kept.recv(64) == b"old"

    balancer.cloud.weigh({old.key: 0, new.key: 10})
    balancer.settle()

    assert {balancer.who() for _ in range(20)} == {"new"}
    kept.sendall(b"still here")
    assert kept.recv(64) == b"still here"
    assert balancer.stats()["targets"][old.text]["active"] == 1
    kept.close()
    until(lambda: balancer.stats()["targets"][old.text]["active"] == 0)


def test_without_a_target_a_client_is_reset(process: Process, server: Start) -> None:
    balancer = process.balancer({"targets": [server("old").target(0)]})

    with pytest.raises(ConnectionResetError):
        balancer.who()

    assert balancer.stats()["no_target"] == 1


def test_a_refusing_target_resets_its_share_of_clients_and_nobody_else_is_asked(
    process: Process, server: Start
) -> None:
    alive, dead = server("alive"), server("dead")
    dead.close()
    balancer = process.balancer({"targets": [alive.target(10), dead.target(10)]})

    answers = []
    for _ in range(20):
        try:
            answers.append(balancer.who())
        except ConnectionResetError:
            answers.append("reset")

    assert Counter(answers) == {"alive": 10, "reset": 10}
    counts = balancer.stats()["targets"][dead.text]
    assert (counts["refused"], counts["connections"], counts["active"]) == (10, 10, 0)


def test_listeners_have_targets_and_weights_of_their_own(process: Process, server: Start) -> None:
    old, new = server("old"), server("new")
    both = [old.target(10), new.target(0)]
    balancer = process.balancer({"targets": both}, {"targets": both})

    balancer.cloud.weigh({old.key: 0, new.key: 10}, "lbl-2")
    balancer.settle()

    assert (balancer.who(0), balancer.who(1)) == ("old", "new")


def test_counts_are_kept_per_second_and_per_target(process: Process, server: Start) -> None:
    old = server("old")
    balancer = process.balancer({"targets": [old.target()]})

    for _ in range(5):
        with balancer.connect() as sock:
            sock.recv(64)
            sock.sendall(b"12345678")
            sock.recv(64)

    counts = balancer.stats()["targets"][old.text]
    assert (counts["connections"], counts["bytes_in"], counts["bytes_out"]) == (5, 40, 5 * (3 + 8))
    assert sum(counts["series"].values()) == 5
    assert balancer.stats()["accepted"] == 5
