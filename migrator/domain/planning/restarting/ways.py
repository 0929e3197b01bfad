"""The two routes of a restart: node after node to the new revision, and from any point back to the former one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.domain.drift.marking import UNMARKED
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import both
from migrator.domain.model.spec import Spec
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Confirm, Guard, Renew, Rewrite, Shed, Step, Undo, WriteBack
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.steps.restarting.proof import Proof
from migrator.domain.steps.restarting.zone import Zone


def forward(
    spec: Spec,
    changes: tuple[Change, Change],
    batches: Sequence[tuple[NodeRows, ...]],
    soak: float,
    proof: Proof,
    zones: tuple[Zone, ...] = (),
) -> tuple[Step, ...]:
    """Give the route: nobody restarts pods but the run, the template is written once, then batch after batch is renewed.

    `changes` are those of the strategy and of the template; of the nodes in `zones` some carry all the time.
    """
    strategy, template = changes
    final = Change(strategy.ref, "", both(strategy.undo, UNMARKED), None, say("change.update-strategy"))
    return (
        Guard((strategy,)),
        Rewrite((template,)),
        *(Renew(Side.NEW, nodes, changes, spec.drain, proof, soak, spec.way_back.least, zones) for nodes in batches),
        Confirm(Side.NEW, 0.0, restore=(final,)),
    )


def back(plan: Plan, left: Step, worst: PodRef | None = None) -> tuple[Step, ...]:
    """Give the route back from the step that is left: the new revision loses its weight first, then the template is written
    back, and the nodes that were taken through it are taken through the same again, the last first. Nobody
    is kept for a look: the node needs its gateway."""
    strategy, template = plan.changes
    every = tuple(step for step in plan.steps if isinstance(step, Renew))
    former = Change(template.ref, template.uid, template.undo, template.patch, template.why)
    walked = plan.steps[: plan.steps.index(left) + 1] if left in plan.steps else plan.steps
    renewed = tuple(step for step in reversed(walked) if isinstance(step, Renew))
    proved = (replace(step.proof, asks=False) for step in renewed)
    again = (
        replace(step, towards=Side.OLD, changes=(strategy, former), proof=proof, soak=0.0, rest=0.0)
        for step, proof in zip(renewed, proved, strict=True)
    )
    return (
        *((Shed(_recorded(every), zones=every[0].zones),) if renewed else ()),
        WriteBack((template,)),
        *again,
        Undo((strategy,)),
    )


def _recorded(steps: Sequence[Renew]) -> tuple[Weighted, ...]:
    return tuple(row for step in steps for node in step.nodes for row in node.rows)


def proof_of(spec: Spec, grace: float, told_apart: bool) -> Proof:
    """Give what proves a gateway. `grace` is how long a pod may take to end; `told_apart`: it is known at which address which
    revision answers."""
    profile, deadlines = gateway_profile(spec, Side.NEW), spec.deadlines
    patience = deadlines.config + deadlines.healthy + (spec.answers.longest if spec.answers else 0.0)
    asks = spec.answers is not None and told_apart
    return Proof(deadlines.ready, patience, not profile.mute, profile.reversible, grace, asks, spec.waivers)
