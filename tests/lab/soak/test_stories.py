"""Six stories of the soak's events, each in a lab of its own: two going on, two paused, two on the way back.

`MIGRATOR_STORIES_SEED` chooses other ones; the seed stands in each test's name, so that a story can be told again.
"""

import os
from pathlib import Path

import pytest

from migrator.lab.soak import stories
from migrator.lab.soak.draw import Draw, some
from migrator.lab.soak.ground import Order
from migrator.lab.soak.soak import told

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(420)]

SEED = int(os.environ.get("MIGRATOR_STORIES_SEED", "1"))
ORDER = Order(least=1, seed=SEED)
SIX = some(SEED, ORDER.events, 6)


@pytest.mark.parametrize("draw", [pytest.param(draw, id=f"seed {SEED}, {draw.event}, {draw.moment}") for draw in SIX])
def test_an_event_at_a_moment_costs_no_more_than_it_may(draw: Draw, tmp_path: Path) -> None:
    row = stories.one(ORDER, tmp_path / "lab", 1, draw, lambda _: None)

    assert row.problems() == [], f"{told(row)}; {row.struck}"
