"""Which schema a store has, and what is said of one that is not this code's. It imports no migration and changes nothing."""

from __future__ import annotations

from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import say
from migrator.store.file.read_transaction import ReadTransaction

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every schema revision that this code reads and brings up to date; a test keeps them equal to the files in `migrations/`."""

HEAD = REVISIONS[-1]
"""The schema revision that this code writes."""

READABLE = frozenset({"0003", "0004", "0005", HEAD})
"""The revisions that can be read as they are; what an older one lacks can be worked out anew (checkpoints)
or was not there to be kept (deliveries, samples)."""


def known(revision: str | None) -> bool:
    """Return whether this version's migrations lead from `revision` (None: an empty store) to its schema."""
    return revision is None or revision in REVISIONS


def revision(read: ReadTransaction, file: str) -> str | None:
    """Give the schema revision in the file, None for an empty file; StoreError for another program's database."""
    names = {row.name for row in read.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in names:
        found = read.first("SELECT version_num FROM alembic_version")
        return None if found is None else str(found.version_num)
    if names - {"sqlite_sequence"}:
        raise StoreError(say("store.of-another-program", file=file))
    return None


def not_ours(file: str, found: str | None) -> StoreError:
    """Give the refusal of a schema that is not this code's, to somebody who may only read."""
    if not known(found):
        return newer(file, str(found))
    if found is None:
        return StoreError(say("store.empty", file=file))
    return StoreError(say("store.older", file=file, found=found, ours=HEAD))


def newer(file: str, found: str) -> StoreError:
    """Give the refusal of a store that a newer migrator wrote."""
    return StoreError(say("store.newer", file=file, found=found, ours=HEAD))
