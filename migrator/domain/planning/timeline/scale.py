"""How large a plan is, as its steps need it for their estimates."""

from __future__ import annotations

from migrator.domain.model.balancer import Capabilities, Health, Pools, Row, Side, Target, Weighted
from migrator.domain.planning.detour.phases import over
from migrator.domain.planning.plan import Forecast, Plan
from migrator.domain.steps.estimate import MOST, TURN, Pace, Scale, ShareCost
from migrator.domain.weights.playing import played


def scale(plan: Plan) -> Scale:
    """Give the scale of a plan."""
    seen = over(plan.seen, plan.detour)
    old = tuple(row.backend for row in seen.old)
    return Scale(
        old, seen.coming, tuple(_shares(plan)), seen.capabilities, pace(seen.capabilities), plan.spec.drain.timeout
    )


def pace(can: Capabilities) -> Pace:
    """Give the pace of a balancer."""
    between = 60.0 / can.writes_per_minute if can.writes_per_minute else 0.0
    once = max(can.settle, between)
    return Pace(once + TURN, once + MOST)


def _shares(plan: Plan) -> list[ShareCost]:
    """Give what each share costs: the weights that differ from the share before it."""
    before = {row.backend: row.weight for row in over(plan.seen, plan.detour).old} | dict.fromkeys(plan.seen.coming, 0)
    costs = []
    for forecast in plan.forecast:
        changed = sum(1 for row in forecast.rows if before.get(row.backend) != row.weight)
        costs.append(ShareCost(forecast.share, forecast.writes, changed, restoring(plan, forecast)))
        before = {row.backend: row.weight for row in forecast.rows}
    return costs


def restoring(plan: Plan, forecast: Forecast) -> int:
    """Give the writes from a share back to the recorded weights."""
    new = set(plan.seen.coming)
    rows = [
        Row(Target(row.backend, row.weight, Health.HEALTHY), Side.NEW if row.backend in new else Side.OLD)
        for row in forecast.rows
    ]
    recorded = (*over(plan.seen, plan.detour).old, *(Weighted(backend, 0) for backend in plan.seen.coming))
    return played(Pools(tuple(rows), plan.seen.capabilities), recorded)[1]
