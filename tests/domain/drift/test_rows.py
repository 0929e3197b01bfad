"""Backends of neither side: one with weight is somebody else's hand, one at weight 0 or of the plan's own look is not."""

from __future__ import annotations

from migrator.domain.drift.rows import foreign_rows
from migrator.domain.model.balancer import Pools
from tests.domain.seen import FOREIGN, pools, rows


def beside(weight: int) -> Pools:
    """Give both sides' rows and a stranger of this weight."""
    return Pools((*pools().rows, *rows(None, (FOREIGN,), weight)))


def test_a_backend_of_neither_side_with_weight_is_named_with_its_weight() -> None:
    (found,) = foreign_rows(beside(10), ())

    assert found.code == "drift.foreign-row"
    assert found.subject == str(FOREIGN)
    assert (found["weight"], found["health"]) == (10, "healthy")


def test_a_backend_of_neither_side_without_weight_is_no_drift() -> None:
    assert foreign_rows(beside(0), ()) == ()


def test_a_backend_that_the_plan_has_seen_is_no_drift() -> None:
    assert foreign_rows(beside(10), {FOREIGN}) == ()


def test_the_backends_of_both_sides_are_no_drift() -> None:
    assert foreign_rows(pools(new=50), ()) == ()
