"""How long going back takes: until every new connection is on the old side again, and until nothing of the run is left."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Health, Pools, Row, Side, Target, Weighted
from migrator.domain.planning.make_plan import played
from migrator.domain.planning.plan import Forecast, Plan
from migrator.domain.planning.timeline.pace import TURN, batches, old_backends, pace
from migrator.domain.steps import Attach, Confirm, Deploy, Detach, Drain, Guard, Retire, Shift, Step

DETECTION = 10.0
"""A balancer's usual health check calls a backend healthy after two successes, five seconds apart."""

GRACE = 30.0
"""What an idle pod of the new side takes to end."""


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds from a step: until the old side has its recorded weights, and until the route back is done (deadlines)."""

    traffic: float
    whole: float


def returns(plan: Plan) -> list[Return | None]:
    """Give the way back from each step as it stands at the step's end; None from where there is none."""
    made, rollback, found = _Made(), list[Return | None](), True
    forecasts = {forecast.share: restoring(plan, forecast) for forecast in plan.forecast}
    for step in plan.steps:
        made = made.after(step, forecasts)
        found = found and not isinstance(step, Retire | Confirm)
        rollback.append(_return(plan, made) if found else None)
    return rollback


def restoring(plan: Plan, forecast: Forecast) -> int:
    """Give the writes from a share back to the recorded weights."""
    new = set(plan.seen.coming)
    rows = [
        Row(Target(row.backend, row.weight, Health.HEALTHY), Side.NEW if row.backend in new else Side.OLD)
        for row in forecast.rows
    ]
    recorded = (*plan.seen.old, *(Weighted(backend, 0) for backend in plan.seen.coming))
    return played(Pools(tuple(rows), plan.seen.capabilities), recorded)[1]


@dataclass(frozen=True, slots=True)
class _Made:
    """What a run has done by the end of a step."""

    guarded: bool = False
    deployed: bool = False
    attached: bool = False
    carried: bool = False
    told: bool = False
    detached: bool = False
    writes: int = 0

    def after(self, step: Step, writes: dict[float, int]) -> _Made:
        shift = isinstance(step, Shift) and step.towards is Side.NEW
        share = step.share if isinstance(step, Shift) else 0.0
        return _Made(
            self.guarded or isinstance(step, Guard),
            self.deployed or isinstance(step, Deploy),
            self.attached or isinstance(step, Attach),
            self.carried or shift,
            self.told or (isinstance(step, Drain) and step.tells),
            self.detached or isinstance(step, Detach),
            writes.get(share, 1) if shift else 0 if isinstance(step, Shift) else self.writes,
        )


def _return(plan: Plan, made: _Made) -> Return:
    spec, can = plan.spec, plan.seen.capabilities
    cost = pace(can)
    traffic = cost.balancer * made.writes + (TURN if made.told else 0.0)
    if made.detached:
        traffic += cost.balancer * batches(old_backends(plan), can) + max(DETECTION, can.settle)
    whole = traffic
    whole += spec.drain.timeout if made.carried else 0.0
    whole += cost.balancer * batches(plan.seen.coming, can) + can.drain_floor if made.attached else 0.0
    whole += cost.cluster * len(plan.manifests) + GRACE if made.deployed else 0.0
    whole += cost.cluster * len(plan.changes) if made.guarded else 0.0
    return Return(traffic, whole)
