"""The heartbeat renews two leases and remembers when either was lost."""

from __future__ import annotations

from threading import Event

import pytest

from migrator.domain.errors import LeaseHeld, LeaseLost, Refused, StoreError, Unreachable
from migrator.workflow.heartbeat import Heartbeat
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster


def beating(renew: object = lambda: None, cluster: FakeCluster | None = None, beat: float = 5.0) -> Heartbeat:
    return Heartbeat(renew, cluster or FakeCluster(FakeClock()), "us", beat)  # type: ignore[arg-type]


def test_both_leases_are_renewed_between_start_and_end() -> None:
    cluster, renewed = FakeCluster(FakeClock()), Event()

    with beating(renewed.set, cluster, beat=0.01) as heartbeat:
        assert renewed.wait(5)
        heartbeat.check()

    assert "acquire" in cluster.orders.calls
    assert not heartbeat._thread.is_alive()


@pytest.mark.parametrize("error", [LeaseLost("taken"), LeaseHeld("another's")], ids=["the store's", "the cluster's"])
def test_a_lost_lease_ends_the_run_at_its_next_turn(error: Exception) -> None:
    cluster = FakeCluster(FakeClock())
    cluster.orders.fail("acquire", error)
    heartbeat = beating(cluster=cluster)

    heartbeat.once()

    with pytest.raises(LeaseLost, match=str(error)):
        heartbeat.check()


@pytest.mark.parametrize("error", [Unreachable("silent"), Refused("forbidden"), StoreError("locked")])
def test_silence_does_not_end_a_run(error: Exception) -> None:
    cluster = FakeCluster(FakeClock())
    cluster.orders.fail("acquire", error)
    heartbeat = beating(cluster=cluster)

    heartbeat.once()

    heartbeat.check()
