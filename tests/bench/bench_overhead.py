"""Where the seconds of a run go: `python -m tests.bench.bench_overhead` runs the demonstration and prints a row per step.

`... bench_overhead STORE [TRACE]` does the same for the newest run of a store that is there. Of each step's wall time, what the
plan or the balancer's driver asks for is taken away first: soaks, the judge's last window, the time in which a weight reaches
the data plane, the drain's deadline and floor, pods that start and end. (Less than nothing: a soak also counts the sample
within which its step began.) The rest is the run's own, and is split by what the
driver's thread did in it: reads, writes, commits, naps (it waited for news), thought. Beside it stands commit 0730ce6.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from migrator.lab.demo.command_line import Production, plan_for
from migrator.lab.demo.demonstration import PARTS, staged
from migrator.lab.ground.layout import Scenario
from tests.bench.before import COMMIT, DEMO_S, OVERHEAD

KINDS = ("read", "write", "commit", "nap")
Span = tuple[float, float]
GOAL = 12.0
WAITING = ("await-ready", "drain", "detach", "retire")


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its wall seconds, the soak and the declared waits in it, and its own seconds by what was done in them."""

    title: str
    whole: float
    soak: float
    declared: float
    own: Mapping[str, float]

    @property
    def overhead(self) -> float:
        """Give what is neither soak nor a declared wait."""
        return self.whole - self.soak - self.declared


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the route as it was stored, when it began and ended, and when its last write was read back."""

    of: Mapping[str, Any]
    began: float
    ended: float
    settled: float | None

    @property
    def title(self) -> str:
        """Name it shortly."""
        share = f" {self.of['share']:g}" if self.of["kind"] == "shift" else ""
        return f"{self.of['kind']}{share}"

    @property
    def soak(self) -> float:
        """Give the seconds of watched time that the plan asks for, or the judge's last window."""
        return float(self.of.get("soak", 0.0) or self.of.get("window", 0.0))

    def declared(self, settle: float) -> float:
        """Give the seconds that the plan, the balancer's driver or the world's pods take in this step."""
        since = self.ended - (self.settled or self.began)
        match self.of["kind"]:
            case "await-ready":
                return self.ended - self.began
            case "retire":
                return since
            case "drain":
                return min(float(self.of["timeout"]), self.ended - self.began)
            case "detach":
                return min(float(self.of["floor"]), since)
            case "shift" | "rehearse-back" if self.settled is not None:
                return min(settle, since)
            case _:
                return 0.0

    def taken(self, settle: float) -> Span:
        """Give where the soak and the declared wait lie."""
        length = self.declared(settle) + self.soak
        begin = self.began if self.of["kind"] in ("await-ready", "drain") else self.settled or self.began
        return begin, begin + length


def steps(store: Path) -> tuple[list[Step], float]:
    """Read the steps of a store's newest run, and the seconds in which its balancer's data plane follows."""
    with sqlite3.connect(store) as db:
        run, plan = db.execute("SELECT id, plan_id FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        body = json.loads(db.execute("SELECT body FROM plans WHERE id = ?", [plan]).fetchone()[0])
        route = json.loads(
            db.execute("SELECT body FROM routes WHERE run_id = ? AND heading = 'forward'", [run]).fetchone()[0]
        )
        rows = db.execute("SELECT at, step, kind, data FROM journal WHERE run_id = ? ORDER BY id", [run]).fetchall()
    return list(_steps(route, rows)), float(body["seen"]["capabilities"]["settle"])


def _steps(route: list[Any], rows: list[tuple[str, int, str, str]]) -> Iterator[Step]:
    """Walk through the journal; a step begins where the one before was done."""
    began: float | None = None
    settled, cursor = None, 0
    for at, _, kind, data in rows:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
        if kind == "settled":
            settled = moment
        if kind != "moved":
            continue
        moved = json.loads(data)
        if began is None:
            began = moment if moved["state"] == "running" else None
        elif moved["cursor"] != cursor or moved["state"] == "completed":
            yield Step(route[cursor], began, moment, settled)
            began, settled, cursor = moment, None, moved["cursor"]


def split(found: list[Step], settle: float, calls: list[tuple[str, float, float]]) -> Iterator[Row]:
    """Give a row per step."""
    for step in found:
        taken = step.taken(settle)
        own = {
            kind: sum(_outside((max(a, step.began), min(b, step.ended)), taken) for what, a, b in calls if what == kind)
            for kind in KINDS
        }
        yield Row(step.title, step.ended - step.began, step.soak, step.declared(settle), own)


def _outside(span: Span, of: Span) -> float:
    """Give how much of a span lies outside of another; 0 for one that is empty."""
    if span[1] <= span[0]:
        return 0.0
    return span[1] - span[0] - max(0.0, min(span[1], of[1]) - max(span[0], of[0]))


def demonstrated(folder: Path) -> tuple[Path, Path]:
    """Run the demonstration with a traced process; give its store and its trace."""
    trace = folder / "trace.jsonl"

    class Traced(Production):
        def _argv(self, *command: str) -> list[str]:
            module = ("tests.bench.traced", str(trace)) if command[0] == "run" else ("migrator",)
            return [sys.executable, "-m", *module, *command]

    with staged(Scenario(net="auto", parts=PARTS), folder, lambda _words: None) as stage:
        production = Traced(folder / "bench.db", folder / "run.log")
        record = stage.record
        production.plan(plan_for(record.net, Path(record.kubeconfig), Path("plans/lab.yaml"), folder / "plan.yaml"))
        production.run().wait(240.0)
    return production.store, trace


def calls(trace: Path) -> list[tuple[str, float, float]]:
    """Read a trace."""
    return [(kind, began, over) for kind, began, over in map(json.loads, trace.read_text().splitlines())]


def show(rows: list[Row]) -> None:
    """Print a row per step, the sums, and what stood in the same place before."""
    heads = (
        "step",
        "whole",
        "soak",
        "declared",
        "own",
        "read",
        "write",
        "commit",
        "nap",
        "thought",
        "before: whole",
        "own",
    )
    print("{:14} {:>6} {:>6} {:>8} | {:>6} = {:>5} {:>5} {:>6} {:>5} {:>7} | {:>13} {:>6}".format(*heads))
    whole = Row(
        "all", *(sum(getattr(row, name) for row in rows) for name in ("whole", "soak", "declared")), _sums(rows)
    )
    for row in (*rows, whole):
        parts = [row.own[kind] for kind in KINDS]
        thought = row.overhead - sum(parts) if any(parts) else 0.0
        before = OVERHEAD.get(row.title)
        print(
            f"{row.title:14} {row.whole:6.2f} {row.soak:6.2f} {row.declared:8.2f} | {row.overhead:6.2f} = "
            + "{:5.2f} {:5.2f} {:6.2f} {:5.2f} {:7.2f} | ".format(*parts, thought)
            + ("{:13.2f} {:6.2f}".format(*before) if before else "")
        )
    counted = sum(row.whole - (row.soak if row.title != "confirm" else 0.0) for row in rows if row.title not in WAITING)
    print(
        f"as it was counted at {COMMIT} (settling and Confirm's window included): {counted:.1f} s, before {DEMO_S:g} s"
    )
    print(
        f"the run's own: {whole.overhead:.1f} s, goal {GOAL:g} s; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()}"
    )


def _sums(rows: list[Row]) -> dict[str, float]:
    return {kind: sum(row.own[kind] for row in rows) for kind in KINDS}


def main(*files: str) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        store, trace = (Path(files[0]), Path(*files[1:2])) if files else demonstrated(Path(folder))
        found, settle = steps(store)
        show(list(split(found, settle, calls(trace) if trace.is_file() else [])))


if __name__ == "__main__":
    main(*sys.argv[1:])
