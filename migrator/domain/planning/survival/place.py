"""Where a run stands, as the record in the cluster says it: what a successor without the store cannot see in the world.

Weights are not in it: they are seen at the balancer. The plan beside it has what they were before the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.runs import Heading, Run
from migrator.domain.observation.sides import Rehearsed
from migrator.domain.observation.sighting import JournalFacts, Patched
from migrator.domain.steps import KeepApart, PointBack, Step

MOST_PARTS = 20
"""Objects of the cluster that a plan may be kept in, beside the one that says the place."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What the journal of a lost run said and the world does not show (see `JournalFacts`).

    `live` is what a person has set. No way back needs it, but nobody would hear that it is forgotten: a soak that was made
    longer would be the plan's again.
    """

    removed: Mapping[Backend, int] = field(default_factory=dict)
    rehearsed: Rehearsed | None = None
    deleted: tuple[str, ...] = ()
    patches: tuple[tuple[ObjectRef, tuple[tuple[str, Patched], ...]], ...] = ()
    bar: float = 1.0
    live: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A run's place. `run` is its number in its own store, `holder` how the cluster's Lease names it, `plan` its plan's digest.

    `pointed`: it turned back at Retire, so that its way back begins with the Services. `ended`: only its record is left.
    `steps`: how many its route has (0: an older version kept it), which tells a way back from a detour from another. `kept`:
    the gateway that its way back keeps for a look.
    """

    run: int
    name: str
    holder: str
    plan: str
    heading: Heading
    cursor: int
    began_at: datetime
    pointed: bool = False
    ended: bool = False
    inherited: Inherited = field(default_factory=Inherited)
    steps: int = 0
    kept: PodRef | None = None


def kept_of(route: tuple[Step, ...]) -> PodRef | None:
    """Give the gateway that a way back keeps for a look; None where it keeps none."""
    return next((step.pod for step in route if isinstance(step, KeepApart)), None)


def inherited(past: JournalFacts) -> Inherited:
    """Give what is to be kept of a journal, in an order that stays."""
    patches = ((ref, tuple(sorted(found.items()))) for ref, found in past.patches.items())
    return Inherited(
        dict(sorted(past.removed.items())),
        past.rehearsed,
        tuple(sorted(past.deleted)),
        tuple(sorted(patches, key=lambda row: str(row[0]))),
        past.bar,
        dict(sorted(past.live.items())),
    )


def placed(run: Run, holder: str, plan: str, route: tuple[Step, ...], past: JournalFacts) -> Place:
    """Give a run's place. `route` is the one that it walks now."""
    pointed = run.heading is Heading.BACK and any(isinstance(step, PointBack) for step in route[:1])
    return Place(
        run.id,
        run.name,
        holder,
        plan,
        run.heading,
        min(run.cursor, len(route) - 1),
        run.created_at,
        pointed,
        run.ended,
        inherited(past),
        len(route),
        kept_of(route),
    )
