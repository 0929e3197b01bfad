"""One process that starts a lab's parts, fills its cluster, and keeps its record until it is told to stop.

It restarts nothing: a part that dies is reported, the others go on. Its own end, however it comes, ends every part.
"""

import contextlib
import logging
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import httpx

from migrator.lab.ground import nets
from migrator.lab.ground.layout import Scenario
from migrator.lab.process import NotReady, ready_line, spawn, stop
from migrator.lab.world import record, seed, strangers
from migrator.lab.world.parts import LOAD_FINISHES, Workspace, command, prepare, present
from migrator.lab.world.record import Part, Record
from migrator.lab.world.signals import StopAsked, stoppable

log = logging.getLogger(__name__)

READY_WITHIN = 30.0
LOOK_EVERY = 0.2
GRACE = 2.0


class World:
    """The running parts of one lab and the record of them. Use it from one thread, which must outlive the parts."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        layout = workspace.scenario.layout
        self.record = Record(
            net=layout.net,
            phase="starting",
            supervisor=record.process(os.getpid()),
            kubeconfig=str(workspace.kubeconfig),
            addresses=workspace.scenario.addresses(),
        )

    def start(self) -> None:
        """Start every part and fill the world; return when the VIP answers. `NotReady` names what failed."""
        if self._workspace.scenario.strangers:
            self._join()
        wanted = [part for part in self._workspace.scenario.started if present(part)]
        first = [part for part in wanted if part in ("api", "api-2")]
        for group in (first, [part for part in wanted if part not in (*first, "load")]):
            for part in group:
                self._spawn(part)
            for part in group:
                self._await(part)
        seed.fill(self._workspace)
        if "load" in wanted:
            self._spawn("load")
            self._await("load")
        self._say(replace(self.record, phase="up"))

    def _join(self) -> None:
        """Begin on a control plane that is not the lab's: from here on something of ours may be there."""
        strangers.refuse_taken(self._workspace.kubeconfig, self._workspace.scenario)
        self._say(replace(self.record, joined=True))
        seed.define(self._workspace)

    def _leave(self) -> None:
        try:
            strangers.leave(self._workspace.kubeconfig)
        except (NotReady, httpx.HTTPError) as error:
            log.exception("something of the lab's is left on the control plane")
            self.fail(f"not everything was taken away: {error}")
        else:
            self._say(replace(self.record, joined=False))

    def watch(self) -> None:
        """Note the parts that end, until this process is stopped."""
        while True:
            self.note_ends()
            time.sleep(LOOK_EVERY)

    def note_ends(self) -> None:
        """Record every part that has ended since the last look."""
        for part in self.record.parts:
            code = self._running[part.name].poll()
            if code is not None and part.exit_code is None:
                log.warning("part ended part=%s exit_code=%s log=%s", part.name, code, part.log)
                self._say(self.record.with_part(replace(part, exit_code=code)))

    def fail(self, problem: str) -> None:
        self._say(replace(self.record, phase="failed", problem=problem))

    def stop(self) -> None:
        """Stop the load, which settles its account, then all other parts at once."""
        if load := self._running.get("load"):
            stop(load, LOAD_FINISHES + GRACE)
        for part in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                part.terminate()
        for part in self._running.values():
            stop(part, GRACE)
        if self.record.joined:
            self._leave()
        phase = "failed" if self.record.phase == "failed" else "down"
        self._say(replace(self.record, phase=phase))

    def _spawn(self, name: str) -> None:
        path = self._workspace.logs / f"{name}.log"
        with path.open("wb") as out:
            started = spawn(command(name, self._workspace), stderr=out)
        self._running[name] = started
        self._say(self.record.with_part(Part(name, record.process(started.pid), str(path))))

    def _await(self, name: str) -> None:
        part = next(part for part in self.record.parts if part.name == name)
        try:
            line = ready_line(self._running[name], READY_WITHIN)
        except NotReady as error:
            raise NotReady(f"part {name}: {error}; see {part.log}") from error
        self._say(self.record.with_part(replace(part, ready=line)))

    def _say(self, fresh: Record) -> None:
        self.record = fresh
        record.write(self._workspace.folder, fresh)


def supervise(scenario: Scenario, folder: Path) -> int:
    """Run a lab in `folder` until a signal comes; return the exit code. `nets.Taken` if the folder or net is in use."""
    folder.mkdir(parents=True, exist_ok=True)
    with stoppable():
        locks = [nets.claim_file(folder / "lab.lock")]
        net, lock = nets.claim_net(scenario.net)
        locks.append(lock)
        workspace = Workspace(replace(scenario, net=net), folder)
        prepare(workspace)
        code = _run(World(workspace))
        for lock in locks:
            os.close(lock)
        return code


def _run(world: World) -> int:
    try:
        world.start()
        world.watch()
    except StopAsked as stop_asked:
        log.info("told to stop signal=%s", stop_asked)
        return 0
    except Exception as error:
        log.exception("the lab did not start")
        world.fail(f"{type(error).__name__}: {error}")
        return 1
    finally:
        world.stop()
    return 0
