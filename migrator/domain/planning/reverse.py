"""From a completed run's plan to what a plan back wants: the roles swapped, and everything that the run kept. Pure.

Behind each listener the old rows of that run say how its pods were dialled: on a port of their own or a hostPort (then each
returning pod is a backend, known once it is Ready), or on a node port (then the rows are known, and are the same ones). Where
weights are a group's, the group of these rows is the new side's (`groups`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.domain.model.balancer import Backend, Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json, Manifest, dig, labels, mapping, ref_of, to_apply
from migrator.domain.model.pod_targets import Entry, PodPort, PodTargets
from migrator.domain.model.spec import SourceSpec, Spec
from migrator.domain.model.target import Kept, PortMapping
from migrator.domain.planning.backends import old_doors
from migrator.domain.planning.plan import Plan

LONGEST = 63
"""Characters of a label's value."""


def kept(plan: Plan) -> Manifest:
    """Give the manifest of the workload that a run removed; an empty one where its plan kept none."""
    return to_apply(plan.seen.source) if isinstance(plan.seen.source, dict) and plan.seen.source else {}


def reversed_spec(plan: Plan, run: int, new_groups: str = "") -> Spec:
    """Give the spec of the way back from the end of `run`, which carried `plan` out and kept the old workload.

    `new_groups` is the balancer's option that names the new side's group of each listener, where it has such groups.
    """
    spec = plan.spec
    options = dict(spec.balancer.options) | ({new_groups: _named(groups(plan))} if new_groups else {})
    return replace(
        spec,
        name=f"{spec.name}-back",
        source=SourceSpec(spec.target.kind, spec.target.name, spec.target.namespace),
        target=kept_target(plan, run),
        gateway=spec.gateway_of(Side.NEW),
        balancer=replace(
            spec.balancer,
            listeners=tuple(replace(listener, backend_port=0) for listener in spec.balancer.listeners),
            options=tuple(sorted(options.items())),
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
        {change.ref.name: dict(mapping(change.original, "spec", "selector")) for change in _services(plan)},
        spec.source.namespace,
        gateway=spec.gateway if spec.target.gateway is not None else None,
    )


def _services(plan: Plan) -> list[Change]:
    return [change for change in plan.changes if change.ref.kind == "Service"]


def _ways_in(plan: Plan) -> tuple[tuple[PodPort, ...], tuple[Backend, ...]]:
    """Give the ports of the returning pods, and the rows that stand on ports of nodes."""
    entries = {(door.listener, door.port): door.entry for door in old_doors(plan)}
    rows = [row.backend for row in plan.seen.old]
    by_node = tuple(row for row in rows if entries[row.listener, row.port] is Entry.NODE_PORT)
    pods = {PodPort(row.listener, row.port, entries[row.listener, row.port]) for row in rows if row not in by_node}
    return tuple(sorted(pods)), by_node


def groups(plan: Plan) -> dict[str, str]:
    """Give the group that the returning pods go to behind each listener, by the balancer's own name; "" where none can be told.

    It is the one that the old rows were in. Where they were in several, nobody knows which pod belongs to which: all of them
    go to the one that had most of the weight. That is the same for a client as long as each group led to the same port.
    """
    found: dict[str, list[Weighted]] = {}
    for row in plan.seen.old:
        found.setdefault(row.backend.listener, []).append(row)
    return {listener: _group(rows) for listener, rows in found.items()}


def _group(rows: Sequence[Weighted]) -> str:
    weights = {row.backend.ref: row.weight for row in rows}
    if not all(weights) or (len(weights) > 1 and len({row.backend.port for row in rows}) > 1):
        return ""
    return max(sorted(weights), key=lambda name: weights[name])


def _named(by_listener: dict[str, str]) -> str:
    return ",".join(f"{listener}={name}" for listener, name in sorted(by_listener.items()))
