"""The heartbeat renews two leases and remembers when either was lost."""

from __future__ import annotations

from math import inf
from threading import Event, Semaphore

import pytest

from migrator.domain.messages.errors import LeaseHeld, LeaseLost, MigratorError, Refused, StoreError, Unreachable
from migrator.domain.messages.message import say, verbatim
from migrator.workflow.heartbeat import Heartbeat
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.words import refused


def beating(renew: object = lambda: None, cluster: FakeCluster | None = None, beat: float = 5.0) -> Heartbeat:
    return Heartbeat(renew, cluster or FakeCluster(FakeClock()), "us", beat)  # type: ignore[arg-type]


def test_both_leases_are_renewed_between_start_and_end() -> None:
    acquired, renewed = Event(), Event()

    class Willing(FakeCluster):
        def acquire(self, holder: str, seconds: int, over: object = None, anew: bool = True) -> None:
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
        def acquire(self, holder: str, seconds: int, over_: object = None, anew: bool = True) -> None:
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


def test_a_process_that_wakes_up_takes_nothing_back_and_names_who_has_the_run_now() -> None:
    """It was stopped; another store adopted the run meanwhile, and left its Lease run out."""
    clock = FakeClock()
    cluster = FakeCluster(clock)
    heartbeat = beating(cluster=cluster)
    heartbeat.once()
    clock.advance(60.0)
    cluster.acquire("eve@laptop run 1 store ab", 1)
    clock.advance(60.0)

    heartbeat.once()

    with refused(LeaseLost, "lease.gateway-lost", holder="eve@laptop run 1 store ab"):
        heartbeat.check()


def given_back_for(passed: float, monkeypatch: pytest.MonkeyPatch) -> tuple[FakeCluster, Heartbeat]:
    """Give a cluster whose Lease was ours and was given back by somebody, and our heartbeat after its next beat."""
    seconds = [1000.0]
    monkeypatch.setattr("migrator.workflow.heartbeat._now", lambda: (seconds[0], seconds[0]))
    cluster = FakeCluster(FakeClock())
    heartbeat = beating(cluster=cluster)
    heartbeat.once()
    cluster.release("us")
    seconds[0] += passed
    heartbeat.once()
    return cluster, heartbeat


def test_a_process_that_wakes_up_does_not_make_the_lease_anew_that_somebody_has_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another store took the run over meanwhile, ended it, and gave its Lease back: there is no run to go on with."""
    _, heartbeat = given_back_for(31.0, monkeypatch)

    with refused(LeaseLost, "lease.gateway-gone"):
        heartbeat.check()


def test_a_lease_that_somebody_deletes_under_a_living_process_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else can have had it: it had not run out."""
    cluster, heartbeat = given_back_for(29.0, monkeypatch)

    heartbeat.check()
    assert cluster._lease[0] == "us"


def test_what_left_nothing_half_way_is_taken_over_again() -> None:
    clock = FakeClock()
    cluster = FakeCluster(clock)
    heartbeat = Heartbeat(lambda: None, cluster, "us", over=lambda holder: holder.endswith(" calibrate"))
    heartbeat.once()
    clock.advance(60.0)
    cluster.acquire("eve@laptop calibrate", 1)
    clock.advance(60.0)

    heartbeat.once()

    heartbeat.check()


@pytest.mark.parametrize(
    "error", [Unreachable(verbatim("silent")), Refused(verbatim("forbidden")), StoreError(verbatim("locked"))]
)
def test_silence_does_not_end_a_run(error: Exception) -> None:
    cluster = FakeCluster(FakeClock())
    cluster.orders.fail("acquire", error)
    heartbeat = beating(cluster=cluster)

    heartbeat.once()

    heartbeat.check()


def test_an_error_that_is_not_ours_ends_no_beat(caplog: pytest.LogCaptureFixture) -> None:
    """A library's own error while a token is renewed: the next beat tries again, and the log has it."""
    renewed = Semaphore(0)

    def breaking() -> None:
        renewed.release()
        raise RuntimeError("a library's own")

    with beating(breaking, beat=0.01) as heartbeat:
        assert all([renewed.acquire(timeout=5) for _ in range(3)])
        heartbeat.check()

    assert "lease.broken" in caplog.text


def test_how_long_the_clusters_lease_was_not_renewed_is_known() -> None:
    cluster = FakeCluster(FakeClock())
    heartbeat = beating(cluster=cluster)
    heartbeat.once()
    fresh = heartbeat._renewed
    heartbeat._renewed = (fresh[0], fresh[1] - 1000.0)  # the machine slept: only the wall clock has gone on

    assert heartbeat.unrenewed() >= 1000.0
    cluster.orders.fail("acquire", Unreachable(verbatim("gone")))
    heartbeat.once()
    assert heartbeat.unrenewed() >= 1000.0
    heartbeat.once()
    assert heartbeat.unrenewed() < 1000.0


@pytest.mark.parametrize("taken", [True, False])
def test_a_lease_that_this_process_never_had_counts_as_silent_for_ever(taken: bool) -> None:
    cluster = FakeCluster(FakeClock())
    heartbeat = Heartbeat(lambda: None, cluster, "us", taken=taken)
    assert (heartbeat.unrenewed() == inf) is not taken
    cluster.orders.fail("acquire", Unreachable(verbatim("gone")))
    heartbeat.once()
    if not taken:
        with pytest.raises(Unreachable) as found:
            heartbeat.require_renewed()
        assert found.value.message == say("lease.run-out", silent=None)

    heartbeat.once()

    heartbeat.require_renewed()
    assert heartbeat.unrenewed() < inf


def test_a_lease_that_has_run_out_is_perhaps_somebody_elses() -> None:
    heartbeat = beating()
    heartbeat.once()
    heartbeat.require_renewed()
    heartbeat._renewed = (heartbeat._renewed[0] - 31.0, heartbeat._renewed[1])

    with pytest.raises(Unreachable) as found:
        heartbeat.require_renewed()

    assert found.value.message.code == "lease.run-out"


def test_the_stores_lease_is_renewed_at_once_for_a_silent_cluster_may_have_been_asked_since_it_was_taken() -> None:
    renewed: list[int] = []

    with beating(lambda: renewed.append(1), beat=60.0):
        first = list(renewed)

    assert first == [1]
