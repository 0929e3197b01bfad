"""What remembering costs: `python -m tests.bench.bench_store [FOLDER]` prints milliseconds, on the disk of FOLDER."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Op, Register, SetWeights
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.model.samples import Rate, Ruling, Verdict
from migrator.store import Journal, Store
from tests.bench.before import PAST_MS
from tests.bench.beside import head, line, medians, printed
from tests.store.world import make_plan

ROWS = 10_000
BATCH = tuple(Weighted(Backend("lbl-80", f"10.1.{n // 250}.{n % 250}", 80, f"ins-{n}"), n % 100) for n in range(500))


class RealClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Give the wall time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give the seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def measure(name: str, times: int, act: Callable[[], object], alive: Callable[[], object] = lambda: None) -> None:
    """Do it so often and print the median and the worst of the best 99 %; `alive` is called between, untimed."""
    took: list[float] = []
    for _ in range(times):
        alive()
        begin = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - begin))
    took.sort()
    print(f"{name:58} {statistics.median(took):9.2f} {took[int(0.99 * (times - 1))]:9.2f}")


def write(journal: Journal, rows: int) -> None:
    """Journal one write from its intent to its settling."""
    entry = journal.intend(Heading.FORWARD, 0, SetWeights(BATCH[:rows]), verbatim("one chunk"))
    journal.accept(entry, Op("tencent", "task-1"))
    journal.settle(entry)


def main(folder: str) -> None:
    """Measure on a store in `folder`."""
    clock = RealClock()
    store = Store.open(Path(folder) / "bench.db", clock)
    plan = make_plan(old=BATCH)
    run = store.create_run(plan)
    lease = store.acquire(run.id, "bench")
    journal = store.journal(run.id, lease)
    run = journal.move(run, state=State.RUNNING)
    journal.settle(
        journal.intend(Heading.FORWARD, 0, Register(tuple(row.backend for row in BATCH)), verbatim("attach"))
    )
    print(f"{'milliseconds':58} {'median':>9} {'99 %':>9}")
    measure("a turn that only waits: past + pending", 200, lambda: (journal.past(run, plan), store.pending(run.id)))
    measure("a turn that judges: past + pending + passed", 200, lambda: judge(store, journal, run, plan))
    measure(
        "a verdict",
        100,
        lambda: journal.verdict(Verdict(Ruling.PASS, verbatim("0 of 200"), "scrape", Rate(200), Rate(200))),
    )
    measure("a write of 2 rows: intended, accepted, settled", 100, lambda: write(journal, 2), lease.renew)
    measure("a write of 500 rows: intended, accepted, settled", 20, lambda: write(journal, 500), lease.renew)
    measure("a renewal of the lease", 100, lease.renew)
    for number in range((ROWS - len(store.events(run.id))) // 3):
        write(journal, 1 + number % 3)
        journal.past(run, plan)  # as a turn does: that is when a checkpoint is kept
        lease.renew()
    print(f"with {len(store.events(run.id))} rows in the journal")
    journal.past(run, plan)
    measure("past, by the process that was there", 200, lambda: journal.past(run, plan))
    measure("pending", 200, lambda: store.pending(run.id))
    measure("past, from the newest checkpoint", 20, lambda: store.past(run, plan))
    measure("the newest 20 events", 100, lambda: store.events(run.id, after=ROWS - 20, limit=20))
    measure("checking the whole chain", 3, lambda: store.verify_chain(run.id))
    measure("opening the store for reading and asking its run", 20, lambda: glance(store.file, clock))
    lease.release()
    store.close()
    head("a new process's first past (median of 9)")
    line("  wall", medians(9, partial(first_past, store.file, "wall")), 100, recorded=PAST_MS)
    line("  its own processor time", medians(9, partial(first_past, store.file, "own")), 100)
    script = "from migrator.store import Store"
    measure("a python that imports the store", 5, lambda: subprocess.run([sys.executable, "-c", script], check=True))
    measure("a python that does nothing", 5, lambda: subprocess.run([sys.executable, "-c", ""], check=True))


PAST = """
import sys, time
from datetime import UTC, datetime
from types import SimpleNamespace
from migrator.store import StoreReader
class Clock:
    def now(self): return datetime.now(UTC)
store = StoreReader.opened(sys.argv[1], Clock())
run = store.run(1)
plan = SimpleNamespace(id=run.plan_id, meant=())  # an older checkout cannot read a newer plan, nor need it here
wall, own = time.perf_counter(), time.process_time()
past = store.past(run, plan)
print({"wall": time.perf_counter() - wall, "own": time.process_time() - own}[sys.argv[2]] * 1000)
"""


def first_past(file: Path, what: str, name: str, checkout: Path, python: Path) -> float:
    """Give the milliseconds that the first look at the past takes in a new process; an older one has its older schema."""
    meant = file if name == "now" else older(file)
    return float(printed(python, checkout, PAST, (str(meant), what)))


def older(file: Path) -> Path:
    """Give a copy of the store as schema 0003 had it, without checkpoints."""
    copy = file.with_name("older.db")
    if not copy.exists():
        with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(copy)) as then:
            now.backup(then)
            then.executescript("DROP TABLE checkpoints; UPDATE alembic_version SET version_num = '0003'; VACUUM")
    return copy


def judge(store: Store, journal: Journal, run: Run, plan: object) -> None:
    """Do what a turn under the judge does."""
    journal.past(run, plan)  # type: ignore[arg-type]  # the plan is handed through
    store.pending(run.id)
    journal.passed(1.0, 40)


def glance(file: Path, clock: RealClock) -> None:
    """Do what `status` does first."""
    store = Store.open(file, clock, reading=True)
    store.run("istio-ingress")
    store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        main(place)
