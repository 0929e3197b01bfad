"""Reads a run's journal into its Memory and tells the Past from it; a longer journal costs only its new rows."""

from __future__ import annotations

from types import MappingProxyType

from migrator.domain.model.runs import Run
from migrator.domain.observation.sighting import JournalFacts, OpenWrite
from migrator.domain.planning.plan import Plan
from migrator.store import asked
from migrator.store.memory import KINDS, Memory
from migrator.store.reading import Reading, Reads


class Recollection:
    """What a run's journal says, kept up to date row by row: a turn reads only the rows that are new."""

    def __init__(self, reads: Reads, run_id: int) -> None:
        self._reads = reads
        self._run_id = run_id
        self._plan: str | None = None
        self._memory: Memory | None = None

    def past(self, run: Run, plan: Plan) -> JournalFacts:
        """Give what the journal says of the step that `run` is at, read in one transaction."""
        with self._reads.read() as asking:
            memory = self._caught_up(asking, plan)
            soak, streaks = asked.watched(asking, run.id, run.heading, run.cursor)
        return JournalFacts(
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
            written_at=MappingProxyType(dict(memory.weights.written_at)),
        )

    def _caught_up(self, asking: Reading, plan: Plan) -> Memory:
        if self._memory is None or self._plan != plan.id:
            self._plan, self._memory = plan.id, Memory(plan.meant)
        for event in asked.events_of(asking, self._run_id, KINDS, self._memory.last):
            self._memory.take(event)
        return self._memory


def open_write(asking: Reading, run_id: int) -> OpenWrite | None:
    """Give the oldest write of the run that no later look has settled."""
    memory = Memory(())
    for event in asked.events_of(asking, run_id, KINDS):
        memory.take(event)
    return memory.open
