"""What each step will ask of the cluster, the balancer and the gateways, in words. It asks nothing itself."""

from __future__ import annotations

from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.manifests import ref_of
from migrator.domain.model.spec import Approval
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline.pace import batches, old_backends
from migrator.domain.steps import (
    Attach,
    AwaitReady,
    Confirm,
    Deploy,
    Detach,
    Drain,
    Gate,
    Guard,
    Preflight,
    RehearseBack,
    RehearseUp,
    Retire,
    Shift,
    Step,
    VerifyConfig,
)


def calls(step: Step, plan: Plan) -> tuple[str, ...]:
    """Give a step's writes, or what it reads where it writes nothing."""
    return _of_cluster(step) or _of_traffic(step, plan) or _of_reading(step, plan) or ("reads only",)


def _of_cluster(step: Step) -> tuple[str, ...]:
    if isinstance(step, Guard):
        return tuple(f"cluster: patch {change.ref}" for change in step.changes if change.patch)
    if isinstance(step, Deploy):
        made = [ref_of(manifest) for manifest in step.manifests if isinstance(manifest, dict)]
        return tuple(f"cluster: apply {ref}" for ref in made)
    if isinstance(step, Retire):
        gone = (step.source, *(ref for ref, _ in step.companions), *step.spare)
        patches = tuple(f"cluster: patch {change.ref}" for change in step.repoint)
        return (*patches, *(f"cluster: delete {ref}" for ref in gone))
    if isinstance(step, Confirm):
        return tuple(f"cluster: patch {change.ref}" for change in step.restore)
    return ()


def _of_traffic(step: Step, plan: Plan) -> tuple[str, ...]:
    if isinstance(step, Attach):
        coming = step.backends or plan.seen.coming
        return (_balancer(f"register {_count(coming)} at weight 0", batches(coming, plan.seen.capabilities)),)
    if isinstance(step, Shift):
        return _of_shift(step, plan)
    if isinstance(step, Drain) and step.tells:
        pods = len({backend.address for backend in _side(plan, step.side)})
        return (f"gateways: tell {pods} {step.side} ones to go (reversible)",)
    if isinstance(step, Detach):
        backends = _side(plan, step.side)
        return (_balancer(f"deregister {_count(backends)}", batches(backends, plan.seen.capabilities)),)
    return ()


def _of_shift(step: Shift, plan: Plan) -> tuple[str, ...]:
    before = {row.backend: row.weight for row in plan.seen.old} | dict.fromkeys(plan.seen.coming, 0)
    for forecast in plan.forecast:
        if forecast.share == step.share and type(step) is Shift:
            changed = sum(1 for row in forecast.rows if before.get(row.backend) != row.weight)
            return (_balancer(f"set {changed} weight{'s' if changed != 1 else ''}", forecast.writes),)
        before = {row.backend: row.weight for row in forecast.rows}
    return (
        (_balancer("set one unit of weight" if step.share else "take it back", 1),)
        if isinstance(step, RehearseUp | RehearseBack)
        else ()
    )


def _of_reading(step: Step, plan: Plan) -> tuple[str, ...]:
    if isinstance(step, Preflight):
        return ("reads cluster, balancer and gateways again",)
    if isinstance(step, AwaitReady):
        return (f"reads pods on {len(step.nodes)} nodes" if step.nodes else f"reads {step.scattered.replicas} pods",)
    if isinstance(step, VerifyConfig):
        what = "compares their configuration, " if step.compared else ""
        return (f"{what}probes {_count(step.backends or plan.seen.coming)}",)
    if isinstance(step, Gate):
        return ("asks a person" if step.approval is Approval.MANUAL else "approved by the plan",)
    return ()


def _side(plan: Plan, side: Side) -> tuple[Backend, ...]:
    return plan.seen.coming if side is Side.NEW else old_backends(plan)


def _count(backends: tuple[Backend, ...]) -> str:
    return f"{len(backends)} backend{'s' if len(backends) != 1 else ''}"


def _balancer(what: str, times: int) -> str:
    return f"balancer: {what}, {times} call{'s' if times != 1 else ''}"
