"""One row per backend: what it weighs and is meant to, what was counted of its pod, the worst first."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Backend, Health, Pools, Side, Weighted
from migrator.domain.model.samples import Rate
from migrator.domain.observation.shown import BackendSeen, Served
from migrator.domain.observation.sides import Sides, Slot
from migrator.domain.observation.sighting import JournalFacts, Judgement, Sighting
from migrator.domain.showing.backends import rows
from tests.domain.seen import NEW, OLD, at, counts, meant, opened, pod, pools, seen

SERVED = Served(10.0, (("new-0", Rate(200, 0, 1, client=4)), ("new-1", Rate(100, 3, 0, client=0))))


def row_of(sighting: Sighting, backend: Backend) -> BackendSeen:
    (found,) = [row for row in rows(sighting) if row.backend == backend]
    return found


def test_a_row_says_what_was_set_and_counted_of_the_pod_behind_it() -> None:
    found = row_of(seen(pools(100, 50), counts(7, 3), Judgement(served=SERVED)), NEW[0])

    assert (found.side, found.node, found.weight, found.meant, found.health) == (
        Side.NEW,
        "n-1",
        50,
        50,
        Health.HEALTHY,
    )
    assert (found.connections, found.requests, found.bad, found.client, found.slow) == (3, 20.0, 0, 4, 1)


def test_what_nobody_counts_is_unknown_and_never_0() -> None:
    found = row_of(seen(pools(100, 50), counts(None, None)), OLD[0])

    assert (found.connections, found.requests, found.bad, found.client, found.slow) == (None,) * 5


def test_of_several_pods_behind_one_backend_nobody_knows_which_served_what() -> None:
    sighting = seen(pools(100, 50), Judgement(served=SERVED))
    sides = sighting[Sides]
    crowded = replace(sides, new=(replace(sides.new[0], pods=(pod(Side.NEW, 0), pod(Side.NEW, 1))), *sides.new[1:]))
    found = row_of(sighting.having(crowded), NEW[0])

    assert (found.node, found.requests, found.weight) == ("", None, 50)


def test_a_write_on_its_way_is_what_is_meant() -> None:
    standing = pools(100, 50)
    past = JournalFacts(
        weights={**meant(standing), OLD[1]: ()}, open=opened(SetWeights((Weighted(NEW[0], 90),))), entered_at=at(0)
    )
    sighting = seen(standing, past)
    found, unmeant = row_of(sighting, NEW[0]), row_of(sighting, OLD[1])

    assert (found.weight, found.meant, found.is_apart) == (50, 90, True)
    assert (unmeant.meant, unmeant.is_apart) == (None, False)


def test_a_place_that_is_not_on_the_balancer_has_no_weight() -> None:
    sighting = seen(pools(100, 50))
    some = Pools(tuple(row for row in sighting[Pools].rows if row.backend not in (NEW[1], OLD[1])))
    sides = replace(
        sighting[Sides],
        new=(sighting[Sides].new[0], Slot(NEW[1], 0, None, (pod(Side.NEW, 1),))),
        old=(sighting[Sides].old[0], Slot(OLD[1], 0, None, ())),
    )
    found = {row.backend: row for row in rows(sighting.having(some).having(sides))}

    assert (found[NEW[1]].weight, found[NEW[1]].side, found[NEW[1]].health) == (None, Side.NEW, Health.UNKNOWN)
    assert (found[OLD[1]].side, found[OLD[1]].node) == (Side.OLD, "")


def test_the_worst_backend_comes_first() -> None:
    standing = pools(100, 50)
    sick = Pools(
        tuple(
            replace(row, target=replace(row.target, health=Health.UNHEALTHY)) if row.backend == OLD[1] else row
            for row in standing.rows
        )
    )

    assert [row.backend for row in rows(seen(sick, Judgement(served=SERVED)))] == [OLD[1], NEW[1], NEW[0], OLD[0]]


def test_a_look_without_the_balancer_has_no_rows() -> None:
    assert rows(Sighting(JournalFacts())) == ()
