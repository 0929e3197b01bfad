"""A store that commit 0730ce6 wrote is read in whole by every later version."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest

from migrator.domain.model.runs import Heading
from migrator.store import Store
from tests.store.world import FakeClock

GOLDEN = Path(__file__).parents[2] / "golden" / "0730ce6" / "store.db.gz"


def test_a_store_of_commit_0730ce6_is_read_in_whole(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(gzip.decompress(GOLDEN.read_bytes()))
    with closing(Store.open(file, FakeClock())) as store:
        run = store.run(1)
        plan = store.plan(run.plan_id)

        assert store.route(run.id, Heading.FORWARD) == plan.steps
        assert store.verify_chain(run.id) is None
        assert len(store.past(run, plan).weights) == 8
        assert len(store.events(run.id)) == 41
        assert store.process_records(run.id)[0].look.share == pytest.approx(9.9, abs=0.01)
