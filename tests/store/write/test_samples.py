"""What turns saw is kept as it was, one bad row costs no other, and a full disk loses nothing else for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from migrator.domain.messages.errors import StoreError
from migrator.domain.model.balancer import Health, Side
from migrator.domain.showing.series import BackendSample, Sample, SideSample
from migrator.store import Store, StoreReader
from migrator.store.codec.samples import dump, load
from migrator.store.file.reserve import keep
from tests.golden.saved import FROM_THE_LAB
from tests.store.world import NEW, OLD, START, FakeClock, make_plan

SAMPLE = Sample(
    START,
    5.0,
    33.333333,
    50.0,
    None,
    SideSample(10.5, 0.0, None, None, 0.012, 0.5, 7),
    SideSample(),
    2,
    (BackendSample(OLD, Side.OLD, 100, Health.HEALTHY, 3), BackendSample(NEW, None, None)),
    4,
)


def later(seconds: float) -> Sample:
    return replace(SAMPLE, at=START + timedelta(seconds=seconds))


def test_samples_are_read_as_they_were_kept_and_only_those_of_their_run(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db", FakeClock()) as store:
        run, other = store.create_run(make_plan()), store.create_run(make_plan())
        for each in (SAMPLE, later(5)):
            store.keep_sample(run.id, each)

        assert store.samples(run.id) == (SAMPLE, later(5))
        assert store.samples(other.id) == ()


def test_fewer_samples_take_the_place_of_all_that_a_run_has(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db", FakeClock()) as store:
        run, other = store.create_run(make_plan()), store.create_run(make_plan())
        for number in (run.id, other.id):
            store.keep_sample(number, SAMPLE)
        store.replace_samples(run.id, (later(10),))

        assert store.samples(run.id) == (later(10),)
        assert store.samples(other.id) == (SAMPLE,)


def test_the_text_of_a_sample_stays_readable() -> None:
    """What this version wrote, as it is on disk: a later one reads it, or leaves a gap."""
    text = (
        '{"seconds":5.0,"share":[33.333333,50.0,null],"old":[10.5,0.0,null,null,0.012,0.5,7],'
        '"new":[null,null,null,null,null,null,null],"different":2,"backends":[["lbl-80","10.0.0.1",8080,"old",100,'
        '"healthy",3],["lbl-80","10.1.0.1",80,null,null,"unknown",null]],"others":4}'
    )

    assert dump(SAMPLE) == text
    assert load(START, text) == SAMPLE


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"seconds": "x", "share": [1, 2, 3]}', dump(SAMPLE).replace("healthy", "novel")]
)
def test_a_sample_that_cannot_be_read_is_left_out(text: str, tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db", FakeClock()) as store:
        run = store.create_run(make_plan())
        store.keep_sample(run.id, SAMPLE)
        with closing(sqlite3.connect(store.file)) as file, file:
            file.execute("INSERT INTO samples (run_id, at, body) VALUES (?, '2026-03-01 10:00:00', ?)", (run.id, text))

        assert store.samples(run.id) == (SAMPLE,)


def test_a_store_of_an_older_schema_has_no_samples(tmp_path: Path) -> None:
    with StoreReader.opened(FROM_THE_LAB.put(tmp_path), FakeClock()) as store:
        assert store.samples(FROM_THE_LAB.run) == ()


def test_a_full_disk_takes_no_room_from_a_way_back_for_a_sample(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db", FakeClock()) as store:
        run = store.create_run(make_plan())
        assert keep(store.file, run.id, 4096)
        with store._database.write_aside() as tx:
            pages = int(tx.exec_driver_sql("PRAGMA page_count").scalar_one())
            tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        many = replace(SAMPLE, backends=SAMPLE.backends * 5000)
        with pytest.raises(StoreError):
            store.keep_sample(run.id, many)

        assert store.has_room(run.id)
