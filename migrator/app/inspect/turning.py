"""What `status` would show of a run, made of each turn of the process that carries it out. It reads no store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from migrator.app.inspect.ahead import Ahead
from migrator.app.inspect.status import Status
from migrator.domain.model.refs import contexts
from migrator.domain.observation.sighting import JournalFacts, Requests

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan
    from migrator.workflow.progress import Progress


class Turning:
    """Keeps what a turn that could look at nothing does not say: what the journal said at the turn before it."""

    def __init__(self, plan: Plan, holder: str) -> None:
        self._plan, self._holder = plan, holder
        self._ahead: Ahead | None = None
        self._past = JournalFacts()

    def __call__(self, turn: Progress, now: datetime) -> Status:
        """Give it."""
        plan, run, seen = self._plan, turn.run, turn.seen
        if seen is not None and JournalFacts in seen:
            self._past = seen[JournalFacts]
        pending = seen[Requests].pending if seen is not None and Requests in seen else ()
        newest = replace(turn.look, way_back=turn.way_back)
        return Status(
            run,
            turn.titles,
            self._holder,
            self._past,
            pending,
            newest if newest.at is not None else None,
            now,
            plan.journey(run.heading),
            newest,
            newest.answers,
            plan.spec.waivers,
            plan.spec.parity.allow,
            self._left(turn, now),
            contexts=contexts(plan.spec),
            asks_ahead=bool(turn.route) and self._look_ahead().asks(run, turn.route),
        )

    def _left(self, turn: Progress, now: datetime) -> float | None:
        """Give the seconds that are left."""
        if not turn.route:
            return None
        return self._look_ahead().seconds(turn.run, turn.route, self._past.entered_at, now)

    def _look_ahead(self) -> Ahead:
        self._ahead = self._ahead or Ahead(self._plan)
        return self._ahead
