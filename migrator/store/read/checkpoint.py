"""What a run's journal adds up to at one of its rows, so that a new process folds only the rows after it.

It is checked, not trusted: its seal covers the plan, the hash of the row it names (and with it the chain of all rows before)
and what it says. One that is damaged, of another form, or of a row that is not there is as good as none. It writes nothing.
"""

from __future__ import annotations

from migrator.store.codec.codec import parsed, text_of
from migrator.store.codec.dataclass_json import Malformed, dump, load
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.read import queries
from migrator.store.read.hash_chain import digest, sha256
from migrator.store.read.journal_fold import Folded, JournalFold
from migrator.store.values import Checkpoint

FORM = 10
"""The form of what is stored. It goes up with every change of what a fold makes of the same rows; a test tells when."""


def sealed(read: ReadTransaction, run_id: int, plan_id: str, fold: JournalFold) -> Checkpoint:
    """Return the checkpoint of a fold that has taken in at least one row."""
    body = text_of(dump(fold.folded()))
    return Checkpoint(fold.last, _seal(read, run_id, plan_id, fold.last, body), body)


def restored(read: ReadTransaction, run_id: int, plan_id: str) -> JournalFold | None:
    """Return the fold that the run's checkpoint keeps; None where there is none that holds."""
    stored = queries.checkpoint(read, run_id)
    if stored is None or stored.seal != _seal(read, run_id, plan_id, stored.upto, stored.body):
        return None
    try:
        return JournalFold.of(load(Folded, parsed(stored.body)))
    except Malformed:
        return None


def _seal(read: ReadTransaction, run_id: int, plan_id: str, upto: int, body: str) -> str:
    """Return the seal of a checkpoint by what the journal says now; "" for a row that is not the run's."""
    row = queries.row(read, run_id, upto)
    if row is None:
        return ""
    return sha256(text_of([FORM, plan_id, upto, digest(row), body]))
