"""A checkpoint saves the next process the folding of the journal; one that does not hold is as good as none."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Heading
from migrator.domain.observation.sighting import JournalFacts
from migrator.store import Store
from migrator.store.file.database import Database, reading_within
from migrator.store.read.past import PastReader
from migrator.store.write import checkpoints
from migrator.store.write.journal import CHECKPOINT_EVERY
from tests.golden.saved import left
from tests.store.conftest import Driven
from tests.store.read.test_past import EVENTS, Story
from tests.store.world import OLD, FakeClock, make_plan


@contextmanager
def sql(file: Path) -> Iterator[sqlite3.Connection]:
    """Change the store behind the code's back."""
    with closing(sqlite3.connect(file)) as connection, connection:
        yield connection


def checkpointed(store: Store, run_id: int) -> str | None:
    """Keep a checkpoint of the whole journal, as the run's holder does now and then; return what it says."""
    run = store.run(run_id)
    with closing(Database.open(store.file)) as database, database.write() as tx:
        past = PastReader(database.reader, run_id)
        past.past(run, store.plan(run.plan_id))
        found = past.checkpoint(reading_within(tx))
        if found is not None:
            checkpoints.keep(tx, run_id, found)
    return None if found is None else found.body


def anew(store: Store, run_id: int) -> JournalFacts:
    """Return the past as the whole journal tells it, without any checkpoint."""
    with sql(store.file) as connection:
        connection.execute("DELETE FROM checkpoints")
    run = store.run(run_id)
    return store.past(run, store.plan(run.plan_id))


@settings(max_examples=40, deadline=None)
@given(before=st.lists(EVENTS, max_size=25), after=st.lists(EVENTS, max_size=10))
def test_the_past_from_a_checkpoint_is_the_past_from_the_whole_journal(
    blank: Path, before: list[tuple[str, Any]], after: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        store = Store.open(shutil.copy(blank, Path(folder) / "store.db"), clock)
        story = Story(store, clock, make_plan())
        for event in before:
            story.tell(*event)
        checkpointed(store, story.run.id)
        for event in after:
            story.tell(*event)

        told, open_write = store.past(story.run, story.plan), store.open_write(story.run.id)

        assert told == anew(store, story.run.id)
        assert open_write == told.open
        story.lease.release()
        store.close()


def written(driven: Driven, times: int) -> None:
    """Write a weight down so often that nobody has read back yet."""
    for number in range(times):
        driven.lease.renew()
        entry = driven.journal.intend(Heading.FORWARD, 0, SetWeights((Weighted(OLD, number),)), verbatim("why"))
        if number < times - 1:
            driven.journal.settle(entry)


def test_a_process_keeps_a_checkpoint_when_its_journal_has_grown_and_the_next_one_folds_only_what_came_after(
    store: Store, driven: Driven
) -> None:
    written(driven, CHECKPOINT_EVERY // 2 + 1)
    driven.journal.past(driven.run, driven.plan)
    with sql(store.file) as connection:
        ((upto,),) = connection.execute("SELECT upto FROM checkpoints").fetchall()
    written(driven, 2)
    reader = PastReader(store._reader, driven.run.id)

    told = reader.past(driven.run, driven.plan)

    assert upto == store.events(driven.run.id)[-4].id
    assert reader.grown == 3
    assert told == anew(store, driven.run.id)


BODY = "UPDATE checkpoints SET body = replace(body, '\"failures\":0', '\"failures\":7')"
DAMAGE = {
    "its text": BODY,
    "its text, cut off": "UPDATE checkpoints SET body = substr(body, 1, 9)",
    "its seal": "UPDATE checkpoints SET seal = ''",
    "the row that it names, for another of the run": "UPDATE checkpoints SET upto = upto - 1",
    "the row that it names, for one that is not there": "PRAGMA foreign_keys = OFF; UPDATE checkpoints SET upto = 9999",
    "the row in the journal": "DROP TRIGGER journal_refuses_update; UPDATE journal SET prev = 'x'",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_checkpoint_that_does_not_hold_is_not_believed(store: Store, driven: Driven, damage: str) -> None:
    written(driven, 3)
    checkpointed(store, driven.run.id)
    with closing(sqlite3.connect(store.file)) as connection:
        connection.executescript(damage)
    reader = PastReader(store._reader, driven.run.id)

    told = reader.past(driven.run, driven.plan)

    assert reader.grown == 6, "the whole journal was folded"
    assert told == anew(store, driven.run.id)


def test_a_checkpoint_of_another_plan_is_not_believed(store: Store, driven: Driven) -> None:
    written(driven, 2)
    checkpointed(store, driven.run.id)
    reader = PastReader(store._reader, driven.run.id)

    reader.past(driven.run, make_plan(old=()))

    assert reader.grown == 4


def test_a_journal_without_rows_that_are_folded_has_no_checkpoint(store: Store) -> None:
    plan = make_plan()
    run = store.create_run(plan)
    with closing(Database.open(store.file)) as database, database.write() as tx:
        assert PastReader(database.reader, run.id).checkpoint(reading_within(tx)) is None


FOLDED = "4f861723017ebb350193c42ab189b52b9b29389d9a69862d833134846e73183e"
"""The hash of what this form makes of every golden journal."""


def test_the_form_of_checkpoints_is_a_new_one_when_the_same_journal_adds_up_to_something_else(tmp_path: Path) -> None:
    bodies = []
    for saved in left():
        with closing(Store.open(saved.put(tmp_path), FakeClock())) as store:
            bodies += [checkpointed(store, run.id) or "" for run in store.runs()]
        (tmp_path / "store.db").unlink()

    assert hashlib.sha256("\n".join(bodies).encode()).hexdigest() == FOLDED, "count FORM up in read/checkpoint.py"
