"""Who may write for a run: a row with a growing epoch, and a lock on a file that dies with its process.

A free lock means a dead holder, taken over at once; a holder that has not renewed for 30 s is lost even if it lives
(stopped, hung), and finds out at its next write. Nobody waits for another holder to finish.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from migrator.domain.messages.errors import LeaseHeld, LeaseLost, NotFound, StoreError
from migrator.domain.messages.message import Message, say
from migrator.domain.ports.outside import Clock
from migrator.store.file.database import Database
from migrator.store.file.lock import Lock
from migrator.store.read.lease_status import LOST, is_held, lock_file, stored
from migrator.store.tables import leases, runs
from migrator.store.values import Held

SILENT = 15.0
TRIES = 5
PAUSE = 0.05
# Used every turn and at every beat, so these are built once: building a statement takes longer than running it.
RENEW = update(leases).where(leases.c.run_id == bindparam("run"))
FENCE = select(leases.c.epoch, leases.c.holder).where(leases.c.run_id == bindparam("run"))


class Lease:
    """The right to write for one run. The driver and the heartbeat share it; all of it is safe to call from both.

    `taken_from` names the dead or lost holder this one follows, "" when it was released properly or is the first.
    """

    def __init__(self, database: Database, clock: Clock, run_id: int, epoch: int, lock: Lock, taken_from: str) -> None:
        self.run_id = run_id
        self.epoch = epoch
        self.taken_from = taken_from
        self._database = database
        self._clock = clock
        self._lock = lock
        self._renewed = clock.monotonic()

    def renew(self) -> None:
        """Say that the holder lives; LeaseLost when another took the run, StoreError when the store cannot be written."""
        asked = self._clock.monotonic()
        with self._database.write() as tx:
            fence(tx, self)
            tx.execute(RENEW, {"run": self.run_id, "renewed_at": self._clock.now()})
        self._renewed = asked

    def check(self) -> None:
        """Raise LeaseLost when the holder could not renew for 15 s: it must write nothing until it can again."""
        silent = self._clock.monotonic() - self._renewed
        if silent > SILENT:
            raise LeaseLost(self._successor() or say("lease.not-renewed", run=self.run_id, silent=silent))

    def _successor(self) -> Message | None:
        """Say who carries the run out now, when another process has taken it; None where nobody has, or nobody can say."""
        try:
            now = stored(self._database.reader, self.run_id)
        except StoreError:
            return None
        return (
            None if now is None or now.epoch == self.epoch else say("lease.taken-over", run=self.run_id, by=now.holder)
        )

    def alive(self, now: float) -> bool:
        """Say whether the lease still counts at monotonic `now`: renewed in the 30 s before it."""
        return now - self._renewed <= LOST

    def release(self) -> None:
        """Give the run back, so that the next process need not call this one dead. Never raises LeaseLost."""
        mine = (leases.c.run_id == self.run_id) & (leases.c.epoch == self.epoch) & leases.c.released_at.is_(None)
        try:
            with self._database.write() as tx:
                tx.execute(update(leases).where(mine).values(released_at=self._clock.now()))
        finally:
            self._lock.release()


def fence(tx: Connection, lease: Lease) -> None:
    """Raise LeaseLost when the stored epoch is not the lease's; in the same transaction as what it protects."""
    row = tx.execute(FENCE, {"run": lease.run_id}).one_or_none()
    if row is None or row.epoch != lease.epoch:
        raise LeaseLost(say("lease.taken-over", run=lease.run_id, by=row.holder if row else None))


def acquire(database: Database, clock: Clock, run_id: int, holder: str) -> Lease:
    """Take the run for `holder` (user@host pid); LeaseHeld names the other one, NotFound a run that is not there."""
    before = None
    for _ in range(TRIES):
        before = stored(database.reader, run_id)
        if before is not None and is_held(database.reader, before, clock.now()):
            break
        if lease := _succeed(database, clock, run_id, holder, before):
            return lease
        clock.sleep(PAUSE)  # another process takes it at this very moment; look who it is
    by, since = (before.holder, f"{before.acquired_at:%Y-%m-%d %H:%M:%S} UTC") if before else (None, None)
    raise LeaseHeld(say("lease.held", run=run_id, by=by, since=since))


def _succeed(database: Database, clock: Clock, run_id: int, holder: str, before: Held | None) -> Lease | None:
    """Follow `before` with the next epoch; None when another process was quicker."""
    epoch = before.epoch if before else 0
    lock = Lock.take(lock_file(database.reader, run_id, epoch + 1))
    if lock is None:
        return None
    won = False
    try:
        won = _write_epoch(database, clock, run_id, holder, epoch)
    finally:
        if not won:
            lock.release()
    if not won:
        return None
    if before:
        lock_file(database.reader, run_id, epoch).unlink(missing_ok=True)
    taken_from = before.holder if before and before.released_at is None else ""
    return Lease(database, clock, run_id, epoch + 1, lock, taken_from)


def _write_epoch(database: Database, clock: Clock, run_id: int, holder: str, before: int) -> bool:
    """Store the next epoch; say whether it still followed `before` when the write lock was there."""
    now = clock.now()
    values = {"epoch": before + 1, "holder": holder, "acquired_at": now, "renewed_at": now, "released_at": None}
    with database.write() as tx:
        if tx.execute(select(runs.c.id).where(runs.c.id == run_id)).one_or_none() is None:
            raise NotFound(say("run.unknown", run=str(run_id)))
        current = tx.execute(select(leases.c.epoch).where(leases.c.run_id == run_id)).scalar()
        if (current or 0) != before:
            return False
        if before:
            tx.execute(update(leases).where(leases.c.run_id == run_id).values(values))
        else:
            tx.execute(insert(leases).values(run_id=run_id, **values))
    return True
