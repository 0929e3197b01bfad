"""Looking at runs without touching them: where one stands, who carries it out, what its journal says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.domain.runs import Request, Run
from migrator.domain.sighting import Past

if TYPE_CHECKING:
    from migrator.store import StoreReader


@dataclass(frozen=True, slots=True)
class Status:
    """Where a run stands. `titles` are the steps of its present route; `holder` None means that nobody watches it."""

    run: Run
    titles: tuple[str, ...]
    holder: str | None
    past: Past
    pending: tuple[Request, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Left:
    """Where a process leaves a run: its step's title and the new side's percent of new connections (None: unknown)."""

    run: Run
    step: str
    share: float | None


def where(store: StoreReader, run: Run) -> Left:
    """Read where a run is left."""
    found = status(store, run)
    return Left(run, found.titles[run.cursor], found.share)


def status(store: StoreReader, run: Run) -> Status:
    """Read where a run stands. `share` is the new side's percent by the weights this run last settled."""
    plan = store.plan(run.plan_id)
    past = store.past(run, plan)
    new = set(plan.seen.new)
    weights = {backend: meant[0] for backend, meant in past.weights.items()}
    whole = sum(weights.values())
    share = 100 * sum(w for b, w in weights.items() if b in new) / whole if whole else None
    titles = tuple(step.title for step in store.route(run.id, run.heading))
    return Status(run, titles, store.holder(run.id), past, store.pending(run.id), share)
