"""The steps before any request moves: check, guard, deploy, await, verify. None of them touches the balancer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.model.actions import ApplyObject, PatchObject
from migrator.domain.model.balancer import Backend
from migrator.domain.model.change import Change, Node
from migrator.domain.model.decisions import Decision, Do, Done, Halt, Wait
from migrator.domain.model.findings import Finding, Severity, Waiver, blocking
from migrator.domain.model.grammar import number_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, holds, labels, mapping, ref_of, uid_of
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
    title: ClassVar[str] = "Preflight"

    def decide(self, seen: Sighting) -> Decision:
        """Wait for the checks, then halt on what blocks."""
        findings = seen[PreflightResult].findings
        if findings is None:
            return Wait("the preflight checks are running")
        if found := blocking(findings, self.waivers):
            return Halt(found)
        return Done(f"{number_of(len(findings), 'finding')}, none blocks")


@dataclass(frozen=True, slots=True)
class Guard(Quiet):
    """Others' hands are kept off by journaled changes that the route back undoes."""

    changes: tuple[Change, ...]
    needs: ClassVar[Needs] = frozenset({Objects, Workloads})
    title: ClassVar[str] = "Guard"

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at every object that is to be changed."""
        return tuple(change.ref for change in self.changes)

    def decide(self, seen: Sighting) -> Decision:
        """Patch the first object that is not yet as the plan wants it."""
        if seen[Workloads].old.rolling:
            return Wait(f"{seen[Workloads].old.ref} is rolling; its pods must be settled before anything is guarded")
        return next_change(self.changes, seen[Objects]) or Done(f"{number_of(len(self.changes), 'object')} guarded")


def next_change(changes: tuple[Change, ...], found: Objects) -> Decision | None:
    """Give the patch for the first change that is not true yet; a replaced or missing object halts."""
    for change in changes:
        now = found.get(change.ref)
        if now is None or uid_of(now) != change.uid:
            return halt(
                "guard.object-replaced",
                str(change.ref),
                "the object that the plan wants to change is gone or was replaced",
                f"planned uid {change.uid}, found {uid_of(now) if now else 'nothing'}",
                "make a new plan; traffic is where it was",
            )
        if not holds(now, change.patch):
            return Do(PatchObject(change.ref, change.patch, change.uid), change.why)
    return None


class Lead(Guard):
    """The node ports that the balancer is to dial lead to the new pods, which are Ready: weights alone could not tell."""

    __slots__ = ()
    title: ClassVar[str] = "Lead"


@dataclass(frozen=True, slots=True)
class Deploy(Quiet):
    """The new side's objects are applied. An object of that name that is not ours halts."""

    manifests: tuple[Json, ...]
    needs: ClassVar[Needs] = frozenset({Objects})
    title: ClassVar[str] = "Deploy"

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
                    "an object of this name exists and migrator did not make it; nothing was changed",
                    f"uid {uid_of(found)}, label {MANAGED_BY} is not {MANAGER}",
                    "choose another target name, or remove the object, and plan again",
                )
            if found is None or not is_applied(found, manifest):
                return Do(ApplyObject(manifest), f"make {ref_of(manifest)}")
        return Done(f"{number_of(len(self.manifests), 'object')} applied")


class Restore(Deploy):
    """What was removed with the workload that returned is there again: what scales it."""

    __slots__ = ()
    title: ClassVar[str] = "Restore companions"


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
    title: ClassVar[str] = "AwaitReady"

    def decide(self, seen: Sighting) -> Decision:
        """Wait for every node's pod; halt at the deadline or when waiting will not help."""
        new = seen[Workloads].new
        lame = tuple(pod for pod in new.live if pod.hopeless)
        if lame:
            return Halt(tuple(_lame(new, pod) for pod in lame))
        places = self._places(new, seen)
        missing = [(place, why) for place, why in places if why]
        if not missing:
            return Done(f"{len(places)} of {len(places)} pods are Ready")
        left = self.deadline - elapsed(seen)
        words = _by_reason(missing)
        if left <= 0:
            what = "nodes have no Ready pod" if self.nodes else "pods are not Ready"
            return halt(
                "ready.deadline",
                str(new.ref),
                f"{len(missing)} of {len(places)} {what} after {self.deadline:g} s",
                words,
                "see `kubectl describe` for these pods; traffic is all on the old side",
            )
        return Wait(f"{len(places) - len(missing)} of {len(places)} pods are Ready ({words})", left)

    def _places(self, new: Workload, seen: Sighting) -> list[tuple[str, str]]:
        """Give every place that wants a pod, and why it has no steady Ready one; "" where it has."""
        on_nodes = [(node.name, self._why_not(node, new, seen)) for node in self.nodes]
        if not self.scattered.replicas:
            return on_nodes
        there = [(pod.ref.name, self._why(pod, seen)) for pod in new.live]
        lacking = max(0, self.scattered.replicas - len(there))
        return [*on_nodes, *there, *([("a replica", _none_yet(new.trouble))] * lacking)]

    def _why_not(self, node: Node, new: Workload, seen: Sighting) -> str:
        pods = [pod for pod in new.live if pod.ref.node == node.name]
        if not pods:
            return _none_yet(new.trouble or _unplaced(new) or self._unwanted(new))
        return self._why(pods[0], seen)

    def _why(self, pod: Pod, seen: Sighting) -> str:
        if not pod.ready:
            return pod.trouble or "not Ready"
        if pod.last_restart and (seen[Clocks].wall - pod.last_restart).total_seconds() < self.steady:
            return f"restarted less than {self.steady:g} s ago"
        return ""

    def _unwanted(self, new: Workload) -> str:
        """Say that the DaemonSet itself finds fewer nodes fit than the plan names: labels, taints, a lost node."""
        if not new.exists or new.rolling or new.wanted >= len(self.nodes):
            return ""
        return f"the DaemonSet wants only {new.wanted} pods: look at this node's labels and taints"


def _none_yet(why: str) -> str:
    return f"no pod yet{f' ({why})' if why else ''}"


def _by_reason(missing: Sequence[tuple[str, str]]) -> str:
    """Say each reason once, with the places it holds for; three of each are enough to go and look."""
    nodes: dict[str, list[str]] = {}
    for place, why in missing:
        nodes.setdefault(why, []).append(place)
    return "; ".join(
        f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}: {why}"
        for why, names in list(nodes.items())[:3]
    )


def _unplaced(new: Workload) -> str:
    """Give why a pod has no node yet; which node it is meant for, it does not say."""
    return next((f"a pod waits: {pod.trouble}" for pod in new.live if pod.trouble and not pod.ref.node), "")


def _lame(workload: Workload, pod: Pod) -> Finding:
    return Finding(
        "ready.hopeless",
        Severity.BLOCK,
        f"Pod {pod.ref.namespace}/{pod.ref.name}",
        f"a pod of {workload.ref} on {pod.ref.node or 'no node'} will not become Ready by waiting",
        pod.trouble,
        "mend what the evidence names, then `migrator resume`; traffic is all on the old side",
    )


@dataclass(frozen=True, slots=True)
class VerifyConfig(Quiet):
    """Every new gateway has the old ones' configuration and answers our own requests."""

    backends: tuple[Backend, ...]
    deadline: float
    compared: bool = True
    scattered: PodTargets = ON_NODES
    needs: ClassVar[Needs] = frozenset({Workloads, Configs, Probes, JournalFacts, Clocks})
    title: ClassVar[str] = "VerifyConfig"

    def decide(self, seen: Sighting) -> Decision:
        """Wait until nothing differs, warms up or fails its probe; halt with the differences at the deadline."""
        faults = [*(self._unequal(seen) if self.compared else []), *self._mute(seen)]
        if not faults:
            return Done(
                f"answers from {number_of(len(self._backends(seen)), 'new backend')}; no unexplained difference"
            )
        left = self.deadline - elapsed(seen)
        if left > 0:
            return Wait(f"{len(faults)} to go: {faults[0].subject}: {faults[0].problem}", left)
        return Halt(tuple(faults))

    def _backends(self, seen: Sighting) -> tuple[Backend, ...]:
        return reached(self.backends, self.scattered, seen[Workloads].new.pods)

    def _unequal(self, seen: Sighting) -> list[Finding]:
        configs = seen[Configs]
        different, unready = dict(configs.differences), dict(configs.unready)
        return [
            _fault(pod.ref.name, why, "\n".join(different.get(pod.ref.name, ())))
            for pod in seen[Workloads].new.live
            if (why := _unequal(pod.ref.name, configs.compared, different, unready))
        ]

    def _mute(self, seen: Sighting) -> list[Finding]:
        probes = seen[Probes]
        return [
            _fault(str(backend), "has not answered our own request", failure or "not probed yet")
            for backend in self._backends(seen)
            if (failure := probes.failure(backend)) != ""
        ]


def _unequal(
    name: str, compared: tuple[str, ...], different: dict[str, tuple[str, ...]], unready: dict[str, str]
) -> str:
    if name in unready:
        return f"still warming up: {unready[name]}"
    if different.get(name):
        return f"{number_of(len(different[name]), 'difference')} to the old side's configuration"
    return "" if name in compared else "its configuration has not been compared yet"


def _fault(subject: str, problem: str, evidence: str) -> Finding:
    remedy = "make the configurations equal (labels, Services, EnvoyFilters), then `migrator resume`; no traffic moved"
    return Finding("config.not-equal", Severity.BLOCK, subject, problem, evidence, remedy)
