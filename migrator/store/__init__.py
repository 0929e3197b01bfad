"""What outlives a process: plans, runs, leases and journals in one SQLite file. It decides nothing."""

from migrator.store.journal import Journal
from migrator.store.lease import Lease
from migrator.store.plans import PlanSummary
from migrator.store.rows import Event, Kind
from migrator.store.store import Store

__all__ = ["Event", "Journal", "Kind", "Lease", "PlanSummary", "Store"]
