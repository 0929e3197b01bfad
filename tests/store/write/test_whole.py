"""A run whose journal was changed by force is not carried on; only its way back is still open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from migrator.app.run.execution import require_whole
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import Heading, RequestKind
from migrator.store import Store
from tests.store.conftest import Driven
from tests.words import refused


def changed_by_force(store: Store, driven: Driven) -> None:
    for number in range(4):
        driven.journal.note("turn", verbatim(str(number)))
    require_whole(driven.run, store)
    with closing(sqlite3.connect(store.file)) as raw, raw:
        raw.execute("DROP TRIGGER journal_refuses_update")
        raw.execute("UPDATE journal SET data = '{}' WHERE id = 3")


def test_a_changed_journal_ends_the_way_forward(store: Store, driven: Driven) -> None:
    changed_by_force(store, driven)

    with refused(StoreError, "store.chain-broken", row=4, run=driven.run.id):
        require_whole(driven.run, store)


def test_the_way_back_stays_open(store: Store, driven: Driven) -> None:
    changed_by_force(store, driven)
    require_whole(replace(driven.run, heading=Heading.BACK), store)

    store.ask_run(driven.run.id, RequestKind.ROLLBACK, "anna")
    require_whole(driven.run, store)


@pytest.mark.parametrize("asked", [RequestKind.PAUSE, RequestKind.RESUME])
def test_no_other_request_opens_it(store: Store, driven: Driven, asked: RequestKind) -> None:
    changed_by_force(store, driven)
    store.ask_run(driven.run.id, asked, "anna")

    with refused(StoreError, "store.chain-broken"):
        require_whole(driven.run, store)
