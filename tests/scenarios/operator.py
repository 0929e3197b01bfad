"""The operator: migrator's command line as processes, the plan file it is given, and a reader's eye on its store."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from migrator.adapters.clock import SystemClock
from migrator.domain.model.runs import Heading, Run, State
from migrator.lab.ground.layout import SECRETS
from migrator.lab.process import spawn, stop
from migrator.store import Event, Kind, Store
from tests.scenarios.ground import Ground
from tests.words import text

Json = dict[str, Any]
LOOK_EVERY = 0.02
OPEN = (Kind.INTENDED, Kind.ACCEPTED)
ANSWERS_WITHIN = 60.0


def plan_file(ground: Ground, **changes: Any) -> Path:
    """Write the lab's plan for this ground; `changes` replace values by dotted path, with `_` for a dot."""
    content = yaml.safe_load(ground.template.read_text(encoding="utf-8"))
    spec = content["spec"]
    spec["cluster"] = {"kubeconfig": ground.known, "context": "lab", "namespace": ground.namespace}
    spec["target"]["ports"] = {"8080": ground.new_port}
    spec["loadBalancer"]["id"] = ground.balancer
    spec["loadBalancer"]["endpoint"] = ground.record.addresses["balancer"]
    for path, value in changes.items():
        *parents, last = path.split("_")
        here = spec
        for name in parents:
            here = here.setdefault(name, {})
        here[last] = value
    file = ground.folder / "plan.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


SHORT = {
    "traffic_soak": "2s",
    "traffic_minRequests": 50,
    "cleanup_keepOld": "2s",
    "drain_timeout": "10s",
}
"""Seconds that are enough for what is not about soaking."""


@dataclass(slots=True)
class Operator:
    """One store and the processes that were started on it; each has a log of its own."""

    ground: Ground
    store: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    # --- commands --------------------------------------------------------------------------------------------------

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that answers soon."""
        argv = [sys.executable, "-m", "migrator", *words]
        return subprocess.run(argv, env=self.env(), capture_output=True, text=True, timeout=ANSWERS_WITHIN, check=False)

    def plan(self, **changes: Any) -> Json:
        """Plan; the exit code must be 0. Gives the plan's JSON."""
        done = self.call("plan", str(plan_file(self.ground, **changes)), "--output", "json")
        found = self._json(done)
        assert done.returncode == 0, [row for row in found["plan"]["findings"] if row["severity"] == "block"]
        return found

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command that stays (`run --yes`, `resume`); what it prints goes to the next log."""
        with self._log(len(self.started)).open("wb") as out:
            popen = spawn([sys.executable, "-m", "migrator", *words], env=self.env(), stdout=out, stderr=out)
        self.started.append(popen)
        return popen

    def run(self) -> subprocess.Popen[bytes]:
        return self.begin("run", "--yes")

    def said(self, number: int = -1) -> str:
        """What the `number`th started process has printed so far."""
        at = range(len(self.started))[number]
        return self._log(at).read_text(encoding="utf-8", errors="replace")

    def runs(self) -> list[Json]:
        """The runs of this store, the newest first."""
        return list(self._json(self.call("list", "--output", "json"))["runs"])

    def report(self) -> Json:
        return dict(self._json(self.call("report", "--output", "json"))["run"])

    def status(self) -> Json:
        return dict(self._json(self.call("status", "--output", "json"))["run"])

    def ends(self, popen: subprocess.Popen[bytes], within: float = 150.0) -> int:
        """Wait for a process's own end and give its exit code; fail with its last words after `within` seconds."""
        try:
            return popen.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"not over after {within:g} s:\n{self.said()[-3000:]}") from None

    def kill(self, popen: subprocess.Popen[bytes]) -> None:
        """kill -9, and see it gone."""
        os.kill(popen.pid, signal.SIGKILL)
        popen.wait(5.0)

    def close(self) -> None:
        for popen in self.started:
            stop(popen, 5.0)

    # --- looking ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def reading(self) -> Iterator[Store]:
        with Store.open(self.store, SystemClock(), reading=True) as store:
            yield store

    def found(self) -> Run:
        """The one run of this store."""
        with self.reading() as store:
            return store.runs()[0]

    def events(self, after: int = 0) -> list[Event]:
        """The journal's rows of the newest run."""
        with self.reading() as store:
            return store.events(store.runs()[0].id, after)

    def titles(self) -> tuple[str, ...]:
        with self.reading() as store:
            run = store.runs()[0]
            return tuple(text(step.title) for step in store.route(run.id, run.heading))

    def await_(self, what: str, happened: Callable[[Eye], bool], within: float = 90.0) -> Eye:
        """Look at the run until `happened`; fail naming `what`, with the process's last words, after `within` seconds."""
        deadline = time.monotonic() + within
        with self._opened(deadline) as store:
            eye = Eye(store)
            while time.monotonic() < deadline:
                if eye.look() and happened(eye):
                    return eye
                time.sleep(LOOK_EVERY)
        raise AssertionError(f"waited {within:g} s in vain for {what}:\n{self.said()[-3000:]}")

    def acquired(self) -> list[str]:
        """When the store's lease was taken last, as the store has it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as db:
            return [row[0] for row in db.execute("select acquired_at from leases")]

    def _opened(self, deadline: float) -> contextlib.AbstractContextManager[Store]:
        while not self.store.exists() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)
        return self.reading()

    def _log(self, number: int) -> Path:
        return self.ground.folder / f"{self.store.stem}-{number}.log"

    def _json(self, done: subprocess.CompletedProcess[str]) -> Json:
        try:
            found: Json = json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"no JSON: {done.stdout[-1000:]} {done.stderr[-2000:]}") from None
        return found

    def env(self) -> Mapping[str, str]:
        """What a command of this operator is started with."""
        return {**os.environ, **SECRETS, "MIGRATOR_STORE": str(self.store)}


class Eye:
    """What a reader sees of the newest run: where it is, and its journal as far as it was written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._titles: dict[Heading, list[str]] = {}
        self.rows: list[Event] = []
        self.run: Run

    def look(self) -> bool:
        """Look again; False while there is no run."""
        runs = self._store.runs()
        if runs:
            self.run = runs[0]
            self.rows += self._store.events(self.run.id, self.rows[-1].id if self.rows else 0)
        return bool(runs)

    @property
    def title(self) -> str:
        """The present step."""
        heading = self.run.heading
        if heading not in self._titles:
            self._titles[heading] = [text(step.title) for step in self._store.route(self.run.id, heading)]
        return self._titles[heading][self.run.cursor]

    def intends(self, kind: str, title: str) -> bool:
        """Say whether a write of this kind is open at this step: intended, and not yet settled."""
        last = next((row for row in reversed(self.rows) if row.kind in (*OPEN, Kind.SETTLED, Kind.FAILED)), None)
        if last is None or last.kind not in OPEN or self.title != title:
            return False
        intent = next(row for row in reversed(self.rows) if row.kind is Kind.INTENDED)
        return bool(intent.data["action"]["kind"] == kind)

    def rests(self, state: State) -> bool:
        return self.run.state is state

    def soaks(self, title: str, seconds: float = 0.5) -> bool:
        """Say whether the run is at this step and has watched it for so long."""
        if self.title != title:
            return False
        return self._store.past(self.run, self._store.plan(self.run.plan_id)).soaked >= seconds


def at(eye: Eye, title: str) -> bool:
    """Say whether the run is at this step."""
    return eye.title == title
