"""Reads a run's journal into its Memory and tells the Past from it; a longer journal costs only its new rows."""

from __future__ import annotations

from sqlalchemy import Connection

from migrator.domain.plan import Plan
from migrator.domain.runs import Run
from migrator.domain.sighting import OpenWrite, Past
from migrator.store import rows, samples
from migrator.store.database import Database
from migrator.store.memory import KINDS, Memory


class Recollection:
    """What a run's journal says, kept up to date row by row: a turn reads only the rows that are new."""

    def __init__(self, database: Database, run_id: int) -> None:
        self._database = database
        self._run_id = run_id
        self._plan: str | None = None
        self._memory: Memory | None = None

    def past(self, run: Run, plan: Plan) -> Past:
        """Give what the journal says of the step that `run` is at, read in one transaction."""
        with self._database.read() as tx:
            memory = self._caught_up(tx, plan)
            soak, streaks = samples.watched(tx, run.id, run.heading, run.cursor)
        return Past(
            weights=memory.weights.given(),
            open=memory.open,
            soaked=soak.seconds,
            requests=soak.requests,
            entered_at=memory.entered_at,
            settled_at=memory.settled_at,
            failures=memory.failures,
            approved=memory.approved_by is not None,
            approved_by=memory.approved_by or "",
            consents=tuple(memory.consents),
            held_for=streaks.held_for,
            blind_for=streaks.blind_for,
        )

    def _caught_up(self, tx: Connection, plan: Plan) -> Memory:
        if self._memory is None or self._plan != plan.id:
            self._plan, self._memory = plan.id, Memory(plan.seen.old)
        for event in rows.read_kinds(tx, self._run_id, KINDS, self._memory.last):
            self._memory.take(event)
        return self._memory


def open_write(tx: Connection, run_id: int) -> OpenWrite | None:
    """Give the oldest write of the run that no later look has settled."""
    memory = Memory(())
    for event in rows.read_kinds(tx, run_id, KINDS):
        memory.take(event)
    return memory.open
