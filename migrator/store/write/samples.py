"""Writes what turns saw over time: each sample as it comes, and all of a run anew when they are too many."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert

from migrator.domain.showing.series import Sample
from migrator.store.codec.samples import dump
from migrator.store.tables import samples

ADD = insert(samples)
CLEAR = delete(samples).where(samples.c.run_id == bindparam("of_run"))


def add(tx: Connection, run_id: int, sample: Sample) -> None:
    """Store one more."""
    tx.execute(ADD, {"run_id": run_id, "at": sample.at, "body": dump(sample)})


def replace(tx: Connection, run_id: int, found: Sequence[Sample]) -> None:
    """Store these in place of all that the run has."""
    tx.execute(CLEAR, {"of_run": run_id})
    for sample in found:
        add(tx, run_id, sample)
