"""A gateway that stands in one of a plan's two clusters: the plan as that cluster alone has it. Pure."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.drift.standing import Rests
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import place
from migrator.domain.model.spec import Allowance, Spec
from migrator.domain.planning.plan import Plan

_THERE = "two-clusters"
OF_ONE_CLUSTER = tuple(Allowance(part, _THERE) for part in ("cluster/*", "endpoints/*", "bootstrap/*"))
"""What gateways of two clusters need not have alike: upstreams, their addresses, and who configures them. Answers prove it."""


def alone(spec: Spec, side: Side) -> Spec:
    """Give the spec of a gateway that stands in a side's cluster and asks nothing of the other; itself where there is one.

    Its gateways have one cluster's upstreams: they are compared whole.
    """
    if spec.second is None:
        return spec
    allowed = tuple(row for row in spec.parity.allow if row not in OF_ONE_CLUSTER)
    parity = replace(spec.parity, allow=allowed)
    return replace(spec, cluster=place(spec, side).cluster, second=None, parity=parity)


def stood_alone(plan: Plan) -> Plan:
    """Give the plan of a run that has completed as the new side's cluster alone has it; itself where there is one.

    What it rests on is that cluster and the balancer's settings: what it saw of the other is nobody's business any more.
    """
    if plan.spec.second is None:
        return plan
    rests = plan.seen.rests
    own = Rests(rests.second, health=rests.health, steering=rests.steering)
    return replace(plan, spec=alone(plan.spec, Side.NEW), seen=replace(plan.seen, rests=own))
