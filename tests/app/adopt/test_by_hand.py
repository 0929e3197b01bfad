"""The way back by hand is told from what is seen: who is on the balancer, who is away, and which weights were recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.adopt.adopting import named, recorded
from migrator.app.adopt.by_hand import handed, led, of_store, past_of, pointed, seen
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import ClusterSpec
from migrator.domain.observation.detour import Detour
from migrator.domain.steps import Retire
from migrator.domain.turn.journeys import JOURNEYS
from tests.app.adopt.test_adopting import WHERE, Surviving, at
from tests.app.world import stored, walked
from tests.fakes.objects import OLD
from tests.fakes.world import NEW_PORT, quick
from tests.store.world import make_plan
from tests.words import refused


@pytest.fixture
def half(tmp_path: Path) -> Surviving:
    harness = Surviving(tmp_path, spec=quick())
    harness.until(at("Shift 50 %"))
    return harness


def test_the_old_sides_recorded_weights_and_the_new_sides_rows_are_those_that_are_there(half: Surviving) -> None:
    place, plan = recorded(half.world.cluster, WHERE, OLD)

    stands = seen(plan, past_of(place), half.world.readers)

    assert {row.backend: row.weight for row in stands.old} == half.world.originals
    assert set(stands.new) == {backend for backend in half.world.balancer.rows if backend.port == NEW_PORT}
    assert stands.away == ()
    assert not led(place, plan)


def test_a_pod_that_came_since_is_named_by_its_own_address_and_one_that_is_away_is_registered(half: Surviving) -> None:
    place, plan = recorded(half.world.cluster, WHERE, OLD)
    gone = next(iter(half.world.originals))
    for listener in {backend.listener for backend in half.world.originals}:
        half.world.balancer.rows.pop(next(b for b in half.world.originals if b.listener == listener))

    stands = seen(plan, past_of(place), half.world.readers)

    assert gone in stands.away
    assert {row.weight for row in stands.old} == {100}


def test_services_are_led_back_only_from_retire_on(half: Surviving) -> None:
    retire = next(i for i, step in enumerate(half.plan.steps) if isinstance(step, Retire))
    with half.store() as store:
        run = store.run(half.run.id)
        assert not pointed(store, run)
        lease = store.acquire(run.id, "ann")
        run = store.journal(run.id, lease).move(run, state=State.RUNNING, cursor=retire)
        lease.release()

        assert pointed(store, run)
    assert run.heading is Heading.FORWARD


def test_a_run_that_has_ended_has_no_way_back_by_hand(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, clock):
        run = walked(store, clock)
        with refused(UsageError, "hand.no-way-back"):
            of_store(store, str(run.id))


@pytest.mark.parametrize("way", sorted(way for way, journey in JOURNEYS.items() if not journey.recorded))
def test_only_what_has_a_record_has_a_way_back_by_hand(tmp_path: Path, way: str) -> None:
    with stored(tmp_path) as (store, _):
        run = store.create_run(replace(make_plan(), way=way))
        with refused(UsageError, "hand.no-way-back", run=run.id):
            of_store(store, str(run.id))


def test_a_run_over_temporary_node_ports_is_not_taken_back_by_hand(half: Surviving) -> None:
    place, plan = recorded(half.world.cluster, WHERE, OLD)

    with refused(UsageError, "hand.detour", run=1, name=plan.spec.name):
        handed(
            1,
            plan.spec.name,
            replace(plan, detour=Detour({}, (), (), plan.changes[0], plan.changes[0])),
            past_of(place),
            pointed=False,
        )


@pytest.mark.parametrize("words", ["gw", "/gw", "edge/", "edge/deployment/gw", ""])
def test_a_gateway_is_named_by_namespace_and_name(words: str) -> None:
    with refused(UsageError, "adopt.no-gateway", given=words):
        named(words, None, None)
    assert named("edge/gw", "prod", None) == (ClusterSpec("edge", "prod"), "gw")
