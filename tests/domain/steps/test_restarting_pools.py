"""The steps of a restart where a node leaves its pool: what is due, and what is waited for; and zones that keep somebody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.actions import DeleteObject, Deregister, Register
from migrator.domain.model.balancer import Backend, Capabilities, Health, Pools, Row, Scope, Side, Target, Weighted
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.steps import Renew, Shed
from migrator.domain.steps.estimate import Pace, Scale
from migrator.domain.steps.restarting.zone import Zone, spared
from tests.domain.seen import NEW, at
from tests.domain.steps.test_restarting import END, FRESH, GO, NOW, STEP, A, B, due, look, pod

POOLED = Capabilities(
    weights_of=Scope.POOL, several_listeners=False, settle=5.0, drain_floor=12.0, registers=30.0, health_at_zero=True
)
FRESHER = replace(FRESH, ready=True)


def seen(
    *there: Backend, old: tuple[object, ...] = (pod(1), pod(2)), sick: Health = Health.HEALTHY, **more: object
) -> Sighting:
    """Give the sighting in which these are in the pool; the first node's is called `sick`."""
    found = look(old=old, capabilities=POOLED, **more)  # type: ignore[arg-type]  # by its names
    rows = tuple(
        replace(row, target=replace(row.target, pool="g", health=sick if row.backend == A else row.target.health))
        for row in found[Pools].rows
        if row.backend in there
    )
    return found.having(Pools(rows, POOLED))


def off(seconds: float, **more: object) -> dict[str, object]:
    return {"written_at": {A: at(NOW - seconds)}, **more}


RENEWED: dict[str, object] = {"old": (pod(2),), "new": (FRESHER,)}


@pytest.mark.parametrize(
    ("sighting", "what"),
    [
        pytest.param(seen(*NEW), Deregister((A,), standing=True), id="it leaves its pool"),
        pytest.param(seen(B, **off(2.0)), "renew.settling", id="the balancer follows"),
        pytest.param(seen(B, **off(6.0)), GO, id="then it is told to go"),
        pytest.param(
            seen(B, **off(6.0), told=("gw-1",)), "renew.draining", id="an empty one may still get connections"
        ),
        pytest.param(seen(B, **off(13.0), told=("gw-1",)), END, id="until the removal is silence"),
        pytest.param(seen(B, **off(13.0), **RENEWED), Register((A,), standing=True), id="proved, it joins again"),
        pytest.param(
            seen(*NEW, **off(13.0), sick=Health.PENDING, **RENEWED),
            "renew.proving",
            id="and counts once the balancer calls it healthy",
        ),
        pytest.param(seen(*NEW, **off(13.0), **RENEWED), "renew.soaking", id="then it is watched"),
    ],
)
def test_a_node_leaves_its_pool_and_joins_it_again(sighting: Sighting, what: object) -> None:
    assert due(STEP.decide(sighting)) == what


def test_a_pod_that_came_while_its_node_was_off_never_served() -> None:
    late = replace(STEP, towards=Side.OLD)
    came = pod(1, made_at=at(NOW - 5.0))

    sighting = seen(B, old=(pod(2),), new=(came,), **off(13.0), connections=7, told=("gw-1",))
    assert due(late.decide(sighting)) == DeleteObject(END.ref, came.ref.uid)


def test_a_drain_is_never_shorter_than_the_balancers_own_time() -> None:
    hasty = replace(STEP, drain=DrainSpec(1.0, OnTimeout.CUT))

    assert due(hasty.decide(seen(B, **off(6.0), told=("gw-1",), connections=3))) == "renew.draining"
    assert due(hasty.decide(seen(B, **off(13.0), told=("gw-1",), connections=3))) == END


def test_a_zone_keeps_somebody() -> None:
    zone = Zone("a", ("10.1.0.1",))
    pools = seen(*NEW)[Pools]

    assert spared((), pools, NEW)
    assert spared((zone,), pools, (B,))
    assert not spared((zone,), pools, (A,))
    assert due(replace(STEP, zones=(zone,)).decide(seen(*NEW))) == "renew.rest-unfit"
    assert spared((replace(zone, least=2),), pools, (B,)), "who has too few already loses nobody"


def test_the_renewed_leave_their_pools_as_far_as_zones_allow() -> None:
    recorded = (Weighted(A, 100), Weighted(B, 100))
    both = seen(*NEW, old=(pod(2),), new=(pod(1),))

    assert due(Shed(recorded).decide(both)) == Deregister((A,), standing=True)
    assert due(Shed(recorded, zones=(Zone("a", ("10.1.0.1",)),)).decide(both)) == "done shed.left"
    gone = both.having(Pools(tuple(row for row in both[Pools].rows if row.backend == B), POOLED))
    assert due(Shed(recorded).decide(gone.having(JournalFacts(entered_at=at(NOW - 20.0))))) == "done shed.done"


def test_a_node_takes_as_long_as_the_balancer_needs_to_let_it_go_and_to_take_it_back() -> None:
    pace = Pace(3.0, 10.0)

    def seconds(can: Capabilities) -> tuple[float, float | None]:
        found = STEP.estimate(Scale((), (), (), can, pace, 20.0))
        return found.expected, found.worst

    own, pooled = seconds(replace(POOLED, weights_of=Scope.BACKEND)), seconds(POOLED)
    assert pooled[0] == own[0] + 2.0 + 30.0
    assert pooled[1] == own[1]
    assert isinstance(STEP, Renew)


def test_the_share_of_a_pool_that_both_sides_are_in_is_by_its_members() -> None:
    target = [Target(Backend("l-1", f"10.1.0.{n}", 80), 100, Health.HEALTHY, pool="g") for n in range(4)]
    rows = tuple(Row(each, Side.NEW if n == 0 else Side.OLD) for n, each in enumerate(target))

    assert Pools(rows, POOLED).share() == 25.0
