"""The share over time is what the weights that were read back made of it."""

from __future__ import annotations

import itertools
from pathlib import Path

from migrator.app.inspect.course import course
from migrator.store import StoreReader
from tests.fakes.clock import FakeClock
from tests.golden.saved import FROM_THE_LAB, left


def test_a_stored_run_of_the_lab_climbed_from_nothing_to_what_the_store_says(tmp_path: Path) -> None:
    with StoreReader.opened(FROM_THE_LAB.put(tmp_path), FakeClock()) as store:
        run = store.run(FROM_THE_LAB.run)
        points = course(store.plan(run.plan_id), store.events(run.id))
        look = store.process_records(run.id)[0].look

    assert points[0].share == 0.0
    assert [point.at for point in points] == sorted(point.at for point in points)
    assert look.share is not None
    assert abs(points[-1].share - look.share) < 0.1


def test_every_stored_run_has_a_course_between_nothing_and_all(tmp_path: Path) -> None:
    for number, saved in enumerate(left()):
        if number % 10:
            continue
        with StoreReader.opened(saved.put(tmp_path), FakeClock()) as store:
            run = store.run(saved.run)
            points = course(store.plan(run.plan_id), store.events(run.id))
        assert all(0.0 <= point.share <= 100.0 for point in points)
        assert all(one.share != two.share for one, two in itertools.pairwise(points))
