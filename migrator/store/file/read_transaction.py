"""One transaction of a reader: questions in SQL, rows as values. It never writes."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

TIMES = frozenset(
    {"at", "created_at", "updated_at", "acquired_at", "renewed_at", "released_at", "began_at", "kept_at", "left_at"}
)
"""Columns that hold an instant: SQLite keeps it as text without its zone, which is UTC. A test holds the tables to this."""


class ReadTransaction:
    """One transaction's questions. A row has its columns as attributes, instants among them aware and in UTC."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # A row's attributes are the question's columns, so a row is of any type.
    def rows(self, question: str, **given: str | int) -> list[Any]:
        """Give every row."""
        cursor = self._connection.execute(question, given)
        names = [column[0] for column in cursor.description]
        return [SimpleNamespace(**{n: _value(n, v) for n, v in zip(names, row, strict=True)}) for row in cursor]

    def first(self, question: str, **given: str | int) -> Any:
        """Give the first row, None where there is none."""
        return next(iter(self.rows(question, **given)), None)


def _value(name: str, stored: Any) -> Any:
    if name in TIMES and stored is not None:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
