"""From an outline to the plan of its run: the workload of the pod is the one side that the run looks at. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from migrator.domain.model.balancer import ProbeWay, Weighted
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.model.refs import gateway_name, target_ref
from migrator.domain.model.spec import JudgeSpec, ScrapeSpec, Spec
from migrator.domain.model.target import Existing, Network
from migrator.domain.planning.isolating.ground import Ground, rows_of_all
from migrator.domain.planning.isolating.isolation import Outline
from migrator.domain.planning.plan import Plan, Seen


def spec_for(spec: Spec, workload: ObjectRef, pod: str) -> Spec:
    """Give the spec that such a run goes by: the plan file's word, with the pod's workload as the side that is looked at."""
    judge = JudgeSpec(scrape=spec.judge.scrape or ScrapeSpec())
    target = (
        spec.target
        if workload == target_ref(spec)
        else Existing(workload.name, workload.kind, network=Network.POD, namespace=workload.namespace)
    )
    return replace(spec, name=f"{spec.name}-{pod}", target=target, judge=judge, waivers=(), hooks=(), answers=None)


def plan_of(
    spec: Spec,
    ground: Ground,
    made: Outline,
    way: str,
    ways: tuple[tuple[str, ProbeWay], ...],
    at: datetime,
    by: str,
    digest: Callable[[object], str],
) -> Plan:
    """Give the plan. `spec` is `spec_for`'s; `ways` are how our own requests ask the backends of each listener."""
    rows = rows_of_all(spec, made.ports, ground)
    now = tuple(Weighted(row.backend, row.weight) for row in sorted(rows, key=lambda row: row.backend))
    facts = (("pod", ground.ref.uid), ("gateway", gateway_name(spec)))
    scattered = PodTargets(len(ground.workload.pods), made.ports)
    seen = Seen(None, "", (), (), (), (), ground.capabilities, facts, now, scattered, ways=ways)
    seal = digest((spec, facts, now, made.steps, at.isoformat()))
    return Plan(seal[:12], seal, at, by, spec, seen, (), (), (), (), made.steps, (), way)
