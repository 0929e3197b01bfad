"""The two routes of an in-place move: node after node to the new side, and from any point back, the last node first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change
from migrator.domain.model.kubernetes import grace_of
from migrator.domain.model.manifests import Json, mapping, ref_of
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan, Seen
from migrator.domain.planning.route import final_settings, gate, retire, window
from migrator.domain.steps import (
    Confirm,
    Deploy,
    Guard,
    KeepOthers,
    PointBack,
    Preflight,
    Remove,
    Retire,
    Shed,
    Step,
    Swap,
    TellToStay,
    Undo,
)
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.proof import Proof


def forward(
    spec: Spec,
    seen: Seen,
    manifests: tuple[Json, ...],
    changes: tuple[Change, ...],
    nodes: Sequence[NodeRows],
    waived: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """Give the route; `waived` are the listeners that one node carries alone and that may lose requests.

    The DaemonSet is there before any node is free: its pods wait for their ports. The last node is watched for as long as the
    old side would be kept: until then the way back is open.
    """
    soaks = [spec.traffic.soak] * len(nodes)
    soaks[-1:] = [max(spec.traffic.soak, spec.cleanup.keep_old)] if nodes else []
    return (
        Preflight(spec.waivers),
        Guard(changes),
        Deploy(manifests),
        *(_swap(spec, seen, node, soak, len(nodes) > 1, waived) for node, soak in zip(nodes, soaks, strict=True)),
        gate(spec),
        replace(retire(spec, seen, manifests, changes), compares=False),  # the old side has no pods any more
        Confirm(Side.NEW, window(spec.judge), restore=final_settings(spec, manifests, changes)),
    )


def back(plan: Plan, left: Step, _worst: PodRef | None = None) -> tuple[Step, ...]:
    """Give the route back from the step that is left: the new pods lose their weight as far as the others can carry it, then
    the nodes that changed hands change them again, the last first. What was made goes when nobody of it serves. Last come the
    nodes whose turn had not come. No gateway is kept for a look: its node is needed."""
    made = tuple(ref_of(manifest) for manifest in plan.manifests if isinstance(manifest, dict))
    walked = plan.steps[: plan.steps.index(left) + 1] if left in plan.steps else plan.steps
    swaps = [step for step in reversed(walked) if isinstance(step, Swap)]
    pointed = tuple(change for change in plan.changes if change.back is not None)
    every = tuple(row for step in swaps for node in step.nodes for row in node.rows)
    others = [step for step in plan.steps if isinstance(step, Swap) and step not in swaps]
    return (
        *((PointBack(pointed),) if isinstance(left, Retire) and pointed else ()),
        TellToStay(Side.OLD),
        *((Shed(every),) if swaps else ()),
        *(_swapped_back(step) for step in swaps),
        Remove(tuple(reversed(made))),
        Undo((*plan.changes, _shrunk(plan)) if swaps else plan.changes),
        *_kept(plan, others),
    )


def _kept(plan: Plan, others: Sequence[Swap]) -> tuple[Step, ...]:
    """Give the step of the nodes whose turn had not come; one without nodes where all had it, so that every way back is as
    long as the nodes that it names."""
    first = next((step for step in plan.steps if isinstance(step, Swap)), None)
    if first is None:
        return ()
    home = _swapped_back(first)
    values = {field.name: getattr(home, field.name) for field in fields(home)}
    nodes = tuple(node for step in others for node in step.nodes)
    waived = tuple(dict.fromkeys(name for step in others for name in step.waived))
    return (KeepOthers(**{**values, "nodes": nodes, "waived": waived}),)


def _shrunk(plan: Plan) -> Change:
    """Give what the swaps did to the Deployment as a change. Its pods come back with their nodes; a node that has gone
    meanwhile brings none, and the Deployment is to want one for it all the same."""
    ref, nodes = source_ref(plan.spec), sum(len(step.nodes) for step in plan.steps if isinstance(step, Swap))
    return Change(ref, plan.seen.source_uid, {}, {"spec": {"replicas": nodes}}, say("change.shrinks", object=str(ref)))


def _swap(spec: Spec, seen: Seen, node: NodeRows, soak: float, peers: bool, waived: tuple[str, ...]) -> Swap:
    return Swap(
        Side.NEW,
        (node,),
        (),
        spec.drain,
        _proof(spec, seen, peers),
        soak,
        spec.way_back.least,
        source=source_ref(spec),
        uid=seen.source_uid,
        target=target_ref(spec),
        waived=tuple(name for name in waived if any(row.weight and row.backend.listener == name for row in node.rows)),
    )


def _swapped_back(step: Swap) -> Swap:
    """Give the same node's way back. The old template has always served: there is no model for its configuration."""
    proof = replace(step.proof, compares=False, asks=False)
    return replace(step, towards=Side.OLD, proof=proof, soak=0.0, rest=0.0)


def _proof(spec: Spec, seen: Seen, peers: bool) -> Proof:
    """Give what proves a new gateway; where there is only one node, there is no other gateway to compare it with."""
    profile, deadlines = gateway_profile(spec, Side.NEW), spec.deadlines
    patience = deadlines.config + deadlines.healthy + (spec.answers.longest if spec.answers else 0.0)
    grace = grace_of(mapping(seen.source, "spec", "template", "spec"))
    asks = spec.answers is not None and peers
    tells = gateway_profile(spec, Side.OLD).reversible
    return Proof(deadlines.ready, patience, peers and not profile.mute, tells, grace, asks, spec.waivers)
