"""What a run costs: `python -m tests.bench.bench_run` migrates a lab twice under load and prints a table of measures.

It asserts nothing: the numbers depend on the machine, which the table names.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from migrator.lab.demo.loading import Load
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record
from tests.scenarios.ground import PARTS, Ground, clear, ground
from tests.scenarios.operator import Json, Operator
from tests.scenarios.reaction import reaction, strike, trouble_of

SOAK, KEEP = 10.0, 10.0
DAY = {"traffic_soak": f"{SOAK:g}s", "traffic_maxSoak": "60s", "cleanup_keepOld": f"{KEEP:g}s", "drain_timeout": "10s"}
WAITS = ("AwaitReady", "Drain old", "Detach old", "Retire")
"""Steps whose time is the world's: pods that start, connections that end, the balancer's floor, pods that go."""

PRODUCTION = 4 * 600.0 + 3600.0
"""Seconds of soaks in a plan of four shares of 10 minutes and an hour of keeping the old side."""

BUSY = {
    "name": "bench",
    "groups": [
        {"kind": "new-connection", "clients": 20, "rate": 12.0},
        {"kind": "keep-alive", "clients": 10, "rate": 4.0},
        {"kind": "websocket", "clients": 4, "path": "/ws", "lasts": 8.0},
    ],
}
RSS_EVERY = 0.2


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(net="auto", parts=PARTS)
        with lifecycle.running(scenario, Path(folder) / "lab") as record:
            with kubeconfig.connect(Path(record.kubeconfig)) as http:
                clear(Cluster(http), GATEWAY_NAMESPACE, record)
            show(undisturbed(record, Path(folder) / "one"))
            show(disturbed(record, Path(folder) / "two"))


def show(rows: Iterator[tuple[str, str, str]]) -> None:
    """Print measures as they come, each with its goal, and how busy the machine was."""
    for name, value, goal in rows:
        print(f"{name:<32} {value:>32}  {goal}", flush=True)
    print(f"{'':<32} load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)


def undisturbed(record: Record, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Migrate from end to end: overhead beyond soaks and waits, and memory."""
    with staged(record, folder, 1) as (stage, operator):
        operator.plan(**DAY)
        with stage.clients() as load:
            running = operator.run()
            with memory(running.pid) as most:
                code = operator.ends(running, within=300.0)
            totals = load.end()["totals"]
        report = operator.report()
    took = {step["title"]: step["seconds"] for step in report["steps"]}
    whole, waits = sum(took.values()), sum(took.get(title, 0.0) for title in WAITS)
    soaks = sum(SOAK for title in took if title.startswith("Shift")) + KEEP
    over = whole - waits - soaks
    yield "run", f"{report['state']}, exit {code}", "completed"
    yield "requests sent / lost / bad", f"{totals['sent']} / {totals['lost']} / {totals['bad']}", "0 lost"
    yield "the whole run", f"{whole:.1f} s", ""
    yield "  its soaks and waits", f"{soaks:.0f} + {waits:.1f} s", ""
    yield "  overhead", f"{over:.1f} s = {100 * over / (soaks + waits):.1f} %", "of this plan of short soaks"
    yield "  overhead of 4 x 10 min + 1 h", f"{100 * over / PRODUCTION:.2f} %", "goal 3 %; from the seconds above"
    yield "memory (RSS), most", f"{max(most) / 1024:.0f} MiB", ""


def disturbed(record: Record, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Kill it at half of the traffic, resume, then let two new gateways answer with errors."""
    with staged(record, folder, 2) as (stage, operator):
        operator.plan(**DAY)
        mix = folder / "mix.json"
        mix.write_text(json.dumps(BUSY), encoding="utf-8")
        with stage.clients(str(mix)) as load:
            running = operator.run()
            operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"), within=240.0)
            operator.kill(running)
            last = operator.events()[-1].id
            running, began = operator.begin("resume"), time.time()
            first = operator.await_("a row", lambda eye: eye.rows[-1].id > last).rows
            row = next(row for row in first if row.id > last)
            taken = datetime.fromisoformat(operator.acquired()[0]).replace(tzinfo=UTC)
            rate = new_rate(load, stage)
            trouble = trouble_of(stage, "errors")
            struck = strike(trouble, operator)
            code = operator.ends(running)
            totals = load.end()["totals"]
        report = operator.report()
        times = reaction(load, trouble, struck, report)
    yield from resumed(row.at, taken, began)
    yield "requests/s on the new side", f"{rate:.0f}", "at least 100 for the goal below"
    yield from reacted(times.first_bad, times.verdict, times.last_bad)
    yield (
        "after it: state / lost / bad",
        f"{report['state']}, exit {code} / {totals['lost']} / {totals['bad']}",
        "0 lost",
    )


def resumed(first: datetime, taken: datetime, began: float) -> Iterator[tuple[str, str, str]]:
    """Give the latency of a resume after kill -9."""
    yield "resume: lease to first act", f"{(first - taken).total_seconds():.2f} s", "goal 1 s"
    yield "resume: command to lease", f"{taken.timestamp() - began:.2f} s", "starting Python included"


def reacted(bad: float | None, verdict: float | None, last: float | None) -> Iterator[tuple[str, str, str]]:
    """Give the reaction; nothing where one of the three never happened."""
    if bad is None or verdict is None or last is None:
        yield "reaction", "none seen", ""
        return
    yield "first bad answer to verdict", f"{verdict - bad:.2f} s", "goal 3 s"
    yield (
        "first bad answer to cut-off",
        f"{last - bad:.2f} s",
        "goal 3 s plus propagation (0.5 s): when the last bad one began",
    )


def new_rate(load: Load, stage: Ground) -> float:
    """Measure the answers per second of the new gateways, over two seconds of the running load."""

    def answers() -> tuple[float, int]:
        found: Json = load.live()
        return found["t"], sum(n for gateway, n in found["gateways"].items() if stage.is_new(gateway))

    began, before = answers()
    time.sleep(2.5)
    ended, after = answers()
    return (after - before) / (ended - began)


@contextmanager
def memory(pid: int) -> Iterator[list[int]]:
    """Sample a process's resident memory in KiB for the length of a block."""
    sizes, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(RSS_EVERY):
            try:
                lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
            except OSError:
                return
            sizes.extend(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield sizes
    finally:
        over.set()
        thread.join()


@contextmanager
def staged(record: Record, folder: Path, number: int) -> Iterator[tuple[Ground, Operator]]:
    """Give a ground and an operator, whose processes end with the block."""
    with ground(record, folder, number) as stage:
        operator = Operator(stage, folder / "migrator.db")
        try:
            yield stage, operator
        finally:
            operator.close()


if __name__ == "__main__":
    main()
