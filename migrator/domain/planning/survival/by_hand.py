"""The way back as commands that a person types where migrator cannot run: in the order of the route back. Pure.

The old side is raised before the new one is lowered, and nothing is taken away that still has weight.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.domain.balancers.by_hand import ByHand
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, PodRef, Register, SetWeights
from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, both, labels, mapping, ref_of
from migrator.domain.model.refs import gateway_name, home, place, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning.clusters.typed import kubectl
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.place import MOST_PARTS
from migrator.domain.steps.isolating.mark import Isolated, marking, without


@dataclass(frozen=True, slots=True)
class Stands:
    """What the way back begins with: the old side's live places with their recorded weights, those that are `away` from the
    balancer, the new side's backends, and whether Services lead to the new side already. `seen`: somebody looked just now.
    `kept` is the gateway that the run meant to keep for a look."""

    old: tuple[Weighted, ...]
    new: tuple[Backend, ...]
    away: tuple[Backend, ...] = ()
    pointed: bool = False
    seen: bool = False
    kept: PodRef | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to be done by hand, and its lines for a shell. Without lines it is something to be seen or decided."""

    title: Message
    lines: tuple[str, ...] = ()


def by_hand(plan: Plan, stands: Stands, balancer: ByHand) -> tuple[Stage, ...]:
    """Give the stages of the way back, in their order."""
    return tuple(stage for stage in _stages(plan, stands, balancer) if stage is not None)


def _stages(plan: Plan, stands: Stands, balancer: ByHand) -> Iterator[Stage | None]:
    spec, lb = plan.spec, plan.spec.balancer
    yield Stage(say("hand.nobody-else"), tuple(f"{each} -o yaml" for each in leases(spec, "get")))
    pointed = [change for change in plan.changes if change.back is not None] if stands.pointed else []
    yield _if(say("hand.point-back"), [_patch(spec, change, change.back) for change in reversed(pointed)])
    if gateway_profile(spec, Side.OLD).reversible:
        yield _if(say("hand.stay"), _tell(spec, Side.OLD, plan.seen.source, "healthcheck/ok"))
    if stands.away:
        yield Stage(say("hand.register"), balancer.write(lb, Register(stands.away)))
    yield Stage(say("hand.raise"), balancer.write(lb, SetWeights(stands.old)))
    yield Stage(say("hand.look"), balancer.look(lb))
    if stands.new:
        down = tuple(Weighted(backend, 0) for backend in stands.new)
        yield Stage(say("hand.lower"), balancer.write(lb, SetWeights(down)))
    made = [manifest for manifest in plan.manifests if isinstance(manifest, dict)]
    if gateway_profile(spec, Side.NEW).reversible:
        yield _if(say("hand.go"), [row for each in made for row in _tell(spec, Side.NEW, each, "healthcheck/fail")])
    yield Stage(say("hand.drain", seconds=max(plan.seen.capabilities.drain_floor, spec.drain.timeout)))
    if stands.new:
        yield Stage(say("hand.deregister"), balancer.write(lb, Deregister(stands.new)))
    yield _if(say("hand.keep"), _set_apart(plan, stands.kept) if stands.kept else ())
    yield _if(say("hand.remove"), [_deleted(spec, manifest) for manifest in reversed(made)])
    yield _if(say("hand.undo"), [_patch(spec, change, change.original) for change in reversed(plan.changes)])
    yield Stage(say("hand.forget"), forgotten(spec))


def _if(title: Message, lines: Iterable[str]) -> Stage | None:
    found = tuple(lines)
    return Stage(title, found) if found else None


def _patch(spec: Spec, change: Change, patch: Json) -> str:
    words = shlex.quote(json.dumps(patch, ensure_ascii=False, separators=(",", ":")))
    called = kubectl(spec, change.ref.namespace, change.ref.cluster)
    return f"{called} patch {change.ref.kind.lower()} {change.ref.name} --type merge -p {words}"


def _tell(spec: Spec, side: Side, workload: Json, path: str) -> list[str]:
    """Give the loop that tells every pod of a workload by its admin port: it listens on the pod's loopback alone."""
    chosen = labels(workload, "spec", "selector", "matchLabels")
    if not chosen:
        return []
    selector = shlex.quote(",".join(f"{key}={value}" for key, value in sorted(chosen.items())))
    there, port = ref_of(mapping(workload)), spec.gateway_of(side).admin_port
    called = kubectl(spec, there.namespace, there.cluster)
    asked = f"curl -fsS -X POST http://127.0.0.1:{port}/{path}"
    forward = f"{called} port-forward $pod {port} >/dev/null & forward=$!; sleep 3"
    # Without the forward somebody else may listen at that port of this machine.
    told = f'kill -0 $forward && {asked} || {{ echo "NOT told: $pod"; failed=1; }}; kill $forward 2>/dev/null; wait'
    pods = f"{called} get pods -l {selector} -o name"
    return [f'failed=; for pod in $({pods}); do {forward}; {told}; done; [ -z "$failed" ]']


def _set_apart(plan: Plan, pod: PodRef) -> tuple[str, ...]:
    """Give the line by which a pod is nobody's any more, with the mark that `migrator release --delete` goes by."""
    said = Isolated(target_ref(plan.spec), (), (), "by hand", "")
    words = shlex.quote(json.dumps(both(marking(said), without(plan.aside)), separators=(",", ":")))
    return (f"{kubectl(plan.spec, pod.namespace, pod.cluster)} patch pod {pod.name} --type merge -p {words}",)


def _deleted(spec: Spec, manifest: Manifest) -> str:
    ref = ref_of(manifest)
    return f"{kubectl(spec, ref.namespace, ref.cluster)} delete {ref.kind.lower()} {ref.name} --ignore-not-found"


def forgotten(spec: Spec) -> tuple[str, ...]:
    """Give the lines that take the record and the Lease away."""
    record, called = f"migrator-{gateway_name(spec)}-run", kubectl(spec, home(spec).namespace)
    return (
        f"{called} delete configmap {record} $(seq -f {record}-plan-%g {MOST_PARTS}) --ignore-not-found",
        *(f"{each} --ignore-not-found" for each in leases(spec, "delete")),
    )


def leases(spec: Spec, verb: str) -> list[str]:
    """Give the lines about the gateway's Lease: at home, and in the other cluster where there are two."""
    places = [home(spec), *(found for side in Side if (found := place(spec, side)).at)]
    return [f"{kubectl(spec, each.namespace, each.at)} {verb} lease migrator-{gateway_name(spec)}" for each in places]
