"""How long `migrator resume` of a killed run takes from the command to its first look at the balancer, in the lab.

`python -m tests.bench.bench_resume` prints a table (median of N). The balancer's API is reached through a relay that writes
down when which action was asked for. `MIGRATOR_BEFORE=FOLDER` measures an older checkout beside this one: it plans and runs.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from migrator.adapters.clock import SystemClock
from migrator.lab.ground.layout import SECRET_ID, SECRET_KEY, Scenario
from migrator.lab.world import lifecycle
from migrator.store import Store
from tests.bench.before import RESUME_MS
from tests.bench.beside import checkouts, head, hurried, line, medians, ran
from tests.scenarios.ground import PARTS, Ground, ground
from tests.scenarios.operator import plan_file

TIMES = 7
LOOK = "DescribeTargets"
STEP = """
    SELECT json_extract(routes.body, '$[' || runs.cursor || '].kind') FROM runs JOIN routes ON routes.run_id = runs.id
"""
WITHIN = 60.0
SOAK = "600s"
"""Long enough that the run is still at its first share when it is resumed for the last time."""


@dataclass
class Relay:
    """Hands every connection on to the balancer's API, and keeps when each action was asked for first."""

    to: tuple[str, int]
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    first: dict[str, float] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Give the address that a plan names."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.to)
                for source, target, noted in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass, args=(source, target, noted), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, noted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if noted:
                    self._note(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _note(self, data: bytes) -> None:
        for row in data.split(b"\r\n\r\n")[0].split(b"\r\n"):
            name, _, value = row.partition(b":")
            if name.lower() == b"x-tc-action":
                self.first.setdefault(value.strip().decode(), time.perf_counter())


@contextmanager
def relayed(url: str) -> Iterator[Relay]:
    """Give a relay to the balancer's API."""
    found = urlsplit(url)
    relay = Relay((str(found.hostname), int(found.port or 80)))
    threading.Thread(target=relay.serve, daemon=True).start()
    yield relay
    relay.listener.close()


@dataclass(frozen=True)
class Stage:
    """A run that was killed at its first share, and its store as the killed process left it."""

    folder: Path
    relay: Relay
    env: dict[str, str]

    @property
    def store(self) -> Path:
        return self.folder / "migrator.db"

    def restore(self, upgraded: bool) -> None:
        """Put the store back: as it was left, or brought up to date by this checkout."""
        for left in self.folder.glob("migrator.db*"):
            left.unlink()
        shutil.copy(self.folder / ("upgraded.db" if upgraded else "killed.db"), self.store)

    def looked(self, upgrades: bool, kept: Mapping[str, str], name: str, checkout: Path, python: Path) -> float:
        """Resume, and give the milliseconds until the balancer is looked at; the process is killed again then.

        `upgrades`: this checkout brings an older store up to date first. `kept` says where bytecode is.
        """
        self.restore(upgraded=name == "now" and not upgrades)
        self.relay.first.clear()
        began = time.perf_counter()
        process = started(self, checkout, python, "resume", "1", **kept)
        try:
            while LOOK not in self.relay.first and time.perf_counter() - began < WITHIN and process.poll() is None:
                time.sleep(0.002)
        finally:
            process.kill()
            process.wait(10.0)
        return 1000 * (self.relay.first[LOOK] - began)


def started(
    stage: Stage, checkout: Path, python: Path, *words: str, hurry: bool = True, **env: str
) -> subprocess.Popen[bytes]:
    """Start a command of a checkout."""
    first = hurried if hurry else None
    with (stage.folder / "said.log").open("ab") as log:
        command = [str(python), "-m", "migrator", *words]
        return subprocess.Popen(
            command,
            cwd=checkout,
            env={**stage.env, **env},
            stdout=log,
            stderr=log,
            preexec_fn=first,
        )


@contextmanager
def killed(where: Ground, relay: Relay) -> Iterator[Stage]:
    """Plan and run with the oldest checkout, and kill the process when the first share has begun."""
    checkout, python = next(iter(checkouts().values()))
    secrets = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
    env = {**os.environ, **secrets, "MIGRATOR_STORE": str(where.folder / "migrator.db")}
    stage = Stage(where.folder, relay, env)
    file = plan_file(where, loadBalancer_endpoint=relay.url, traffic_soak=SOAK, traffic_maxSoak="1200s")
    ran(python, checkout, ("-m", "migrator", "plan", str(file), "--output", "json"), **env)
    process = started(stage, checkout, python, "run", "--yes", hurry=False)
    deadline = time.monotonic() + WITHIN * 2
    while asked(stage.store, STEP) != "shift" and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(3.0)
    process.kill()
    process.wait(10.0)
    asked(stage.store, "PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(stage.store, where.folder / "killed.db")
    shutil.copy(stage.store, where.folder / "upgraded.db")
    Store.open(where.folder / "upgraded.db", SystemClock()).close()
    yield stage


def asked(file: Path, question: str) -> object:
    """Give the first value that the store answers, None where there is none yet."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True)) as store:
        return next((row[0] for row in store.execute(question)), None)
    return None


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(net="auto", parts=PARTS)
        with (
            lifecycle.running(scenario, Path(folder) / "lab") as record,
            ground(record, Path(folder) / "one", 1) as where,
            relayed(record.addresses["balancer"]) as relay,
            killed(where, relay) as stage,
        ):
            head("from `migrator resume` to the first look at the balancer")
            compiled = {"PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
            medians(1, partial(stage.looked, False, compiled))
            line(
                "  as installed (with bytecode)",
                medians(TIMES, partial(stage.looked, False, compiled)),
                1000,
                recorded=RESUME_MS,
            )
            line("  the first after an upgrade of the store", medians(TIMES, partial(stage.looked, True, compiled)))
            if os.environ.get("PYTHONDONTWRITEBYTECODE"):
                line("  where Python may keep no bytecode", medians(TIMES, partial(stage.looked, False, {})))


if __name__ == "__main__":
    main()
