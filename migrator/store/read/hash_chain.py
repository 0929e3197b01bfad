"""The hash that ties a journal's rows together: each row carries that of the row before. It only says what is broken."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from migrator.store.codec.codec import text_of
from migrator.store.file.read_transaction import ReadTransaction
from migrator.store.read.queries import EVERYTHING, ROWS


def digest(row: Any) -> str:
    """Give the sha256 of a row with everything in it, the hash of the row before included."""
    at = row.at.astimezone(UTC).isoformat()
    words = [row.id, row.run_id, row.answers, at, row.epoch, row.heading, row.step, row.kind, row.data, row.prev]
    return sha256(text_of(words))


def sha256(text: str) -> str:
    """Give the hash of a text, in hex."""
    import hashlib  # OpenSSL comes with it, and `status` seldom asks for a hash

    return hashlib.sha256(text.encode()).hexdigest()


def broken_link(read: ReadTransaction, run_id: int) -> int | None:
    """Give the id of the first row whose `prev` is not the hash of the row before it, None when all hold."""
    before = ""
    for row in read.rows(ROWS, run=run_id, after=0, limit=EVERYTHING):
        if row.prev != before:
            return int(row.id)
        before = digest(row)
    return None
