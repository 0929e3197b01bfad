"""Which run somebody means who watches before it has begun: the one that is about to. It waits for nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.run.picking import pick
from migrator.app.wiring import open_reader
from migrator.domain.messages.errors import NotFound, StoreError

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.store import StoreReader


MAKING = 10
"""Looks at which a store that cannot be read yet is taken for one that somebody is just making."""


class Watch:
    """Looks again and again for the run that somebody who watches means."""

    def __init__(self, store: str | None) -> None:
        self._store, self._failed = store, 0

    def begun(self) -> Run | None:
        """Give the run; None while there is none. StoreError for a store that could not be read at many looks in a row."""
        try:
            found = begun(self._store)
        except StoreError:
            self._failed += 1
            if self._failed > MAKING:
                raise
            return None
        self._failed = 0
        return found


def begun(store: str | None) -> Run | None:
    """Give the run to be watched; None while there is none: no store, no run, or a plan that is newer than every run.

    Where the newest plan was run already, the newest run is meant, ended or not: a script that began it may be late.
    """
    try:
        memory = open_reader(store)
    except NotFound:
        return None
    with memory:
        return _begun(memory)


def _begun(memory: StoreReader) -> Run | None:
    every = memory.runs()
    is_going = any(not run.ended for run in every)
    newest = next(iter(memory.plans()), None)
    awaited = newest is not None and not newest.runs and not newest.blocking
    return pick(memory, None) if every and (is_going or not awaited) else None
