"""Bring a lab up, say how it is, and take it down, from any other process; also when its supervisor was killed.

Only processes named in the lab's own record, with the start times noted there, are ever signalled.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from migrator.lab.ground.layout import Scenario
from migrator.lab.process import NotReady, spawn, stop
from migrator.lab.world import record, strangers
from migrator.lab.world.__main__ import arguments
from migrator.lab.world.parts import LOAD_FINISHES, lacking
from migrator.lab.world.record import Process, Record
from migrator.lab.world.signals import StopAsked, stoppable

UP_WITHIN = 90.0
DOWN_WITHIN = LOAD_FINISHES + 8.0
LOOK_EVERY = 0.05


class AlreadyUp(RuntimeError):
    """A lab already runs in this directory."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What `down` did: how many processes ended by themselves, and how many had to be killed."""

    told: int
    killed: int


def up(scenario: Scenario, folder: Path) -> Record:
    """Start a lab that outlives this process; return once it is up. `NotReady` says why it is not."""
    _refuse_lacking(scenario)
    _refuse_second(folder)
    folder.mkdir(parents=True, exist_ok=True)
    argv = [*arguments(scenario, folder), "--detach"]
    pipe = subprocess.PIPE
    with (folder / "supervisor.log").open("wb") as log:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=pipe, stderr=log, start_new_session=True, check=True
        )
    return _when_up(record.process(int(done.stdout)), folder)


@contextlib.contextmanager
def running(scenario: Scenario, folder: Path) -> Iterator[Record]:
    """A lab for the length of a block; it dies with this process."""
    _refuse_lacking(scenario)
    _refuse_second(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "supervisor.log").open("wb") as log:
        supervisor = spawn(arguments(scenario, folder), stdout=subprocess.DEVNULL, stderr=log)
    try:
        yield _when_up(record.process(supervisor.pid), folder)
    finally:
        stop(supervisor, _ends_within(scenario.strangers is not None))
        _leave(folder)


def stay(folder: Path) -> None:
    """Return when the lab in `folder` ends, or when Ctrl-C or SIGTERM comes."""
    lab = record.read(folder)
    with contextlib.suppress(StopAsked), stoppable():
        while lab is not None and lab.supervisor.alive():
            time.sleep(LOOK_EVERY)


def status(folder: Path) -> Record | None:
    """Return the lab's record as it is now; None where there never was a lab."""
    return record.read(folder)


def down(folder: Path) -> Ending:
    """Stop the lab in `folder` and everything it started, and take away what it made on a control plane of strangers.

    Doing it twice is doing it once. `NotReady` says what is left."""
    lab = record.read(folder)
    if lab is None:
        return Ending(0, 0)
    alive = [process for process in lab.processes() if process.alive()]
    if lab.supervisor.alive():
        _signal(lab.supervisor, signal.SIGTERM)
        _wait_for_end(alive, _ends_within(lab.joined))
    left = [process for process in alive if process.alive()]
    for process in left:
        _signal(process, signal.SIGKILL)
    if _wait_for_end(left, 2.0):
        raise NotReady(f"processes {[p.pid for p in left if p.alive()]} did not end after SIGKILL")
    _leave(folder)
    return Ending(len(alive) - len(left), len(left))


def _ends_within(joined: bool) -> float:
    return DOWN_WITHIN + (strangers.LEAVES_WITHIN if joined else 0.0)


def _leave(folder: Path) -> None:
    """Take away what a supervisor that was killed has left on a control plane that is not the lab's."""
    lab = record.read(folder)
    if lab is None or not lab.joined:
        return
    try:
        strangers.leave(Path(lab.kubeconfig))
    except httpx.HTTPError as error:
        raise NotReady(f"the control plane of {lab.kubeconfig} does not answer: {error}; repeat `lab down`") from error
    record.write(folder, replace(lab, joined=False))


def _refuse_lacking(scenario: Scenario) -> None:
    if reason := lacking(scenario):
        raise NotReady(f"the lab was not started: {reason}")


def _refuse_second(folder: Path) -> None:
    lab = record.read(folder)
    if lab is not None and lab.supervisor.alive():
        raise AlreadyUp(f"a lab already runs in {folder} (pid {lab.supervisor.pid}); `migrator lab down` ends it")


def _when_up(supervisor: Process, folder: Path) -> Record:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline:
        lab = record.read(folder)
        if lab is not None and lab.supervisor.pid == supervisor.pid and lab.phase != "starting":
            if lab.phase == "up":
                return lab
            _wait_for_end([supervisor], DOWN_WITHIN)
            raise NotReady(f"the lab did not start: {lab.problem}")
        if not supervisor.alive():
            raise NotReady(f"the lab did not start: {_last_word(folder)}")
        time.sleep(LOOK_EVERY)
    _signal(supervisor, signal.SIGTERM)
    _wait_for_end([supervisor], DOWN_WITHIN)
    raise NotReady(f"the lab was not up after {UP_WITHIN:g} s; see {folder / 'supervisor.log'}")


def _last_word(folder: Path) -> str:
    lines = (folder / "supervisor.log").read_text().strip().splitlines()
    return lines[-1] if lines else f"its supervisor ended without a word; see {folder / 'supervisor.log'}"


def _signal(process: Process, number: signal.Signals) -> None:
    if process.alive():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _wait_for_end(processes: list[Process], within: float) -> bool:
    """Wait until none is alive; True if some still are."""
    deadline = time.monotonic() + within
    while any(process.alive() for process in processes):
        if time.monotonic() > deadline:
            return True
        time.sleep(LOOK_EVERY)
    return False
