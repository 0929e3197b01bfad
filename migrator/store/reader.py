"""The reading half of the store: plans, runs, journals and who holds what. It cannot write, and loads nothing to write with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from migrator.domain.model.calibration import Borrowed, Calibration
from migrator.domain.model.runs import Heading, Request, Run
from migrator.domain.observation.sighting import JournalFacts, OpenWrite
from migrator.domain.planning.plan import Plan
from migrator.domain.steps import Step
from migrator.store import asked, chain, holding, measured
from migrator.store.reading import PATIENCE, Reads
from migrator.store.recollection import Recollection, open_write
from migrator.store.values import Event, PlanSummary, Stint

if TYPE_CHECKING:
    from migrator.domain.ports.outside import Clock


class StoreReader:
    """An open store of which one reads. Safe to use from several threads; every method is one transaction.

    Any method may raise StoreError: the message names the file, what it means and the remedy.
    """

    def __init__(self, reads: Reads, clock: Clock) -> None:
        self._reads = reads
        self._clock = clock

    @classmethod
    def opened(cls, where: str | Path, clock: Clock, patience: float = PATIENCE) -> StoreReader:
        """Open a path or `sqlite:///path`; NotFound when there is no store yet, StoreError for one that cannot be trusted."""
        return StoreReader(Reads.opened(where, patience), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._reads.close()

    @property
    def file(self) -> Path:
        """Give the database file."""
        return self._reads.file

    def plan(self, prefix: str) -> Plan:
        """Give the plan whose id is, or alone begins with, `prefix`; NotFound otherwise."""
        with self._reads.read() as asking:
            return asked.plan(asking, prefix)

    def newest_unrun_plan(self) -> Plan | None:
        """Give the newest plan that was never run."""
        with self._reads.read() as asking:
            return asked.newest_unrun(asking)

    def plans(self) -> list[PlanSummary]:
        """Give all plans as lists show them, the newest first."""
        with self._reads.read() as asking:
            return asked.summaries(asking)

    def was_run(self, plan_id: str) -> bool:
        """Say whether any run was made of the plan with exactly this id."""
        with self._reads.read() as asking:
            return asked.was_run(asking, plan_id)

    def run(self, name: int | str) -> Run:
        """Give the run with this id, or the newest with this name; NotFound otherwise."""
        with self._reads.read() as asking:
            return asked.run_called(asking, name)

    def runs(self) -> list[Run]:
        """Give all runs, the newest first."""
        with self._reads.read() as asking:
            return asked.runs(asking)

    def route(self, run_id: int, heading: Heading) -> tuple[Step, ...]:
        """Give the saved route of one heading; NotFound when the run has none."""
        with self._reads.read() as asking:
            return asked.route(asking, run_id, heading)

    def holder(self, run_id: int) -> str | None:
        """Give who carries out the run right now, None when nobody does."""
        return holding.holder_of(self._reads, self._clock, run_id)

    def stints(self, run_id: int) -> list[Stint]:
        """Give every process that carried the run out, the first one first, with what it saw last."""
        with self._reads.read() as asking:
            return asked.stints(asking, run_id)

    def now(self) -> datetime:
        """Give the time by which the store's times are told (aware UTC)."""
        return self._clock.now()

    def past(self, run: Run, plan: Plan) -> JournalFacts:
        """Give what the journal says, read anew (for `status`; the driver asks its Journal)."""
        return Recollection(self._reads, run.id).past(run, plan)

    def open_write(self, run_id: int) -> OpenWrite | None:
        """Give the oldest write of the run that no later look has settled."""
        with self._reads.read() as asking:
            return open_write(asking, run_id)

    def events(self, run_id: int, after: int = 0, limit: int | None = None) -> list[Event]:
        """Give the journal's rows with a greater id than `after`, oldest first, at most `limit`."""
        with self._reads.read() as asking:
            return asked.events(asking, run_id, after, limit)

    def verify_chain(self, run_id: int) -> int | None:
        """Give the id of the first row whose hash of the row before is wrong; None when the journal is whole."""
        with self._reads.read() as asking:
            return chain.broken_link(asking, run_id)

    def pending(self, run_id: int) -> tuple[Request, ...]:
        """Give the requests that nobody has obeyed yet, oldest first."""
        with self._reads.read() as asking:
            return asked.pending(asking, run_id)

    def calibration(self, balancer: str) -> Calibration | None:
        """Give the newest measurement of a balancer."""
        with self._reads.read() as asking:
            return measured.newest(asking, balancer)

    def borrowed(self, balancer: str) -> tuple[int, Borrowed] | None:
        """Give the oldest loan of a balancer's weights that nobody has given back."""
        with self._reads.read() as asking:
            return measured.borrowed(asking, balancer)
