"""The heartbeat renews two leases and remembers when either was lost."""

from __future__ import annotations

from threading import Event, Semaphore

import pytest

from migrator.domain.messages.errors import LeaseHeld, LeaseLost, MigratorError, Refused, StoreError, Unreachable
from migrator.domain.messages.message import say
from migrator.workflow.heartbeat import Heartbeat
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.words import refused


def beating(renew: object = lambda: None, cluster: FakeCluster | None = None, beat: float = 5.0) -> Heartbeat:
    return Heartbeat(renew, cluster or FakeCluster(FakeClock()), "us", beat)  # type: ignore[arg-type]


def test_both_leases_are_renewed_between_start_and_end() -> None:
    acquired, renewed = Event(), Event()

    class Willing(FakeCluster):
        def acquire(self, holder: str, seconds: int, over: object = None) -> None:
            acquired.set()

    with beating(renewed.set, Willing(FakeClock()), beat=0.01) as heartbeat:
        assert renewed.wait(5)
        assert acquired.wait(5)
        heartbeat.check()

    assert not any(thread.is_alive() for thread in heartbeat._threads)


def test_an_api_server_that_hangs_does_not_keep_the_stores_lease_from_being_renewed() -> None:
    """That one lapses after 15 s, and a way back must go on without the API server."""
    renewed, hanging, over = Semaphore(0), Event(), Event()

    class Hanging(FakeCluster):
        def acquire(self, holder: str, seconds: int, over_: object = None) -> None:
            hanging.set()
            over.wait(10)

    with beating(renewed.release, Hanging(FakeClock()), beat=0.01):
        assert hanging.wait(5)
        beats = [renewed.acquire(timeout=5) for _ in range(5)]
        over.set()

    assert all(beats)


@pytest.mark.parametrize(
    "error",
    [LeaseLost(say("lease.taken-over", by="ann")), LeaseHeld(say("lease.of-another", by="bob"))],
    ids=["the store's", "the cluster's"],
)
def test_a_lost_lease_ends_the_run_at_its_next_turn(error: MigratorError) -> None:
    cluster = FakeCluster(FakeClock())
    cluster.orders.fail("acquire", error)
    heartbeat = beating(cluster=cluster)

    heartbeat.once()

    with refused(LeaseLost, error.message.code, **dict(error.message.values)):
        heartbeat.check()


@pytest.mark.parametrize("error", [Unreachable("silent"), Refused("forbidden"), StoreError("locked")])
def test_silence_does_not_end_a_run(error: Exception) -> None:
    cluster = FakeCluster(FakeClock())
    cluster.orders.fail("acquire", error)
    heartbeat = beating(cluster=cluster)

    heartbeat.once()

    heartbeat.check()
