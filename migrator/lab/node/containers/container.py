"""One container across its restarts: start, probe, restart with back-off, stop in a kubelet's order."""

import asyncio
import contextlib
import logging
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from migrator.lab.node.containers.actions import ActionFailed, perform
from migrator.lab.node.containers.images import NoSuchImage, program
from migrator.lab.node.containers.probing import watch_over
from migrator.lab.node.containers.program import exited, start
from migrator.lab.node.containers.spec import Container
from migrator.lab.node.containers.states import Running, Seen, Terminated, Waiting
from migrator.lab.node.documents import now

log = logging.getLogger(__name__)

_FIRST_BACKOFF, _LONGEST_BACKOFF = 1.0, 300.0
_BACKOFF_FORGOTTEN = 600.0
_LEAST_GRACE = 2.0  # what a kubelet leaves a container after a preStop that used up the whole grace
_START_SLOT = 0.5
_HOOK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a container is told by and tells its pod: events (type, reason, message), changes, its log, start slots."""

    event: Callable[[str, str, str], None]
    changed: Callable[[], None]
    starts: asyncio.Semaphore
    logs: Path
    restart_policy: str
    grace: float


class ContainerRun:
    """Runs one container until stopped. `seen` is what the pod's status shows of it."""

    def __init__(self, spec: Container, around: Surroundings, restarts: int = 0) -> None:
        self.spec = spec
        self.seen = Seen(spec.name, spec.image, "", Waiting("ContainerCreating"), restarts=restarts)
        self._around = around
        self._popen: subprocess.Popen[bytes] | None = None
        self._over = asyncio.Event()  # the current process ended
        self._over.set()
        self._stopping = False
        self._running: asyncio.Task[None] | None = None

    @property
    def log(self) -> Path:
        """Where the output of the current or last process is."""
        return self._around.logs / f"{self.spec.name}.log"

    @property
    def previous_log(self) -> Path:
        """Where the output of the process before is."""
        return self._around.logs / f"{self.spec.name}.previous.log"

    @property
    def alive(self) -> bool:
        """Return whether a process runs."""
        return not self._over.is_set()

    async def run(self) -> None:
        """Run, and restart as the policy says, until it ended for good or was stopped."""
        self._running = asyncio.current_task()
        backoff = _FIRST_BACKOFF
        while not self._stopping:
            began = time.monotonic()
            if not await self._once():
                await self._wait("ImagePullBackOff", "", backoff)
            elif not self._restarts_again():
                return
            else:
                backoff = _FIRST_BACKOFF if time.monotonic() - began > _BACKOFF_FORGOTTEN else backoff
                message = f"back-off {backoff:g}s restarting failed container={self.spec.name}"
                self._around.event("Warning", "BackOff", f"Back-off restarting failed container {self.spec.name}")
                await self._wait("CrashLoopBackOff", message, backoff)
                self._see(restarts=self.seen.restarts + 1)
            backoff = min(2 * backoff, _LONGEST_BACKOFF)

    async def run_once(self) -> None:
        """Run an init container: once more after each failure, unless the policy is Never or it was stopped."""
        self._running = asyncio.current_task()  # it goes on with the pod's other containers
        backoff = _FIRST_BACKOFF
        try:
            while not self._stopping:
                if await self._once() and isinstance(self.seen.state, Terminated):
                    if self.seen.state.code == 0 or self._around.restart_policy == "Never" or self._stopping:
                        return
                    self._see(restarts=self.seen.restarts + 1)
                await self._wait("CrashLoopBackOff", "", backoff)
                backoff = min(2 * backoff, _LONGEST_BACKOFF)
        finally:
            self._running = None

    async def stop(self, grace: float) -> None:
        """Stop as a kubelet does: preStop, SIGTERM, and SIGKILL when `grace` seconds from now are over."""
        self._stopping = True
        if not self.alive:
            if self._running is not None and self._running is not asyncio.current_task():
                self._running.cancel()
            return
        self._around.event("Normal", "Killing", f"Stopping container {self.spec.name}")
        await self._end(grace)

    def kill(self) -> None:
        """SIGKILL at once."""
        if self._popen is not None and self.alive:
            self._popen.kill()

    def became_started(self) -> None:
        self._see(started=True)

    def became_ready(self, ready: bool) -> None:
        self._see(ready=ready)

    def unhealthy(self, kind: str, problem: str) -> None:
        self._around.event("Warning", "Unhealthy", f"{kind} probe failed: {problem}")

    async def must_restart(self, kind: str, grace: float | None) -> None:
        """End the process because a probe says so; `run` starts it again."""
        if self._stopping:
            return
        text = f"Container {self.spec.name} failed {kind} probe, will be restarted"
        self._around.event("Normal", "Killing", text)
        await self._end(self._around.grace if grace is None else grace)

    async def _once(self) -> bool:
        """Run one process to its end; False if the image cannot be pulled."""
        try:
            argv = program(self.spec.image, self.spec.command, self.spec.args)
        except NoSuchImage as problem:
            self._see(state=Waiting("ErrImagePull", str(problem)))
            self._around.event("Warning", "Failed", str(problem))
            return False
        released = await self._slot()
        try:
            self._start(argv)
            popen = self._popen
            assert popen is not None
            ending = asyncio.create_task(exited(popen))
            watching = asyncio.create_task(self._watch())
            releasing = asyncio.create_task(asyncio.sleep(_START_SLOT))
            await asyncio.wait((ending, releasing), return_when=asyncio.FIRST_COMPLETED)
            releasing.cancel()
        finally:
            released()
        self._ended(await ending)
        watching.cancel()
        await asyncio.wait((watching,), timeout=5.0)  # so that no probe's process is left to nobody
        return True

    async def _slot(self) -> Callable[[], None]:
        """Take one of the node's start slots: many processes starting at once on few cores only delay each other."""
        await self._around.starts.acquire()
        return self._around.starts.release

    def _start(self, argv: list[str]) -> None:
        if self.log.exists():
            self.log.replace(self.previous_log)
        with self.log.open("wb") as out:
            self._popen = start(argv, self.spec.env, out, low_ports=self.spec.low_ports)
        self._over.clear()
        self._see(state=Running(now()), container_id=f"lab://{uuid.uuid4().hex}", started=False, ready=False)
        self._around.event("Normal", "Started", f"Started container {self.spec.name}")

    async def _watch(self) -> None:
        if self.spec.post_start is not None:
            try:
                await perform(self.spec.post_start, self.spec.env, _HOOK_SECONDS)
            except ActionFailed as problem:
                self._around.event("Warning", "FailedPostStartHook", str(problem))
                await self._end(self._around.grace)
                return
        await watch_over(self.spec, self)

    def _ended(self, code: int) -> None:
        assert isinstance(self.seen.state, Running)
        self._over.set()
        end = Terminated(code, self.seen.state.since, now(), self.seen.container_id)
        log.info("container %s ended code=%d", self.spec.name, code)
        self._see(state=end, started=False, ready=False)

    async def _end(self, grace: float) -> None:
        began = time.monotonic()
        if self.spec.pre_stop is not None:
            try:
                await perform(self.spec.pre_stop, self.spec.env, max(grace, 0.001))
            except ActionFailed as problem:
                self._around.event("Warning", "FailedPreStopHook", f"PreStopHook failed: {problem}")
        if not self.alive or self._popen is None:
            return
        popen, left = self._popen, max(_LEAST_GRACE, grace - (time.monotonic() - began))
        popen.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):  # not wait_for: before Python 3.12 it can swallow a cancellation
                await self._over.wait()
        if self._popen is popen:
            self.kill()
        await self._over.wait()

    def _restarts_again(self) -> bool:
        assert isinstance(self.seen.state, Terminated)
        policy = self._around.restart_policy
        wanted = policy == "Always" or (policy == "OnFailure" and self.seen.state.code != 0)
        return wanted and not self._stopping

    async def _wait(self, reason: str, message: str, seconds: float) -> None:
        last = self.seen.state if isinstance(self.seen.state, Terminated) else self.seen.last
        self._see(state=Waiting(reason, message), last=last)
        await asyncio.sleep(seconds)

    def _see(self, **changes: object) -> None:
        self.seen = replace(self.seen, **changes)  # type: ignore[arg-type]  # field names are checked by `replace`
        self._around.changed()
