"""What outlives a process: plans, runs, leases and journals in one SQLite file. It decides nothing.

The writing half is imported only where it is named: SQLAlchemy takes longer to import than `status` may take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.store.read.reader import StoreReader
from migrator.store.values import Delivery, Event, Kind, PlanSummary, ProcessRecord

if TYPE_CHECKING:
    from migrator.store.write.journal import Journal
    from migrator.store.write.lease import Lease
    from migrator.store.write.store import Store

__all__ = ["Delivery", "Event", "Journal", "Kind", "Lease", "PlanSummary", "ProcessRecord", "Store", "StoreReader"]


def __getattr__(name: str) -> object:
    """Give a part of the writing half."""
    if name in ("Journal", "Lease", "Store"):
        from importlib import import_module

        found: object = getattr(import_module(f"migrator.store.write.{name.lower()}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
