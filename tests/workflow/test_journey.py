"""A journey is a value: one that migrator does not know is driven, rests, retries and ends as its fields say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.turn.journeys import BACK, FOLLOW, JOURNEYS, holder_marks, journey_of
from tests.fakes.follower import Follower
from tests.fakes.patrol import PATROL, patrols


class Patroller(Follower):
    """A completed migration, and a run of the journey from outside that looks after its nodes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.plan = replace(self.plan, id="patrol", digest="patrol", way=PATROL.name)
        with self.store() as store:
            self._id = store.create_run(self.plan).id


@pytest.fixture
def patroller(memory: Path) -> Iterator[Patroller]:
    with patrols():
        yield Patroller(memory)


def test_a_journey_from_the_outside_looks_after_a_new_node(patroller: Patroller) -> None:
    patroller.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")

    patroller.turns(lambda: patroller.at("10.1.0.9") == patroller.at("10.1.0.1"))

    assert set(patroller.at("10.1.0.9")) != {0}
    assert not patroller.world.balancer.harm


def test_a_journey_from_the_outside_rests_in_its_own_words_and_wakes(patroller: Patroller) -> None:
    patroller.ask(RequestKind.PAUSE)
    patroller.rest(10)

    assert patroller.run.state is State.PAUSED
    assert str(PATROL.resting_note) in patroller.words()[-1]

    patroller.ask(RequestKind.ROLLBACK)
    patroller.ask(RequestKind.RESUME)
    patroller.rest(10)

    assert (patroller.run.state, patroller.run.heading) == (State.RUNNING, Heading.FORWARD)


def test_a_refused_write_is_tried_again_after_the_journeys_seconds(patroller: Patroller) -> None:
    patroller.world.cluster.add_node("node-9", "10.1.0.9", role="gateway")
    patroller.world.balancer.orders.fail("register", Refused(verbatim("the quota is full")))

    patroller.turns(lambda: bool(patroller.at("10.1.0.9")))

    first, second = (event.at for event in patroller.events() if event.kind == "intended")
    assert (second - first).total_seconds() >= PATROL.retry_refused
    assert patroller.run.state is State.RUNNING


def test_every_journey_has_an_exit_code_for_every_state() -> None:
    assert set(JOURNEYS) == {"forward", "in-place", "in-place-losing", "follow", "restart", "isolate", "release"}
    assert all(set(journey.exits) == set(State) for journey in (*JOURNEYS.values(), BACK))


def test_only_a_journey_with_a_way_back_has_another_one_on_the_heading_back() -> None:
    assert journey_of("forward", Heading.BACK) is BACK
    assert journey_of("follow", Heading.BACK) is FOLLOW
    assert BACK.back is None


def test_only_what_leaves_nothing_half_way_marks_its_lease() -> None:
    with patrols():
        assert set(holder_marks()) == {" nodes", " pod", " patrol"}
    assert set(holder_marks()) == {" nodes", " pod"}
