"""From a completed run's plan to what a plan back wants: the roles swapped, and everything that the run kept. Pure.

Behind each listener the old rows of that run say how its pods were dialled: on a port of their own (then each returning
pod is a backend, known once it is Ready), or on another port, a node's (then the rows are known, and are the same ones).
"""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, number, ref_of, to_apply
from migrator.domain.model.pod_targets import PodPort, PodTargets
from migrator.domain.model.spec import SourceSpec, Spec
from migrator.domain.model.target import Kept, PortMapping
from migrator.domain.planning.plan import Plan

LONGEST = 63
"""Characters of a label's value."""


def kept(plan: Plan) -> Manifest:
    """Give the manifest of the workload that a run removed; an empty one where its plan kept none."""
    return to_apply(plan.seen.source) if isinstance(plan.seen.source, dict) and plan.seen.source else {}


def reversed_spec(plan: Plan, run: int) -> Spec:
    """Give the spec of the way back from the end of `run`, which carried `plan` out and kept the old workload."""
    spec = plan.spec
    return replace(
        spec,
        name=f"{spec.name}-back",
        source=SourceSpec(spec.target.kind, spec.target.name),
        target=kept_target(plan, run),
        balancer=replace(
            spec.balancer, listeners=tuple(replace(listener, backend_port=0) for listener in spec.balancer.listeners)
        ),
        after=None,
    )


def telling(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Give the labels that tell the returning pods from the leaving ones: their own where they have one of that key."""
    own = labels(plan.seen.source, "spec", "template", "metadata", "labels")
    return tuple(
        (key, own.get(key) or f"not-{value}"[:LONGEST].rstrip("-_."))
        for key, value in plan.spec.target.labels
        if own.get(key) != value
    )


def kept_target(plan: Plan, run: int) -> Kept:
    """Give what the run kept and made, as the target of the way back."""
    spec, replicas = plan.spec, dig(plan.seen.source, "spec", "replicas")
    ports, rows = _ways_in(plan)
    made = (ref_of(manifest) for manifest in plan.manifests if isinstance(manifest, dict))
    return Kept(
        spec.source.name,
        tuple(PortMapping(row.new, row.old) for row in spec.target.ports),
        telling(plan),
        spec.source.kind,
        run,
        plan.id,
        kept(plan),
        tuple[Json, ...](to_apply(companion) for companion in plan.seen.companions if isinstance(companion, dict)),
        f"{ref_of(kept(plan)).name}-back",
        tuple(ref for ref in made if (ref.kind, ref.name) != (spec.target.kind, spec.target.name)),
        PodTargets(replicas if isinstance(replicas, int) else 1, ports),
        rows,
    )


def _ways_in(plan: Plan) -> tuple[tuple[PodPort, ...], tuple[Backend, ...]]:
    """Give the ports of the returning pods, and the rows that stand on ports of nodes."""
    inside = {m.new: m.old for m in plan.spec.target.ports}
    own = {backend.listener: inside.get(backend.port, backend.port) for backend in plan.seen.new}
    rows = [row.backend for row in plan.seen.old]
    pods = {PodPort(row.listener, row.port) for row in rows if own.get(row.listener) == row.port}
    return tuple(sorted(pods)), tuple(row for row in rows if own.get(row.listener) != row.port)


def by_host_port(plan: Plan) -> tuple[int, ...]:
    """Give the hostPorts of the kept pods on which they were dialled: where they will land nobody knows yet."""
    _, rows = _ways_in(plan)
    containers = items(plan.seen.source, "spec", "template", "spec", "containers")
    opened = {number(port, "hostPort") for container in containers for port in items(container, "ports")}
    return tuple(sorted({row.port for row in rows} & opened))
