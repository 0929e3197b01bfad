"""The step that proves the new side before it gets traffic: its configuration is the old side's, and it answers us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.findings import Finding, block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.decisions import Decision, Done, Halt, Wait
from migrator.domain.model.outside.warned import LogLook
from migrator.domain.model.pod_targets import ON_NODES, PodTargets
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Clocks, Configs, JournalFacts, Probes, Sighting, Workloads
from migrator.domain.sides.places import new_places
from migrator.domain.steps.estimate import Estimate, Scale
from migrator.domain.steps.step import Needs, Quiet, elapsed

COMPARE = 10.0
"""Seconds until the configurations have been compared."""


@dataclass(frozen=True, slots=True)
class VerifyConfig(Quiet):
    """Every new gateway has the old ones' configuration and answers our own requests."""

    backends: tuple[Backend, ...]
    deadline: float
    compared: bool = True
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Workloads, Sides, Configs, LogLook, Probes, JournalFacts, Clocks})
    keeps: ClassVar[tuple[Side, ...]] = (Side.OLD,)
    probes: ClassVar[Side | None] = Side.NEW
    title: ClassVar[Message] = say("step.verify-config")

    def estimate(self, scale: Scale) -> Estimate:
        """Compare and probe."""
        backends = len(self.backends or scale.new)
        what = say("estimate.compares" if self.compared else "estimate.probes", backends=backends)
        note = say("estimate.halts-after", deadline=self.deadline)
        return Estimate(min(COMPARE, self.deadline), self.deadline, (what,), note=note)

    def decide(self, seen: Sighting) -> Decision:
        """Wait until nothing differs, warms up or fails its probe; halt with the differences at the deadline."""
        faults = [*(self._unequal(seen) if self.compared else []), *_rejected(seen), *self._mute(seen)]
        if not faults:
            return Done(verified(len(self._backends(seen)), seen[Configs]))
        left = self.deadline - elapsed(seen)
        if left > 0:
            return Wait(say("config.waiting", left=len(faults), first=told_of(faults[:1])), left)
        return Halt(tuple(faults))

    def troubles(self, seen: Sighting) -> tuple[Message, ...]:
        """Show every line of what differs, warms up or may differ while the step waits."""
        return shown(seen[Configs]) if self.compared else ()

    def _backends(self, seen: Sighting) -> tuple[Backend, ...]:
        return new_places(self.backends, self.scattered, seen[Sides], seen[Workloads].new.pods)

    def _unequal(self, seen: Sighting) -> list[Finding]:
        configs, old, new = seen[Configs], seen[Workloads].old.live, seen[Workloads].new.live
        unready = dict(configs.unready)
        if new and not configs.reference and (known := [pod.ref.name for pod in old if pod.ref.name in unready]):
            gateways = tuple(say("config.gateway", pod=name, why=unready[name]) for name in known)
            return [block("config.not-equal:no-reference", str(seen[Workloads].old.ref), gateways=gateways)]
        return [fault for pod in new if (fault := _unequal(pod.ref.name, configs))]

    def _mute(self, seen: Sighting) -> list[Finding]:
        probes = seen[Probes]
        return [
            block("config.not-equal:silent", str(backend), failure=failure)
            for backend in self._backends(seen)
            if (failure := probes.failure(backend)) is not None
        ]


def _rejected(seen: Sighting) -> list[Finding]:
    """Give the new gateways whose configuration was rejected lately, by the logs: a dump may not show it."""
    look, live = seen[LogLook], {pod.ref.name for pod in seen[Workloads].new.live}
    if look.pending:
        return [block("config.not-equal:unheard", str(seen[Workloads].new.ref))]
    return [
        block("config.not-equal:rejected", row.about, count=row.count, last=row.last or None, seconds=look.seconds)
        for row in look.rejected(Side.NEW)
        if row.about in live
    ]


def _unequal(name: str, configs: Configs) -> Finding | None:
    unready, lines = dict(configs.unready), dict(configs.differences).get(name)
    if name in unready:
        return block("config.not-equal:warming", name, why=unready[name])
    if lines and configs.apart:
        return block(
            "config.not-equal:old-apart", name, differences=lines, reference=configs.reference, old=_apart(configs)
        )
    if lines:
        return block("config.not-equal", name, differences=lines)
    return None if name in configs.compared else block("config.not-equal:not-compared", name)


def _apart(configs: Configs) -> tuple[Message, ...]:
    """Name the old gateways that are not like the one that the new side was compared with."""
    return tuple(say("config.gateway", pod=name, why=lines[0]) for name, lines in configs.apart)


def verified(backends: int, configs: Configs) -> Message:
    """Say that the new side is like the old one, and what was allowed or is odd all the same; the journal keeps it."""
    allowed = tuple(dict.fromkeys(line for _, lines in configs.allowed for line in lines))
    if not (allowed or configs.apart or configs.unmet):
        return say("config.verified", backends=backends)
    return say("config.verified-but", backends=backends, allowed=allowed, old=_apart(configs), unmet=configs.unmet)


def shown(configs: Configs) -> tuple[Message, ...]:
    """Give a line for each difference, by gateway; one that several gateways have is said once."""
    by_line: dict[Message | str, list[str]] = {}
    for name, lines in (*configs.differences, *configs.apart, *configs.allowed):
        for line in lines:
            by_line.setdefault(line, []).append(name)
    differ = [say("config.on", pods=tuple(names), line=line) for line, names in by_line.items()]
    late = [say("config.gateway", pod=name, why=why) for name, why in configs.unready]
    return (*differ, *late)
