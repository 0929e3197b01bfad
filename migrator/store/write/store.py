"""The one door to everything that is remembered between two processes: plans, runs, leases, journals and requests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from migrator.domain.balancers.calibration import Borrowed, Calibration
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Request, RequestKind, Run
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.adoption import Adoption
from migrator.domain.ports.outside import Clock
from migrator.domain.showing.series import Sample
from migrator.store.file import reserve
from migrator.store.file.database import Database
from migrator.store.file.reader_connection import PATIENCE
from migrator.store.read import queries
from migrator.store.read.reader import StoreReader
from migrator.store.values import Delivery
from migrator.store.write import calibrations, deliveries, plans, requests, runs, samples
from migrator.store.write import lease as leases
from migrator.store.write.journal import Journal
from migrator.store.write.lease import Lease


class Store(StoreReader):
    """An open store, to read of and to write to. Safe to use from several threads; every method is one transaction.

    Any method may raise StoreError: the message names the file, what it means and the remedy.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database.reader, clock)
        self._database = database

    @classmethod
    def open(cls, where: str | Path, clock: Clock, *, reading: bool = False, patience: float = PATIENCE) -> Store:
        """Open a path or `sqlite:///path`, made and brought up to date where needed, but never when only `reading`.

        `patience` is how many seconds a write waits for another process's.
        """
        return cls(Database.open(where, reading=reading, patience=patience), clock)

    def close(self) -> None:
        """Close every connection; leases are released by their holders."""
        self._database.close()

    def save_plan(self, plan: Plan) -> None:
        """Store a plan; the same one twice is fine."""
        with self._database.write() as tx:
            plans.save(tx, plan)

    def create_run(self, plan: Plan, begins_with: tuple[Weighted, ...] = ()) -> Run:
        """Make a planned run with the plan's forward route; saves the plan too, if that was not done.

        `begins_with` are the weights that it accounts for at its start; left out, they are those that the plan saw.
        """
        with self._database.write() as tx:
            return runs.create(tx, plan, self._clock.now(), begins_with or plan.meant)

    def adopt_run(self, adoption: Adoption, why: Message) -> Run:
        """Make a halted run that goes on where one stood whose store is lost; `why` tells so."""
        with self._database.write() as tx:
            return runs.adopt(tx, adoption, self._clock.now(), why)

    def acquire(self, run_id: int, holder: str) -> Lease:
        """Take the run for `holder` (user@host pid); LeaseHeld names whoever has it, NotFound a run that is not there."""
        return leases.acquire(self._database, self._clock, run_id, holder)

    def keep_room(self, run_id: int) -> None:
        """Take the room that a way back of this run needs on the disk. StoreError: there is not so much."""
        if not reserve.keep(self.file, run_id):
            raise StoreError(say("store.no-room", file=str(self.file), size=reserve.SIZE >> 20, run=run_id))

    def has_room(self, run_id: int) -> bool:
        """Say whether that room is there still: a full disk has freed it."""
        return reserve.reserve_of(self.file, run_id).exists()

    def free_room(self, run_id: int) -> None:
        """Give that room back."""
        reserve.free(self.file, run_id)

    def journal(self, run_id: int, lease: Lease) -> Journal:
        """Give the journal of a run to the holder of its lease."""
        if lease.run_id != run_id:
            raise ValueError(f"the lease is of run {lease.run_id}, the journal of run {run_id}")
        with self._reader.read() as read:
            return Journal(self._database, self._clock, queries.run(read, run_id), lease)

    def ask_run(self, run_id: int, kind: RequestKind, by: str, note: str = "", question: str = "") -> Request:
        """Ask something of the run, or answer its question (its code); whoever carries it out obeys at its next turn. Needs no
        lease."""
        with self._database.write() as tx:
            return requests.ask(tx, run_id, Request(0, kind, by, self._clock.now(), note, question))

    def keep_told(self, run_id: int, channel: str, told: Delivery) -> None:
        """Write down how far a channel has been told of a run. Needs no lease: the channel's own lock keeps others off."""
        with self._database.write() as tx:
            deliveries.keep(tx, run_id, channel, told, self._clock.now())

    def keep_sample(self, run_id: int, sample: Sample) -> None:
        """Keep what a turn saw, for charts. Needs no lease, and on a full disk no way back loses its room for it."""
        with self._database.write_aside() as tx:
            samples.add(tx, run_id, sample)

    def replace_samples(self, run_id: int, found: Sequence[Sample]) -> None:
        """Keep these samples of a run in place of all that it has."""
        with self._database.write_aside() as tx:
            samples.replace(tx, run_id, found)

    def borrow(self, balancer: str, borrowed: Borrowed) -> int:
        """Write down the weights that a calibration is about to change; give the loan's id."""
        with self._database.write() as tx:
            return calibrations.borrow(tx, balancer, borrowed, self._clock.now())

    def give_back(self, balancer: str, loan: int) -> None:
        """Write down that the weights of a loan are as they were found."""
        with self._database.write() as tx:
            calibrations.give_back(tx, balancer, loan, self._clock.now())

    def save_calibration(self, balancer: str, found: Calibration) -> None:
        """Keep what was measured of a balancer."""
        with self._database.write() as tx:
            calibrations.save(tx, balancer, found)
