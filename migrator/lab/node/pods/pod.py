"""One pod on one node, from its first container to the last write about it, in a kubelet's order.

A finalizer delays nothing here: containers stop at deletionTimestamp; only the API object stays.
"""

import asyncio
import logging
from pathlib import Path

from migrator.lab.node.containers.container import ContainerRun, Surroundings
from migrator.lab.node.containers.spec import read_container
from migrator.lab.node.containers.states import Seen, Terminated, Waiting
from migrator.lab.node.documents import Json, at, key_of, now
from migrator.lab.node.host import Host, NoAddress
from migrator.lab.node.pods.admission import Refusal, refusal
from migrator.lab.node.pods.given import given
from migrator.lab.node.pods.reporting import Reporter
from migrator.lab.node.pods.status import PodSeen

log = logging.getLogger(__name__)

_FORCED_GRACE = 2.0


class PodRun:
    """Runs one pod. `run` returns when it is gone from this node; `update` and `vanish` tell it what the API says."""

    def __init__(self, pod: Json, host: Host) -> None:
        self.pod = pod
        self.ip = ""
        self.containers: dict[str, ContainerRun] = {}
        self._inits: dict[str, ContainerRun] = {}
        self._host = host
        self._given: dict[str, dict[str, str]] = {}
        self._started = now()
        self._initialized = False
        self._refused: Refusal | None = None
        self._told = asyncio.Event()  # to end
        self._vanished = False
        self._reporter = Reporter(host.api, pod, self._seen)

    def update(self, pod: Json) -> None:
        """Take the newest version of the object; a deletionTimestamp begins the end, a shorter grace hastens it."""
        before, self.pod = self.pod, pod
        self._reporter.take(pod)
        if not at(pod, "metadata", "deletionTimestamp"):
            return
        grace = _grace(pod)
        if self._told.is_set() and grace < _grace(before):
            for container in (*self.containers.values(), *self._inits.values()):
                asyncio.get_running_loop().call_later(grace, container.kill)
        self._told.set()

    def vanish(self) -> None:
        """The object is gone (a forced delete): end quickly and write nothing more."""
        self._vanished = True
        self._told.set()

    def kill(self) -> None:
        """SIGKILL every process, at the end of the node agent itself."""
        for container in (*self.containers.values(), *self._inits.values()):
            container.kill()

    async def run(self) -> None:
        """Run the pod to its end."""
        async with asyncio.TaskGroup() as tasks:
            reporting = tasks.create_task(self._reporter.run())
            try:
                await self._live()
            finally:
                reporting.cancel()
        if self._told.is_set() and not self._vanished:
            await self._reporter.last_words(self._ended())
        self._host.addresses.release(self.ip)

    async def _live(self) -> None:
        if self._told.is_set() or at(self.pod, "status", "phase") in ("Succeeded", "Failed"):
            await self._told.wait()
            return
        self._given = await given(self._host.api, self.pod, self._logs())
        self._refused = self._prepare()
        self._reporter.changed()
        if self._refused:
            self._event("Warning", self._refused.reason, self._refused.message)
            await self._told.wait()
            return
        working = asyncio.create_task(self._work())
        await self._told.wait()
        await self._stop()
        await asyncio.wait((working,))

    def _prepare(self) -> Refusal | None:
        """Resolve everything that containers need; return why this pod cannot run here."""
        if reason := refusal(self.pod):
            return reason
        try:
            self.ip = self._host.address_for(self.pod)
            for group, kind in ((self._inits, "initContainers"), (self.containers, "containers")):
                for raw in at(self.pod, "spec", kind) or ():
                    group[raw["name"]] = self._container(raw)
        except NoAddress as problem:
            return Refusal("FailedCreatePodSandBox", str(problem))
        except (ValueError, KeyError) as problem:
            return Refusal("InvalidPod", f"cannot read the pod's spec: {problem}")
        return None

    def _container(self, raw: Json) -> ContainerRun:
        variables = {**self._host.environment(self.pod, self.ip), **self._given.get(raw["name"], {})}
        spec = read_container(raw, self.pod, self.ip, self._host.ip, variables)
        kinds = ("containerStatuses", "initContainerStatuses")
        before = [
            status for kind in kinds for status in at(self.pod, "status", kind) or () if status["name"] == spec.name
        ]
        around = Surroundings(
            event=self._event,
            changed=self._reporter.changed,
            starts=self._host.starts,
            logs=self._logs(),
            restart_policy=at(self.pod, "spec", "restartPolicy") or "Always",
            grace=_or(at(self.pod, "spec", "terminationGracePeriodSeconds"), 30),
        )
        # a container that ran under an earlier node agent died with it
        return ContainerRun(spec, around, before[0]["restartCount"] + 1 if before and _ran(before[0]) else 0)

    def _logs(self) -> Path:
        meta = self.pod["metadata"]
        folder = self._host.lab.scratch / "logs" / f"{meta['namespace']}_{meta['name']}_{meta['uid']}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def _work(self) -> None:
        for container in self._inits.values():
            await container.run_once()
            if not isinstance(container.seen.state, Terminated) or container.seen.state.code:
                return
        self._initialized = True
        self._reporter.changed()
        ends = await asyncio.gather(
            *(container.run() for container in self.containers.values()), return_exceptions=True
        )
        for end in ends:
            if isinstance(end, Exception):
                log.error("a container of %s/%s is lost", *key_of(self.pod), exc_info=end)

    async def _stop(self) -> None:
        grace = _FORCED_GRACE if self._vanished else _grace(self.pod)
        every = (*self._inits.values(), *self.containers.values())
        await asyncio.gather(*(container.stop(grace) for container in every))

    def _seen(self) -> PodSeen:
        return PodSeen(
            ip=self.ip,
            host_ip=self._host.ip,
            started=self._started,
            initialized=self._initialized,
            containers=tuple(container.seen for container in self.containers.values()) or self._unread(),
            init_containers=tuple(container.seen for container in self._inits.values()),
            refused=self._refused,
        )

    def _unread(self) -> tuple[Seen, ...]:
        """Return the containers of a pod that was not even begun."""
        raws = at(self.pod, "spec", "containers") or ()
        return tuple(Seen(raw["name"], raw.get("image", ""), "", Waiting("ContainerCreating")) for raw in raws)

    def _ended(self) -> bool:
        """Return whether there is a last status to report: containers ran here."""
        return bool(self.containers) and self._refused is None

    def _event(self, kind: str, reason: str, message: str) -> None:
        self._host.events.record(self.pod, kind, reason, message)


def _grace(pod: Json) -> float:
    seconds = at(pod, "metadata", "deletionGracePeriodSeconds")
    return _or(seconds, _or(at(pod, "spec", "terminationGracePeriodSeconds"), 30))


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def _ran(status: Json) -> bool:
    return bool(at(status, "state", "running") or at(status, "state", "terminated") or at(status, "lastState"))
