"""The reading half of the store: plans, runs, journals and who holds what. It cannot write, and loads nothing to write with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from migrator.domain.balancers.calibration import Borrowed, Calibration
from migrator.domain.model.runs import Heading, Request, Run
from migrator.domain.observation.sighting import JournalFacts, OpenWrite
from migrator.domain.planning.plan import Plan
from migrator.domain.showing.series import Sample
from migrator.domain.steps import Step
from migrator.store.file.reader_connection import PATIENCE, ReaderConnection
from migrator.store.read import calibration_queries, deliveries, hash_chain, lease_status, queries, samples
from migrator.store.read.past import PastReader, open_write
from migrator.store.values import Delivery, Event, Kind, PlanSummary, ProcessRecord

if TYPE_CHECKING:
    from migrator.domain.ports.outside import Clock


class StoreReader:
    """An open store from which one reads. Safe to use from several threads; every method is one transaction.

    Any method may raise StoreError: the message names the file, what it means and the remedy.
    """

    def __init__(self, reader: ReaderConnection, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    @classmethod
    def opened(cls, where: str | Path, clock: Clock, patience: float = PATIENCE) -> StoreReader:
        """Open a path or `sqlite:///path`; NotFound when there is no store yet, StoreError for one that cannot be trusted."""
        return StoreReader(ReaderConnection.opened(where, patience), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._reader.close()

    @property
    def file(self) -> Path:
        """Give the database file."""
        return self._reader.file

    def plan(self, prefix: str) -> Plan:
        """Give the plan whose id is, or alone begins with, `prefix`; NotFound otherwise."""
        with self._reader.read() as read:
            return queries.plan(read, prefix)

    def newest_unrun_plan(self) -> Plan | None:
        """Give the newest plan that was never run."""
        with self._reader.read() as read:
            return queries.newest_unrun(read)

    def plans(self) -> list[PlanSummary]:
        """Give all plans as lists show them, the newest first."""
        with self._reader.read() as read:
            return queries.summaries(read)

    def was_run(self, plan_id: str) -> bool:
        """Say whether any run was made of the plan with exactly this id."""
        with self._reader.read() as read:
            return queries.was_run(read, plan_id)

    def run(self, name: int | str) -> Run:
        """Give the run with this id, or the newest with this name; NotFound otherwise."""
        with self._reader.read() as read:
            return queries.run_called(read, name)

    def runs(self) -> list[Run]:
        """Give all runs, the newest first."""
        with self._reader.read() as read:
            return queries.runs(read)

    def route(self, run_id: int, heading: Heading) -> tuple[Step, ...]:
        """Give the saved route of one heading; NotFound when the run has none."""
        with self._reader.read() as read:
            return queries.route(read, run_id, heading)

    def holder(self, run_id: int) -> str | None:
        """Give who carries out the run right now, None when nobody does."""
        return lease_status.holder_of(self._reader, self._clock, run_id)

    def process_records(self, run_id: int) -> list[ProcessRecord]:
        """Give every process that carried the run out, the first one first, with what it saw last."""
        with self._reader.read() as read:
            return queries.process_records(read, run_id)

    def now(self) -> datetime:
        """Give the time by which the store's times are told (aware UTC)."""
        return self._clock.now()

    def past(self, run: Run, plan: Plan) -> JournalFacts:
        """Give what the journal says, read anew (for `status`; the driver asks its Journal)."""
        return PastReader(self._reader, run.id).past(run, plan)

    def open_write(self, run_id: int) -> OpenWrite | None:
        """Give the oldest write of the run that no later look has settled."""
        with self._reader.read() as read:
            return open_write(read, run_id)

    def events(self, run_id: int, after: int = 0, limit: int | None = None) -> list[Event]:
        """Give the journal's rows with a greater id than `after`, oldest first, at most `limit`."""
        with self._reader.read() as read:
            return queries.events(read, run_id, after, limit)

    def events_of(self, run_id: int, kinds: Sequence[Kind], after: int = 0) -> list[Event]:
        """Give the journal's rows of these kinds with a greater id than `after`, oldest first."""
        with self._reader.read() as read:
            return queries.events_of(read, run_id, kinds, after)

    def told(self, run_id: int, channel: str) -> Delivery:
        """Give how far a channel has been told of a run."""
        with self._reader.read() as read:
            return deliveries.told(read, run_id, channel)

    def samples(self, run_id: int) -> tuple[Sample, ...]:
        """Give what turns of a run saw over time, oldest first; none for a run that an older version carried out."""
        with self._reader.read() as read:
            return samples.of_run(read, run_id)

    def verify_chain(self, run_id: int) -> int | None:
        """Give the id of the first row whose hash of the row before is wrong; None when the journal is whole."""
        with self._reader.read() as read:
            return hash_chain.broken_link(read, run_id)

    def pending(self, run_id: int) -> tuple[Request, ...]:
        """Give the requests that nobody has obeyed yet, oldest first."""
        with self._reader.read() as read:
            return queries.pending(read, run_id)

    def calibration(self, balancer: str) -> Calibration | None:
        """Give the newest measurement of a balancer."""
        with self._reader.read() as read:
            return calibration_queries.newest(read, balancer)

    def borrowed(self, balancer: str) -> tuple[int, Borrowed] | None:
        """Give the oldest loan of a balancer's weights that nobody has given back."""
        with self._reader.read() as read:
            return calibration_queries.borrowed(read, balancer)
