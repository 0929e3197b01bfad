"""The load as a process: start it, read its running totals, end it and get its account."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.ground.manifests import Json
from migrator.lab.process import ready_line, spawn, stop
from migrator.lab.world.parts import LOAD_FINISHES, Workspace, command

_READY_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Load:
    """A running load and the directory of its account."""

    popen: "subprocess.Popen[bytes]"
    folder: Path

    def live(self) -> Json:
        """Return the running totals; empty before the first second is over."""
        return _json(self.folder / "live.json")

    def finish(self) -> None:
        """Tell the load to begin nothing more; it ends by itself when what is in flight has been answered."""
        self.popen.terminate()

    def end(self) -> Json:
        """End the load, let it finish what is in flight, and return the whole summary."""
        stop(self.popen, LOAD_FINISHES + 5.0)
        return _json(self.folder / "summary.json")

    def rows(self) -> Iterator[Json]:
        """Yield every request and every cut, in the order they were settled."""
        with (self.folder / "ledger.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


@contextmanager
def loaded(workspace: Workspace) -> Iterator[Load]:
    """Load the VIP for the length of a block; `NotReady` if not every client could connect."""
    for name in ("summary.json", "live.json"):
        (workspace.ledger / name).unlink(missing_ok=True)
    with (workspace.logs / "load.log").open("wb") as log:
        popen = spawn(command("load", workspace), stderr=log)
    try:
        ready_line(popen, _READY_WITHIN)
        yield Load(popen, workspace.ledger)
    finally:
        stop(popen, LOAD_FINISHES + 5.0)


def _json(path: Path) -> Json:
    try:
        value: Json = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return value


def until_enough(load: Load, least: int, seconds: float, look: Callable[[], None]) -> None:
    """Let the load go on until `least` requests were sent, for `seconds` at most; `look` takes a moment each time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and load.live().get("sent", 0) < least:
        look()
