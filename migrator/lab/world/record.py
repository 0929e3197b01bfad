"""What a running lab says about itself: `lab.json` in its directory, replaced as a whole, read by `status` and `down`.

A process is known by its pid *and* its start time, so that a reused pid is never taken for ours.
"""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

NAME = "lab.json"
_START_FIELD = 19  # of /proc/PID/stat, counted behind the command's closing parenthesis (field 22 in proc(5))


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `started` is in clock ticks since boot."""

    pid: int
    started: int

    def alive(self) -> bool:
        """Return whether exactly this process still runs; a zombie does not."""
        return _started(self.pid) == self.started


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the lab; `exit_code` is set once it has ended."""

    name: str
    process: Process
    log: str
    exit_code: int | None = None
    ready: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.exit_code is not None or not self.process.alive():
            return "ended"
        return "serving" if self.ready else "starting"


@dataclass(frozen=True, slots=True)
class Record:
    """A lab: `phase` is starting, up, failed or down; `problem` says why it failed.

    `joined`: it has made things on a control plane that is not its own, and has not taken all of them away."""

    net: str
    phase: str
    supervisor: Process
    kubeconfig: str
    addresses: dict[str, str]
    parts: tuple[Part, ...] = ()
    problem: str = ""
    joined: bool = False

    def with_part(self, part: Part) -> "Record":
        return replace(self, parts=(*(p for p in self.parts if p.name != part.name), part))

    def processes(self) -> list[Process]:
        return [self.supervisor, *(part.process for part in self.parts)]


def process(pid: int) -> Process:
    """Name the process `pid`; one that is gone already gets a start time that matches nothing."""
    started = _started(pid)
    return Process(pid, -1 if started is None else started)


def write(folder: Path, record: Record) -> None:
    fresh = folder / f".{NAME}.new"
    fresh.write_text(json.dumps(asdict(record), indent=2) + "\n")
    os.replace(fresh, folder / NAME)


def read(folder: Path) -> Record | None:
    """Return what the lab last wrote about itself, or None where there never was a lab."""
    try:
        saved = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        return None
    parts = tuple(Part(**{**part, "process": Process(**part["process"])}) for part in saved["parts"])
    return Record(**{**saved, "supervisor": Process(**saved["supervisor"]), "parts": parts})


def _started(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[_START_FIELD])
