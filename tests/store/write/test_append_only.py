"""What was written down stays as it was; whoever changes it by force is found out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from migrator.domain.messages.message import verbatim
from migrator.store import Store
from tests.store.conftest import Driven

CHANGES = [
    pytest.param("UPDATE journal SET data = '{}' WHERE id = 2", id="a changed row"),
    pytest.param("DELETE FROM journal WHERE id = 2", id="a removed row"),
    pytest.param("DELETE FROM journal", id="an emptied journal"),
    pytest.param("INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = 2", id="a replaced row"),
    pytest.param("UPDATE plans SET body = '{}'", id="a changed plan"),
    pytest.param("DELETE FROM plans", id="a removed plan"),
    pytest.param("INSERT OR REPLACE INTO plans SELECT * FROM plans", id="a replaced plan"),
    pytest.param("UPDATE routes SET body = '[]'", id="a changed route"),
    pytest.param("DELETE FROM routes", id="a removed route"),
    pytest.param("INSERT OR REPLACE INTO routes SELECT * FROM routes", id="a replaced route"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_refuses(store: Store, driven: Driven, change: str) -> None:
    driven.journal.note("a", verbatim("b"))
    with (
        closing(sqlite3.connect(store.file)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="never changed and never removed"),
    ):
        raw.execute(change)


@pytest.mark.parametrize(
    ("force", "found"),
    [
        pytest.param("UPDATE journal SET data = '{}' WHERE id = 3", 4, id="a changed row"),
        pytest.param("UPDATE journal SET at = '2020-01-01 00:00:00.000000' WHERE id = 3", 4, id="a changed time"),
        pytest.param("DELETE FROM journal WHERE id = 3", 4, id="a removed row"),
        pytest.param("DELETE FROM journal WHERE id = 1", 2, id="a removed beginning"),
        pytest.param("UPDATE journal SET prev = '' WHERE id = 2", 2, id="a cut chain"),
    ],
)
def test_a_change_by_force_breaks_the_chain_at_the_next_row(
    store: Store, driven: Driven, force: str, found: int
) -> None:
    for number in range(4):
        driven.journal.note("turn", verbatim(str(number)))
    assert store.verify_chain(driven.run.id) is None
    with closing(sqlite3.connect(store.file)) as raw, raw:
        for trigger in ("update", "delete", "replace"):
            raw.execute(f"DROP TRIGGER journal_refuses_{trigger}")
        raw.execute(force)

    assert store.verify_chain(driven.run.id) == found


def test_numbers_of_rows_are_never_used_again(store: Store, driven: Driven) -> None:
    with closing(sqlite3.connect(store.file)) as raw:
        kept = {row[0] for row in raw.execute("SELECT name FROM sqlite_sequence")}

    assert kept == {"journal", "runs"}
