"""How far each channel has been told of a run. It writes nothing."""

from __future__ import annotations

from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.values import Delivery

TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'deliveries'"
TOLD = "SELECT upto, epoch FROM deliveries WHERE run_id = :run AND channel = :channel"


def told(read: ReadTransaction, run_id: int, channel: str) -> Delivery:
    """Give how far the channel has been told; of an older schema, and of a channel that was never told, nothing."""
    if read.first(TABLE) is None:
        return Delivery()
    row = read.first(TOLD, run=run_id, channel=channel)
    return Delivery() if row is None else Delivery(row.upto, row.epoch)
