"""A run and its record in the cluster, while a process carries the run out. A run that leaves nothing half-way has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from migrator.app.adopt.keeper import Keeper
from migrator.app.one_run.gateway_lease import identity
from migrator.domain.messages.message import Message
from migrator.domain.model.runs import Heading, Run, State
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.planning.survival.place import Place, placed
from migrator.domain.steps import Step

if TYPE_CHECKING:
    from migrator.app.wiring import Wired
    from migrator.domain.planning.plan import Plan
    from migrator.store import StoreReader
    from migrator.workflow.progress import Progress, Tell

Said: TypeAlias = "Callable[[tuple[Message, ...]], None]"


class Kept:
    """The record of one run in this process's hands; used as a context manager around the driver."""

    def __init__(
        self, store: StoreReader, plan: Plan, wired: Wired, run: Run, tell: Said = lambda _troubles: None
    ) -> None:
        self._store, self._plan, self._wired, self._holder = store, plan, wired, identity(store, run)
        self._said = tell
        self._keeper: Keeper | None = None
        self._require: Callable[[], None] = lambda: None
        self._routes: dict[Heading, tuple[Step, ...]] = {}

    def begin(self, run: Run) -> None:
        """Write the record of a run that begins. Raises Unreachable or Refused: nothing may be changed without it.

        That of a run which goes on is written while it does.
        """
        if not self._plan.journey().recorded:
            return
        cluster = self._wired.readers.cluster
        self._keeper = Keeper(
            cluster, self._wired.writers.cluster, self._plan, tell=self._said, require=lambda: self._require()
        )
        if run.state is State.PLANNED:
            self._keeper.begin(self._place(run, JournalFacts()))

    def only_while(self, require: Callable[[], None]) -> None:
        """Write the record only while this does not raise: while the run is this process's."""
        self._require = require

    def telling(self, tell: Tell) -> Tell:
        """Give what a driver tells of its turns to: the record hears of it first."""

        def told(progress: Progress) -> None:
            if self._keeper is not None and progress.seen is not None and JournalFacts in progress.seen:
                self._keeper.take(self._place(progress.run, progress.seen[JournalFacts]))
            tell(progress)

        return told

    def end(self) -> None:
        """Take the record away: the run has ended."""
        if self._keeper is not None:
            self._keeper.end()

    def __enter__(self) -> Kept:
        if self._keeper is not None:
            self._keeper.__enter__()
        return self

    def __exit__(self, *of: object) -> None:
        if self._keeper is not None:
            self._keeper.__exit__(*of)

    def _place(self, run: Run, past: JournalFacts) -> Place:
        if run.heading not in self._routes:
            self._routes[run.heading] = self._store.route(run.id, run.heading)
        return placed(run, self._holder, self._plan.digest, self._routes[run.heading], past)
