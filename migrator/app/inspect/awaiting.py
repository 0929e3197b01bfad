"""Which run somebody means who watches before it has begun: the one that is about to. It waits for nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.app.run.control import pick
from migrator.app.wiring import open_reader
from migrator.domain.messages.errors import NotFound

if TYPE_CHECKING:
    from migrator.domain.model.runs import Run
    from migrator.store import StoreReader


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
