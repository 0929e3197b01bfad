"""The two routes of a restart: node after node to the new revision, and from any point back to the former one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.domain.drift.marking import UNMARKED
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import both
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Confirm, Guard, Renew, Rewrite, Shed, Step, Undo, WriteBack
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.proof import Proof


def forward(
    spec: Spec, strategy: Change, template: Change, batches: Sequence[tuple[NodeRows, ...]], soak: float
) -> tuple[Step, ...]:
    """Give the route: nobody restarts pods but the run, the template is written once, then batch after batch is renewed."""
    final = Change(strategy.ref, "", both(strategy.undo, UNMARKED), None, say("change.update-strategy"))
    return (
        Guard((strategy,)),
        Rewrite((template,)),
        *(_renew(spec, Side.NEW, nodes, (strategy, template), soak) for nodes in batches),
        Confirm(Side.NEW, 0.0, restore=(final,)),
    )


def back(plan: Plan, left: Step) -> tuple[Step, ...]:
    """Give the route back from the step that is left: the new revision loses its weight first, then the template is written
    back, and the nodes that were taken through it are taken through the same again, the last first."""
    strategy, template = plan.changes
    former = Change(template.ref, template.uid, template.undo, template.patch, template.why)
    walked = plan.steps[: plan.steps.index(left) + 1] if left in plan.steps else plan.steps
    renewed = tuple(step for step in reversed(walked) if isinstance(step, Renew))
    again = (_renew(plan.spec, Side.OLD, step.nodes, (strategy, former), 0.0) for step in renewed)
    return (
        *((Shed(_recorded(renewed)),) if renewed else ()),
        WriteBack((template,)),
        *again,
        Undo((strategy,)),
    )


def _recorded(steps: Sequence[Renew]) -> tuple[Weighted, ...]:
    return tuple(row for step in steps for node in step.nodes for row in node.rows)


def _renew(spec: Spec, towards: Side, nodes: tuple[NodeRows, ...], changes: tuple[Change, ...], soak: float) -> Renew:
    profile, deadlines = gateway_profile(spec), spec.deadlines
    proof = Proof(deadlines.ready, deadlines.config + deadlines.healthy, not profile.mute, profile.reversible)
    rest = spec.way_back.least if towards is Side.NEW else 0.0
    return Renew(towards, nodes, changes, spec.drain, proof, soak, rest)
