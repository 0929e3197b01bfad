"""Envoys' configurations over their admin ports: fetched a few at once, read by processes, given as they come.

At most one dump a process is in memory at a time: who fetches one also waits until it has been read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from migrator.adapters.gateways.admin import Admin
from migrator.adapters.gateways.comparison.comparing import Dump, Job, Outcome
from migrator.adapters.gateways.comparison.crew import KEPT, Crew, hands
from migrator.adapters.gateways.configuration.identity import Identity
from migrator.adapters.gateways.fan_out import caught
from migrator.domain.messages.errors import MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.parity import Compared, Parity, Reference

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Configurations:
    """Reads and compares. `ports`: the old side's listening ports by the new side's; `allow`: what may differ; `crew`: the
    processes that read what is large, kept from one round to the next."""

    admin: Admin
    ports: Mapping[int, int]
    allow: tuple[Allowance, ...] = ()
    crew: Crew = field(default_factory=lambda: Crew(KEPT), compare=False)

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Fetch, canonicalise and hash one configuration; equal intent gives equal hashes on both sides."""
        with self.crew as crew:
            return crew.do(Job(self.dump(pod, side))).parity

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Fetch the configuration with which others are compared."""
        with self.crew as crew:
            outcome = crew.do(Job(self.dump(pod, side), keep=True))
        return Reference(pod, outcome.parity, outcome.kept)

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Compare each with the reference and give it as it comes; what fails is that gateway's alone."""
        job = Job(Dump(b"", _NOBODY), reference, self.allow)
        with self.crew as crew, ThreadPoolExecutor(hands(), thread_name_prefix="parity") as pool:
            asked = {pool.submit(self._compared, crew, job, pod, side): pod for pod, side in pods}
            try:
                for future in as_completed(asked):
                    yield asked[future], future.result()
            finally:
                for future in asked:
                    future.cancel()

    def _compared(self, crew: Crew, job: Job, pod: PodRef, side: Side) -> Compared | MigratorError:
        outcome: Outcome | MigratorError = caught(lambda pod: crew.do(replace(job, dump=self.dump(pod, side))), pod)
        if isinstance(outcome, MigratorError):
            return outcome
        found = outcome.differences
        return Compared(outcome.parity, found.lines, found.allowed)

    def dump(self, pod: PodRef, side: Side) -> Dump:
        """Fetch what a gateway says of its configuration, unread."""
        process, answer = self.admin.get(pod, "/config_dump?include_eds", _SECONDS)
        if answer.status != 200:
            raise Unreachable(say("gateway.pod-status", pod=pod.name, asked="/config_dump", status=answer.status))
        runtime = self.admin.get(pod, "/runtime?format=json")[1]
        identity = Identity(process.node_id, process.node_cluster, pod.name, pod.ip)
        ports = self.ports if side is Side.OLD else {}
        return Dump(answer.body, identity, ports, process.version, process.drain, runtime.body)


_NOBODY = Identity("", "", "", "")
