"""What turns of a run saw over time. It writes nothing."""

from __future__ import annotations

from migrator.domain.showing.series import Sample
from migrator.store.codec.samples import load
from migrator.store.file.read_transaction import ReadTransaction

TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'samples'"
OF_RUN = "SELECT at, body FROM samples WHERE run_id = :run ORDER BY at, id"


def of_run(read: ReadTransaction, run_id: int) -> tuple[Sample, ...]:
    """Give the samples, oldest first; of an older schema, none."""
    if read.first(TABLE) is None:
        return ()
    found = (load(row.at, row.body) for row in read.rows(OF_RUN, run=run_id))
    return tuple(sample for sample in found if sample is not None)
