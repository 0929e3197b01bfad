"""One process at a time writes for a run, and a dead one keeps nobody waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from migrator.domain.messages.errors import LeaseHeld, LeaseLost, NotFound
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Op, SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.samples import Ruling, Verdict
from migrator.domain.observation.snapshot import Snapshot
from migrator.store import Journal, Store
from migrator.store.file.lock import _is_at
from tests.store.conftest import Driven
from tests.store.world import NEW, OLD, FakeClock, make_plan
from tests.words import refused

ROOT = Path(__file__).parents[3]


@contextmanager
def holder(store: Store, run_id: int, what: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds the run; it is gone when the block ends."""
    command = [sys.executable, "-m", "tests.store.holder", str(store.file), str(run_id), what]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() in ("holding", "intended", "forked")
        yield process
        process.send_signal(signal.SIGCONT)
        process.kill()


def test_a_killed_process_leaves_its_open_intent_and_the_run_is_taken_over_at_once(
    store: Store, clock: FakeClock
) -> None:
    plan = make_plan()
    run = store.create_run(plan)
    with holder(store, run.id, "die") as process:
        process.wait(timeout=10)
        before = clock.passed
        lease = store.acquire(run.id, "ann@ops pid 1")
    write = store.journal(run.id, lease).past(run, plan).open

    assert process.returncode == -signal.SIGKILL
    assert clock.passed == before, "a dead holder is not waited for"
    assert lease.taken_from == f"bob@ops pid {process.pid}"
    assert write is not None
    assert (write.action, write.op) == (SetWeights((Weighted(OLD, 90),)), None)
    lease.release()


def test_a_second_process_is_refused_and_told_who_holds_the_run_since_when(store: Store) -> None:
    run = store.create_run(make_plan())
    with holder(store, run.id, "hold") as process:
        assert store.holder(run.id) == f"bob@ops pid {process.pid}"
        with refused(LeaseHeld, "lease.held", by=f"bob@ops pid {process.pid}", since="2026-03-01 09:30:00 UTC"):
            store.acquire(run.id, "ann@ops pid 1")


def test_a_second_store_in_the_same_process_is_refused_too(store: Store, driven: Driven, clock: FakeClock) -> None:
    other = Store.open(store.file, clock)
    with pytest.raises(LeaseHeld):
        other.acquire(driven.run.id, "ann@ops pid 1")

    other.close()


def test_a_stopped_process_is_lost_after_30_s_and_finds_out_at_its_next_write(store: Store, clock: FakeClock) -> None:
    run = store.create_run(make_plan())
    with holder(store, run.id, "hold") as process:
        process.send_signal(signal.SIGSTOP)
        clock.sleep(30)
        with pytest.raises(LeaseHeld):
            store.acquire(run.id, "ann@ops pid 1")
        clock.sleep(0.1)
        lease = store.acquire(run.id, "ann@ops pid 1")
        process.send_signal(signal.SIGCONT)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go on\n")
        process.stdin.flush()

        assert process.stdout.readline().strip() == "lost"
    assert [event.kind for event in store.events(run.id)] == ["moved"]
    assert store.holder(run.id) == "ann@ops pid 1", "the lost holder's death frees nothing"
    lease.release()


def test_a_forked_child_does_not_keep_a_dead_processes_run(store: Store) -> None:
    run = store.create_run(make_plan())
    with holder(store, run.id, "fork") as process:
        process.kill()
        process.wait(timeout=10)

        assert store.holder(run.id) is None
        store.acquire(run.id, "ann@ops pid 1").release()


def test_a_released_run_has_no_holder_and_leaves_no_lock_behind(store: Store, driven: Driven) -> None:
    before = store.holder(driven.run.id)
    driven.lease.release()
    driven.lease.release()
    after = store.holder(driven.run.id)
    again = store.acquire(driven.run.id, "eve@ops pid 2")

    assert (before, after) == ("ann@ops pid 1", None)
    assert (again.epoch, again.taken_from) == (2, "")
    again.release()
    assert not list(store.file.parent.glob("*.lock"))


NOTE = verbatim("a note")
WRITES = {
    "intend": lambda journal, run: journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(NEW, 1),)), NOTE),
    "accept": lambda journal, run: journal.accept(1, Op("tencent")),
    "settle": lambda journal, run: journal.settle(1),
    "fail": lambda journal, run: journal.fail(1, NOTE),
    "ask": lambda journal, run: journal.ask(NOTE),
    "approve": lambda journal, run: journal.approve(NOTE, "ann"),
    "move": lambda journal, run: journal.move(run, state=State.RUNNING, cursor=1),
    "put": lambda journal, run: journal.put("soak", 1.0, "ann"),
    "verdict": lambda journal, run: journal.verdict(Verdict(Ruling.PASS, NOTE, "")),
    "note": lambda journal, run: journal.note("a", NOTE),
    "tally": lambda journal, run: journal.tally("a", {"b": 1}),
    "passed": lambda journal, run: journal.passed(1.0, 1),
    "ruled": lambda journal, run: journal.ruled(Ruling.HOLD, 1.0),
    "looked": lambda journal, run: journal.looked(Snapshot()),
    "obeyed": lambda journal, run: journal.obeyed(1, NOTE),
    "renew": lambda journal, run: journal._lease.renew(),
}


def test_every_write_of_the_journal_is_in_the_table_above() -> None:
    public = {name for name in vars(Journal) if not name.startswith("_")}

    assert public - {"past"} == set(WRITES) - {"renew"}


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_that_was_followed_writes_nothing(store: Store, driven: Driven, clock: FakeClock, write: str) -> None:
    clock.sleep(10)
    driven.lease.renew()
    before = store.past(driven.run, driven.plan), store.events(driven.run.id), store.run(driven.run.id)
    clock.sleep(31)
    follower = store.acquire(driven.run.id, "eve@ops pid 2")
    with pytest.raises(LeaseLost):
        WRITES[write](driven.journal, driven.run)

    assert (store.past(driven.run, driven.plan), store.events(driven.run.id), store.run(driven.run.id)) == before
    follower.release()


def test_a_holder_that_could_not_renew_for_15_s_intends_nothing_until_it_can(driven: Driven, clock: FakeClock) -> None:
    clock.sleep(15)
    driven.lease.check()
    clock.sleep(0.1)
    with refused(LeaseLost, "lease.not-renewed", run=driven.run.id):
        driven.lease.check()
    with refused(LeaseLost, "lease.not-renewed", run=driven.run.id):
        driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(NEW, 1),)), NOTE)
    driven.lease.renew()
    driven.lease.check()

    assert driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(NEW, 1),)), NOTE) > 0


def test_what_already_happened_is_still_written_down_by_a_silent_holder(driven: Driven, clock: FakeClock) -> None:
    entry = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(NEW, 1),)), NOTE)
    clock.sleep(20)
    driven.journal.accept(entry, Op("tencent", "t-1"))

    past = driven.journal.past(driven.run, driven.plan)
    assert past.open is not None
    assert past.open.op == Op("tencent", "t-1")


def test_a_lease_is_alive_for_30_s_after_it_was_renewed(driven: Driven, clock: FakeClock) -> None:
    renewed = clock.monotonic()

    assert driven.lease.alive(renewed + 30)
    assert not driven.lease.alive(renewed + 30.1)


def test_a_run_that_is_not_there_cannot_be_held_and_leaves_no_lock(store: Store) -> None:
    with pytest.raises(NotFound):
        store.acquire(99, "ann@ops pid 1")

    assert not list(store.file.parent.glob("*.lock"))


def test_of_many_that_come_at_once_one_gets_the_run(store: Store) -> None:
    run = store.create_run(make_plan())
    begin, won, lost = threading.Barrier(6), [], []

    def try_it(number: int) -> None:
        begin.wait()
        try:
            won.append(store.acquire(run.id, f"u@h pid {number}"))
        except LeaseHeld as error:
            lost.append(error)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 5)
    won[0].release()


def test_the_heartbeat_renews_while_the_driver_writes(driven: Driven, store: Store) -> None:
    failures: list[BaseException] = []

    def renew() -> None:
        try:
            for _ in range(40):
                driven.lease.renew()
        except BaseException as error:  # noqa: BLE001  (handed to the test)
            failures.append(error)

    heartbeat = threading.Thread(target=renew)
    heartbeat.start()
    for number in range(40):
        driven.journal.note("turn", verbatim(str(number)))
    heartbeat.join()

    assert not failures
    assert len(store.events(driven.run.id)) == 41
    assert store.verify_chain(driven.run.id) is None


def test_the_lock_files_are_private(store: Store, driven: Driven) -> None:
    (lock,) = store.file.parent.glob("*.lock")

    assert os.stat(lock).st_mode & 0o777 == 0o600


def test_a_lock_on_a_file_that_its_last_holder_removed_meanwhile_is_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "run.lock"
    with file.open("w") as opened_before_it_went:
        there = _is_at(file, opened_before_it_went.fileno())
        file.unlink()
        gone = _is_at(file, opened_before_it_went.fileno())
        file.touch()
        another = _is_at(file, opened_before_it_went.fileno())

    assert (there, gone, another) == (True, False, False)


def test_a_holder_that_was_stopped_learns_who_carries_the_run_out_now(
    store: Store, driven: Driven, clock: FakeClock
) -> None:
    """SIGSTOP for a minute: when it wakes up, another process has the run."""
    clock.sleep(60.0)
    taken = store.acquire(driven.run.id, "eve@ops pid 2")

    with refused(LeaseLost, "lease.taken-over", run=driven.run.id, by="eve@ops pid 2"):
        driven.lease.check()
    taken.release()


def test_a_store_that_cannot_be_read_names_no_successor(driven: Driven, clock: FakeClock, file: Path) -> None:
    clock.sleep(60.0)
    file.write_bytes(b"no database any more" * 300)

    with refused(LeaseLost, "lease.not-renewed", run=driven.run.id):
        driven.lease.check()
