"""The one door to everything that is remembered between two processes: plans, runs, leases, journals and requests."""

from __future__ import annotations

from pathlib import Path

from migrator.domain.calibration import Borrowed, Calibration
from migrator.domain.plan import Plan
from migrator.domain.ports import Clock
from migrator.domain.runs import Heading, Request, RequestKind, Run
from migrator.domain.sighting import OpenWrite, Past
from migrator.domain.steps import Step
from migrator.store import calibrations, plans, requests, rows, runs
from migrator.store import lease as leases
from migrator.store.database import PATIENCE, Database
from migrator.store.journal import Journal
from migrator.store.lease import Lease
from migrator.store.plans import PlanSummary
from migrator.store.recollection import Recollection, open_write
from migrator.store.rows import Event


class Store:
    """An open store. Safe to use from several threads; every method is one transaction.

    Any method may raise StoreError: the message names the file, what it means and the remedy.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, where: str | Path, clock: Clock, *, reading: bool = False, patience: float = PATIENCE) -> Store:
        """Open a path or `sqlite:///path`, made and brought up to date where needed, but never when only `reading`.

        `patience` is how many seconds a write waits for another process's.
        """
        return cls(Database.open(where, reading=reading, patience=patience), clock)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; leases are released by their holders."""
        self._database.close()

    @property
    def file(self) -> Path:
        """Give the database file."""
        return self._database.file

    def save_plan(self, plan: Plan) -> None:
        """Store a plan; the same one twice is fine."""
        with self._database.write() as tx:
            plans.save(tx, plan)

    def plan(self, prefix: str) -> Plan:
        """Give the plan whose id is, or alone begins with, `prefix`; NotFound otherwise."""
        with self._database.read() as tx:
            return plans.find(tx, prefix)

    def newest_unrun_plan(self) -> Plan | None:
        """Give the newest plan that was never run."""
        with self._database.read() as tx:
            return plans.newest_unrun(tx)

    def plans(self) -> list[PlanSummary]:
        """Give all plans as lists show them, the newest first."""
        with self._database.read() as tx:
            return plans.summaries(tx)

    def was_run(self, plan_id: str) -> bool:
        """Say whether any run was made of the plan with exactly this id."""
        with self._database.read() as tx:
            return plans.was_run(tx, plan_id)

    def create_run(self, plan: Plan) -> Run:
        """Make a planned run with the plan's forward route; saves the plan too, if that was not done."""
        with self._database.write() as tx:
            return runs.create(tx, plan, self._clock.now())

    def run(self, name: int | str) -> Run:
        """Give the run with this id, or the newest with this name; NotFound otherwise."""
        with self._database.read() as tx:
            return runs.find(tx, name)

    def runs(self) -> list[Run]:
        """Give all runs, the newest first."""
        with self._database.read() as tx:
            return runs.every(tx)

    def route(self, run_id: int, heading: Heading) -> tuple[Step, ...]:
        """Give the saved route of one heading; NotFound when the run has none."""
        with self._database.read() as tx:
            return runs.route(tx, run_id, heading)

    def acquire(self, run_id: int, holder: str) -> Lease:
        """Take the run for `holder` (user@host pid); LeaseHeld names whoever has it, NotFound a run that is not there."""
        return leases.acquire(self._database, self._clock, run_id, holder)

    def holder(self, run_id: int) -> str | None:
        """Give who carries out the run right now, None when nobody does."""
        return leases.holder_of(self._database, self._clock, run_id)

    def journal(self, run_id: int, lease: Lease) -> Journal:
        """Give the journal of a run to the holder of its lease."""
        if lease.run_id != run_id:
            raise ValueError(f"the lease is of run {lease.run_id}, the journal of run {run_id}")
        with self._database.read() as tx:
            return Journal(self._database, self._clock, runs.get(tx, run_id), lease)

    def past(self, run: Run, plan: Plan) -> Past:
        """Give what the journal says, read anew (for `status`; the driver asks its Journal)."""
        return Recollection(self._database, run.id).past(run, plan)

    def open_write(self, run_id: int) -> OpenWrite | None:
        """Give the oldest write of the run that no later look has settled."""
        with self._database.read() as tx:
            return open_write(tx, run_id)

    def events(self, run_id: int, after: int = 0, limit: int | None = None) -> list[Event]:
        """Give the journal's rows with a greater id than `after`, oldest first, at most `limit`."""
        with self._database.read() as tx:
            return rows.read(tx, run_id, after, limit)

    def verify_chain(self, run_id: int) -> int | None:
        """Give the id of the first row whose hash of the row before is wrong; None when the journal is whole."""
        with self._database.read() as tx:
            return rows.broken_link(tx, run_id)

    def ask_run(self, run_id: int, kind: RequestKind, by: str, note: str = "") -> Request:
        """Ask something of the run; whoever carries it out obeys at its next turn. Needs no lease."""
        with self._database.write() as tx:
            return requests.ask(tx, run_id, kind, by, note, self._clock.now())

    def pending(self, run_id: int) -> tuple[Request, ...]:
        """Give the requests that nobody has obeyed yet, oldest first."""
        with self._database.read() as tx:
            return requests.pending(tx, run_id)

    def borrow(self, balancer: str, borrowed: Borrowed) -> int:
        """Write down the weights that a calibration is about to change; give the loan's id."""
        with self._database.write() as tx:
            return calibrations.borrow(tx, balancer, borrowed, self._clock.now())

    def give_back(self, balancer: str, loan: int) -> None:
        """Write down that the weights of a loan are as they were found."""
        with self._database.write() as tx:
            calibrations.give_back(tx, balancer, loan, self._clock.now())

    def borrowed(self, balancer: str) -> tuple[int, Borrowed] | None:
        """Give the oldest loan that nobody has given back."""
        with self._database.read() as tx:
            return calibrations.borrowed(tx, balancer)

    def save_calibration(self, balancer: str, found: Calibration) -> None:
        """Keep what was measured of a balancer."""
        with self._database.write() as tx:
            calibrations.save(tx, balancer, found)

    def calibration(self, balancer: str) -> Calibration | None:
        """Give the newest measurement of a balancer."""
        with self._database.read() as tx:
            return calibrations.newest(tx, balancer)
