"""Reads a run's journal into its fold and tells the Past from it; a longer journal costs only its new rows."""

from __future__ import annotations

from types import MappingProxyType

from migrator.domain.model.runs import Run
from migrator.domain.observation.sighting import JournalFacts, OpenWrite
from migrator.domain.planning.plan import Plan
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.file.reader_connection import ReaderConnection
from migrator.store.read import queries
from migrator.store.read.checkpoint import restored, sealed
from migrator.store.read.journal_fold import KINDS, JournalFold
from migrator.store.values import Checkpoint


class PastReader:
    """What a run's journal says, kept up to date row by row: a turn reads only the rows that are new."""

    def __init__(self, reader: ReaderConnection, run_id: int) -> None:
        self._reader = reader
        self._run_id = run_id
        self._plan: str | None = None
        self._fold: JournalFold | None = None
        self.grown = 0
        """Rows folded since the run's checkpoint."""

    def past(self, run: Run, plan: Plan) -> JournalFacts:
        """Give what the journal says of the step that `run` is at, read in one transaction."""
        with self._reader.read() as read:
            fold = self._caught_up(read, plan)
            soak, streaks = queries.watched(read, run.id, run.heading, run.cursor)
        return JournalFacts(
            weights=fold.weights.given(),
            open=fold.open,
            soaked=soak.seconds,
            requests=soak.requests,
            entered_at=fold.entered_at,
            settled_at=fold.settled_at,
            failures=fold.failures,
            approved=fold.approved,
            approved_by=fold.approved_by or "",
            bar=fold.bar,
            rehearsed=fold.rehearsed,
            deleted=frozenset(fold.deleted),
            removed=MappingProxyType(dict(fold.removed)),
            answered=tuple(fold.answered),
            live=MappingProxyType(dict(fold.live)),
            consents=tuple(fold.consents),
            held_for=streaks.held_for,
            blind_for=streaks.blind_for,
            written_at=MappingProxyType(dict(fold.weights.written_at)),
            patches=fold.patches.given(),
            late=MappingProxyType({backend: MappingProxyType(rows) for backend, rows in fold.weights.late.items()}),
        )

    def _caught_up(self, read: ReadTransaction, plan: Plan) -> JournalFold:
        if self._fold is None or self._plan != plan.id:
            self._plan = plan.id
            self._fold = restored(read, self._run_id, plan.id) or JournalFold(plan.meant)
        self.grown += _take_new(read, self._run_id, self._fold)
        return self._fold

    def checkpoint(self, read: ReadTransaction) -> Checkpoint | None:
        """Give what was folded so far as a checkpoint, None before the first row; what has `grown` begins anew."""
        self.grown = 0
        if self._fold is None or self._plan is None or not self._fold.last:
            return None
        return sealed(read, self._run_id, self._plan, self._fold)


def open_write(read: ReadTransaction, run_id: int) -> OpenWrite | None:
    """Give the oldest write of the run that no later look has settled."""
    run = read.first(queries.RUN, id=run_id)
    if run is None:
        return None
    fold = restored(read, run_id, run.plan_id) or JournalFold(())
    _take_new(read, run_id, fold)
    return fold.open


def _take_new(read: ReadTransaction, run_id: int, fold: JournalFold) -> int:
    """Let the fold take in the rows that are new to it; give how many."""
    events = queries.events_of(read, run_id, KINDS, fold.last)
    for event in events:
        fold.take(event)
    return len(events)
