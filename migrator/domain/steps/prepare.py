"""The steps before any request moves: check, guard, deploy, await, verify. None of them touches the balancer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.model.actions import ApplyObject, PatchObject
from migrator.domain.model.balancer import Backend
from migrator.domain.model.change import Change, Node
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.findings import Finding, Waiver, block, blocking, told_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, holds, labels, mapping, ref_of, uid_of
from migrator.domain.model.message import Message, say
from migrator.domain.model.pod_targets import ON_NODES, PodTargets, reached
from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sighting import (
    Clocks,
    Configs,
    JournalFacts,
    Objects,
    PreflightResult,
    Probes,
    Sighting,
    Workloads,
)
from migrator.domain.steps.step import Needs, Quiet, elapsed, halt

MANAGED_BY = "app.kubernetes.io/managed-by"
MANAGER = "migrator"
DIGEST = "migrator.dev/digest"
STEADY = 60.0


@dataclass(frozen=True, slots=True)
class Preflight(Quiet):
    """Every check has run and no finding blocks that nobody waived."""

    waivers: tuple[Waiver, ...] = ()
    needs: ClassVar[Needs] = frozenset({PreflightResult})
    title: ClassVar[Message] = say("step.preflight")

    def decide(self, seen: Sighting) -> Decision:
        """Wait for the checks, then halt on what blocks."""
        findings = seen[PreflightResult].findings
        if findings is None:
            return Wait(say("preflight.running"))
        if found := blocking(findings, self.waivers):
            return Halt(found)
        return Done(say("preflight.passed", findings=len(findings)))


@dataclass(frozen=True, slots=True)
class Guard(Quiet):
    """Other controllers can no longer change what the run uses: journaled changes, which the route back undoes."""

    changes: tuple[Change, ...]
    needs: ClassVar[Needs] = frozenset({Objects, Workloads})
    title: ClassVar[Message] = say("step.guard")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at every object that is to be changed."""
        return tuple(change.ref for change in self.changes)

    def decide(self, seen: Sighting) -> Decision:
        """Patch the first object that is not yet as the plan wants it."""
        if seen[Workloads].old.rolling:
            return Wait(say("guard.old-rolls", workload=str(seen[Workloads].old.ref)))
        return next_change(self.changes, seen[Objects]) or Done(say("guard.done", objects=len(self.changes)))


def next_change(changes: tuple[Change, ...], found: Objects) -> Decision | None:
    """Give the patch for the first change that is not true yet; a replaced or missing object halts."""
    for change in changes:
        now = found.get(change.ref)
        if now is None or uid_of(now) != change.uid:
            return halt(
                "guard.object-replaced",
                str(change.ref),
                planned=change.uid,
                found=uid_of(now) if now else "",
            )
        if not holds(now, change.patch):
            return Do(PatchObject(change.ref, change.patch, change.uid), change.why)
    return None


class Lead(Guard):
    """The node ports that the balancer is to dial lead to the new pods, which are Ready: weights alone could not tell."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.lead")


@dataclass(frozen=True, slots=True)
class Deploy(Quiet):
    """The new side's objects are applied. An object of that name that is not ours halts."""

    manifests: tuple[Json, ...]
    needs: ClassVar[Needs] = frozenset({Objects})
    title: ClassVar[Message] = say("step.deploy")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at every object that is to be made."""
        return tuple(ref_of(manifest) for manifest in self.manifests if isinstance(manifest, dict))

    def decide(self, seen: Sighting) -> Decision:
        """Apply the first manifest that the cluster does not hold yet."""
        for manifest in self.manifests:
            assert isinstance(manifest, dict)
            found = seen[Objects].get(ref_of(manifest))
            if found is not None and not is_ours(found):
                return halt(
                    "deploy.not-ours",
                    str(ref_of(manifest)),
                    uid=uid_of(found),
                    label=MANAGED_BY,
                    manager=MANAGER,
                )
            if found is None or not is_applied(found, manifest):
                return Do(ApplyObject(manifest), say("deploy.make", object=str(ref_of(manifest))))
        return Done(say("deploy.done", objects=len(self.manifests)))


class Restore(Deploy):
    """What was removed with the workload that returned is there again: what scales it."""

    __slots__ = ()
    title: ClassVar[Message] = say("step.restore")


def is_ours(found: Manifest) -> bool:
    """Say whether migrator made this object."""
    return labels(found, "metadata", "labels").get(MANAGED_BY) == MANAGER


def is_applied(found: Manifest, manifest: Manifest) -> bool:
    """Say whether the cluster holds this manifest: servers add defaults, so the digest in the annotation decides."""
    wanted = mapping(manifest, "metadata", "annotations").get(DIGEST)
    return wanted is not None and mapping(found, "metadata", "annotations").get(DIGEST) == wanted


@dataclass(frozen=True, slots=True)
class AwaitReady(Quiet):
    """A steady Ready pod runs on every node of the plan's own list (the API's desired count shrinks with the nodes).

    Of scattered pods as many are Ready as the plan has replicas, and none of them is not.
    """

    nodes: tuple[Node, ...]
    deadline: float
    steady: float = STEADY
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Workloads, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.await-ready")

    def decide(self, seen: Sighting) -> Decision:
        """Wait for every node's pod; halt at the deadline or when waiting will not help."""
        new = seen[Workloads].new
        lame = tuple(pod for pod in new.live if pod.hopeless)
        if lame:
            return Halt(tuple(_lame(new, pod) for pod in lame))
        places = self._places(new, seen)
        missing = [(place, why) for place, why in places if why]
        if not missing:
            return Done(say("ready.done", pods=len(places)))
        left = self.deadline - elapsed(seen)
        wanted, reasons = len(places), _by_reason(missing)
        if left > 0:
            return Wait(say("ready.waiting", ready=wanted - len(missing), wanted=wanted, reasons=reasons), left)
        return halt(
            "ready.deadline" if self.nodes else "ready.deadline:pods",
            str(new.ref),
            missing=len(missing),
            wanted=wanted,
            deadline=self.deadline,
            reasons=reasons,
        )

    def _places(self, new: Workload, seen: Sighting) -> list[tuple[str, Message | None]]:
        """Give every place that wants a pod, and why it has no steady Ready one; None where it has."""
        on_nodes = [(node.name, self._why_not(node, new, seen)) for node in self.nodes]
        if not self.scattered.replicas:
            return on_nodes
        there = [(pod.ref.name, self._why(pod, seen)) for pod in new.live]
        lacking = max(0, self.scattered.replicas - len(there))
        return [*on_nodes, *there, *([("replica", _none_yet(_trouble(new.trouble)))] * lacking)]

    def _why_not(self, node: Node, new: Workload, seen: Sighting) -> Message | None:
        pods = [pod for pod in new.live if pod.ref.node == node.name]
        if not pods:
            return _none_yet(_trouble(new.trouble) or _unplaced(new) or self._unwanted(new))
        return self._why(pods[0], seen)

    def _why(self, pod: Pod, seen: Sighting) -> Message | None:
        if not pod.ready:
            return _trouble(pod.trouble) or say("pod.not-ready")
        if pod.last_restart and (seen[Clocks].wall - pod.last_restart).total_seconds() < self.steady:
            return say("pod.restarted", steady=self.steady)
        return None

    def _unwanted(self, new: Workload) -> Message | None:
        """Say that the DaemonSet itself finds fewer nodes suitable than the plan names: labels, taints, a lost node."""
        if not new.exists or new.rolling or new.wanted >= len(self.nodes):
            return None
        return say("pod.not-wanted", wanted=new.wanted)


def _trouble(words: str) -> Message | None:
    return say("pod.trouble", words=words) if words else None


def _none_yet(why: Message | None) -> Message:
    return say("pod.none-yet", why=why)


def _by_reason(missing: Sequence[tuple[str, Message | None]]) -> tuple[Message, ...]:
    """Say each reason once, with the places it holds for; three reasons are enough to go and look."""
    nodes: dict[Message | None, list[str]] = {}
    for place, why in missing:
        nodes.setdefault(why, []).append(place)
    return tuple(say("pod.missing", places=tuple(names), why=why) for why, names in list(nodes.items())[:3])


def _unplaced(new: Workload) -> Message | None:
    """Say why a pod has no node yet; which node it is meant for, it does not say."""
    return next((say("pod.unplaced", words=p.trouble) for p in new.live if p.trouble and not p.ref.node), None)


def _lame(workload: Workload, pod: Pod) -> Finding:
    return block(
        "ready.hopeless",
        f"Pod {pod.ref.namespace}/{pod.ref.name}",
        workload=str(workload.ref),
        node=pod.ref.node,
        trouble=pod.trouble,
    )


@dataclass(frozen=True, slots=True)
class VerifyConfig(Quiet):
    """Every new gateway has the old ones' configuration and answers our own requests."""

    backends: tuple[Backend, ...]
    deadline: float
    compared: bool = True
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Workloads, Configs, Probes, JournalFacts, Clocks})
    title: ClassVar[Message] = say("step.verify-config")

    def decide(self, seen: Sighting) -> Decision:
        """Wait until nothing differs, warms up or fails its probe; halt with the differences at the deadline."""
        faults = [*(self._unequal(seen) if self.compared else []), *self._mute(seen)]
        if not faults:
            return Done(say("config.verified", backends=len(self._backends(seen))))
        left = self.deadline - elapsed(seen)
        if left > 0:
            return Wait(say("config.waiting", left=len(faults), first=told_of(faults[:1])), left)
        return Halt(tuple(faults))

    def _backends(self, seen: Sighting) -> tuple[Backend, ...]:
        return reached(self.backends, self.scattered, seen[Workloads].new.pods)

    def _unequal(self, seen: Sighting) -> list[Finding]:
        configs = seen[Configs]
        different, unready = dict(configs.differences), dict(configs.unready)
        return [
            fault
            for pod in seen[Workloads].new.live
            if (fault := _unequal(pod.ref.name, configs.compared, different, unready))
        ]

    def _mute(self, seen: Sighting) -> list[Finding]:
        probes = seen[Probes]
        return [
            block("config.not-equal:silent", str(backend), failure=failure)
            for backend in self._backends(seen)
            if (failure := probes.failure(backend)) is not None
        ]


def _unequal(
    name: str, compared: tuple[str, ...], different: dict[str, tuple[str, ...]], unready: dict[str, Message]
) -> Finding | None:
    if name in unready:
        return block("config.not-equal:warming", name, why=unready[name])
    if lines := different.get(name):
        return block("config.not-equal", name, differences=lines)
    return None if name in compared else block("config.not-equal:not-compared", name)
