"""How a run goes on whose store is lost: from its record, and from what is seen now. Weights are taken as they are found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.runs import Heading
from migrator.domain.planning.homeward import back
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.resting.facts import Digest
from migrator.domain.planning.route import ONE_UNIT
from migrator.domain.planning.survival.place import Inherited, Place
from migrator.domain.sides.upkeep import CLOSE
from migrator.domain.steps import Retire, Shift, Step, Swap, VerifyConfig
from migrator.domain.turn.live import within

REHEARSED = 2.0
"""Percent: a share up to this may be what a rehearsal left; more is a share of the climb."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A run to be made: its plan with the forward route, its way back (None: it goes forward), its place, the weights that it
    begins with, and the new side's percent by them."""

    plan: Plan
    home: tuple[Step, ...] | None
    cursor: int
    begins_with: tuple[Weighted, ...]
    inherited: Inherited
    share: float | None = None

    @property
    def heading(self) -> Heading:
        """Give the heading on which it goes on."""
        return Heading.FORWARD if self.home is None else Heading.BACK


def adopted(place: Place, plan: Plan, pools: Pools, old_stands: bool, digest: Digest) -> Adoption:
    """Give the run that goes on where the lost one stood. `old_stands`: the workload that the plan saw is there still.

    Forward it goes on at the step of the record, or at the share that is seen where that is further: a share never falls.
    Before that the new side's configuration is verified once more, whole, while there is an old side to compare it with.
    """
    begins_with = tuple(Weighted(row.backend, row.weight) for row in pools.rows if row.side is not None)
    lost = replace(place.inherited, live=within(plan.spec, place.inherited.live))
    if place.heading is Heading.BACK:
        home = _way_back(place, plan)
        return Adoption(plan, home, _first_node(home, place.cursor), begins_with, lost, pools.share())
    cursor = _furthest(place.cursor, plan.steps, pools.share())
    again = _verification(plan.steps, cursor) if old_stands else None
    if again is None:
        return Adoption(plan, None, cursor, begins_with, lost, pools.share())
    steps = (*plan.steps[:cursor], again, *plan.steps[cursor:])
    removed = {backend: step + (step >= cursor) for backend, step in lost.removed.items()}
    seal = digest((plan.digest, steps))
    walked = replace(plan, id=seal[:12], digest=seal, steps=steps)
    return Adoption(walked, None, cursor, begins_with, replace(lost, removed=removed), pools.share())


def _way_back(place: Place, plan: Plan) -> tuple[Step, ...]:
    """Give the way back that the lost run walked. Its number of steps tells it: on a detour it has others until the host ports
    are free, in place one for each node that has changed hands. Where no way has that number, nodes that are one side's at a
    time all go back: one that the old side has already is passed by, but one that is left out would lose its gateway."""
    ways = [back(plan, step, place.kept) for step in plan.steps if isinstance(step, Retire) is place.pointed]
    last = max(ways, key=len) if plan.journey().by_turns else ways[0]
    return next((way for way in ways if len(way) == place.steps), last)


def _first_node(home: tuple[Step, ...], cursor: int) -> int:
    """Give the step at which a way back goes on. In place it is the first node's again: one that the old side has already is
    passed by, whatever the record says of it."""
    return next((at for at, step in enumerate(home[:cursor]) if isinstance(step, Swap)), cursor)


def _furthest(cursor: int, steps: tuple[Step, ...], share: float | None) -> int:
    """Give the step of the share that is seen where the record is behind: a write came true that it does not tell of."""
    if share is None or share <= max(REHEARSED, ONE_UNIT):
        return cursor
    climb = (i for i, step in enumerate(steps) if isinstance(step, Shift) and step.towards is Side.NEW)
    return max(cursor, next((i for i in climb if _share(steps[i]) >= share - CLOSE), cursor))


def _share(step: Step) -> float:
    return step.share if isinstance(step, Shift) else 0.0


def _verification(steps: tuple[Step, ...], cursor: int) -> VerifyConfig | None:
    """Give the verification that is to be made again: the one before the cursor; None where none was made yet."""
    return next((step for step in steps[:cursor] if isinstance(step, VerifyConfig)), None)
