"""`migrator` as it is, but its driver's calls are timed: `python -m tests.bench.traced FILE run --yes`.

FILE gets a JSON line for every call that the driver's thread made of its ports, its journal and its clock: what kind it
was (read, write, commit or nap) and when it began and ended (wall seconds). What lies between the calls is its own thought.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any

from migrator.app.run import execution
from migrator.cli.main import main
from migrator.domain.model.runs import Run
from migrator.workflow.drive import Session


class Timed:
    """A port whose every call is written down."""

    def __init__(self, port: Any, kind: str, log: IO[str]) -> None:
        self._port, self._kind, self._log = port, kind, log

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return timed(found, self._kind, self._log) if callable(found) else found


def timed(call: Callable[..., Any], kind: str, log: IO[str]) -> Callable[..., Any]:
    """Give the call, timed."""

    def made(*args: Any, **named: Any) -> Any:
        began = time.time()
        try:
            return call(*args, **named)
        finally:
            log.write(json.dumps([kind, began, time.time()]) + "\n")

    return made


def ports(bundle: Any, kind: str, log: IO[str]) -> Any:
    """Give the bundle with every port of it timed."""
    found = {field.name: getattr(bundle, field.name) for field in fields(bundle)}
    return replace(bundle, **{name: Timed(port, kind, log) for name, port in found.items() if port is not None})


def traced(session: Session, log: IO[str]) -> Session:
    """Give the session with everything timed that its driver waits for."""
    clock: Any = Timed(session.clock, "clock", log)
    clock.sleep, clock.now, clock.monotonic = (
        timed(session.clock.sleep, "nap", log),
        session.clock.now,
        session.clock.monotonic,
    )
    journal: Any = Timed(session.journal, "commit", log)
    memory: Any = Timed(session.memory, "commit", log)
    return replace(
        session,
        readers=ports(session.readers, "read", log),
        writers=ports(session.writers, "write", log),
        journal=journal,
        memory=memory,
        clock=clock,
        rest=timed(session.rest, "nap", log),
    )


def trace(file: Path) -> None:
    """Have every run of this process traced into `file`."""
    plain = execution.drive

    def drive(session: Session, run: Run, leave: Callable[[], bool]) -> Run:
        with file.open("w", encoding="utf-8") as log:
            return plain(traced(session, log), run, leave)

    execution.drive = drive


if __name__ == "__main__":
    trace(Path(sys.argv.pop(1)))
    main()
