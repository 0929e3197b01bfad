"""The guard over configurations: cheap looks, few dumps, and only what was met twice is a difference."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.observation.drifted import ConfigDrift
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.overseeing import APART, MOST, PEEKED, RESTLESS, UNASKED, Overseeing
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways

ROUTE = {"route/http.80": {"timeout": "16s"}}


def pods(name: str, count: int) -> tuple[PodRef, ...]:
    """Give some pods of a side."""
    return tuple(PodRef("edge", f"{name}-{i}", f"uid-{name}-{i}", f"10.0.0.{i}") for i in range(count))


class Room:
    """Gateways of two sides, and their guard."""

    def __init__(self, old: int = 2, new: int = 2) -> None:
        self.clock, self.board = FakeClock(), Board()
        self.gateways = FakeGateways(self.clock)
        self.old, self.new = pods("old", old), pods("new", new)
        self.guard = Overseeing(self.gateways, self.board, self.clock)
        self.board.wish = WatchRequest(self.old, self.new, parity=True)

    def looked(self, seconds: float = 0.0) -> ConfigDrift:
        """Look every three seconds for so long; give what is known then."""
        for _ in range(int(seconds // 3) + 1):
            self.guard()
            self.clock.advance(3.0)
        return next(facet for facet in self.board.facets() if isinstance(facet, ConfigDrift))

    def pushed(self, *names: str, **unit: str) -> None:
        """Let these gateways get another route."""
        for name in names:
            self.gateways.process(name).units = {**self.gateways.process(name).units, "route/http.80": dict(unit)}

    def dumps(self) -> int:
        """Say how many dumps were read so far."""
        return self.gateways.orders.calls.count("parity")

    def settle(self) -> None:
        """Look until everybody was compared."""
        self.looked(30)


@pytest.fixture
def room() -> Room:
    """Give two gateways a side that were compared."""
    found = Room()
    found.settle()
    return found


def test_nothing_is_dumped_while_nothing_moves(room: Room) -> None:
    before = room.dumps()

    found = room.looked(20)

    assert room.dumps() == before
    assert found == ConfigDrift()


def test_one_gateway_is_compared_now_and_then_though_nothing_moves(room: Room) -> None:
    before = room.dumps()

    room.looked(3 * UNASKED)

    assert before < room.dumps() <= before + 6


def test_a_difference_that_was_met_once_is_none_yet_and_one_that_was_met_twice_is_told_with_its_lines(
    room: Room,
) -> None:
    room.pushed("new-0", timeout="16s")

    assert room.looked().found == ()

    (found,) = room.looked(APART + 3).found

    assert found.code == "drift.configuration"
    assert found.subject == say("subject.gateways", names=("new-0",))
    assert "route/http.80" in str(found.problem)


def test_gateways_that_differ_in_the_same_lines_are_told_together(room: Room) -> None:
    room.pushed("new-0", "new-1", timeout="16s")

    (found,) = room.looked(2 * APART).found

    assert found.subject == say("subject.gateways", names=("new-0", "new-1"))


def test_a_difference_that_becomes_another_one_is_met_twice_too(room: Room) -> None:
    room.pushed("old-0", "old-1", "new-0", "new-1", timeout="15s")
    room.settle()
    room.pushed("new-0", timeout="16s")
    room.looked(APART)
    room.pushed("new-0", timeout="17s")

    assert room.looked(APART).found == ()
    assert "17s" in str(room.looked(APART).found)


def test_a_change_of_the_model_has_everybody_compared_anew(room: Room) -> None:
    before = room.dumps()
    room.pushed("old-0", "old-1", "new-0", "new-1", timeout="16s")

    found = room.looked(APART)

    assert found == ConfigDrift()
    assert room.dumps() - before <= 4 + 1


def test_what_moved_within_ten_seconds_of_a_dump_is_said_to_be_uncompared_since_then(room: Room) -> None:
    room.pushed("new-0", timeout="16s")
    room.looked()
    room.pushed("new-0", timeout="15s")
    at = room.clock.monotonic()

    found = room.looked()

    assert (found.waits, found.changed) == (at, True)


def test_gateways_that_this_process_has_never_compared_wait_and_are_not_said_to_have_changed() -> None:
    room = Room()
    warming(room)
    found = room.looked()
    room.gateways.process("new-0").unready = ()

    assert (found.waits is not None, found.changed) == (True, False)
    assert room.looked(30) == ConfigDrift()


def test_an_old_gateway_that_was_apart_from_the_beginning_is_no_drift() -> None:
    room = Room()
    room.pushed("old-1", timeout="9s")

    assert room.looked(60).found == ()


def test_an_old_gateway_that_comes_to_differ_is_told(room: Room) -> None:
    room.pushed("old-1", timeout="9s")

    (found,) = room.looked(2 * APART).found

    assert found.subject == say("subject.gateways", names=("old-1",))


def silent(room: Room) -> None:
    """Let a new gateway say nothing."""
    room.gateways.process("new-0").silent = "down"


def warming(room: Room) -> None:
    """Let a new gateway warm up."""
    room.gateways.process("new-0").unready = (say("probe.none-yet"),)


@pytest.mark.parametrize("strike", [silent, warming])
def test_a_gateway_that_cannot_be_compared_now_is_compared_once_it_can(
    room: Room, strike: Callable[[Room], None]
) -> None:
    room.pushed("new-0", timeout="16s")
    strike(room)
    assert room.looked(2 * APART).found == ()

    process = room.gateways.process("new-0")
    process.silent, process.unready = "", ()

    assert len(room.looked(3 * APART).found) == 1


def test_a_gateway_that_falls_silent_over_its_dump_is_asked_again_later(room: Room) -> None:
    room.pushed("new-0", timeout="16s")
    versions = room.gateways.versions

    def then_silent(wanted: tuple[PodRef, ...]) -> object:
        told = versions(wanted)
        silent(room)
        return told

    room.gateways.versions = then_silent  # type: ignore[method-assign, assignment]
    assert room.looked().waits is not None


def test_old_gateways_that_cannot_be_read_are_passed_over_for_one_that_can() -> None:
    room = Room()
    room.gateways.process("old-0").silent = "down"
    room.pushed("new-0", timeout="16s")

    (found,) = room.looked(40).found

    assert found.subject == say("subject.gateways", names=("new-0",))


def test_while_no_old_gateway_can_be_read_nothing_is_compared() -> None:
    room = Room(old=1)
    room.gateways.process("old-0").silent = "down"

    assert room.looked(40).found == ()
    assert room.dumps() > 0


def test_an_unsettled_old_gateway_is_the_model_where_none_is_settled() -> None:
    room = Room(old=2)
    for name in ("old-0", "old-1"):
        room.gateways.process(name).unready = (say("probe.none-yet"),)
    room.pushed("new-0", timeout="16s")

    assert len(room.looked(60).found) == 1


def test_a_model_that_is_gone_is_replaced_by_another_old_gateway(room: Room) -> None:
    room.board.wish = WatchRequest(room.old[1:], room.new, parity=True)
    room.pushed("new-0", timeout="16s")

    assert len(room.looked(40).found) == 1


def test_a_model_that_falls_silent_is_kept_until_it_can_be_read_again(room: Room) -> None:
    room.gateways.process("old-0").silent = "down"
    room.clock.advance(UNASKED)
    room.pushed("new-0", timeout="16s")

    assert len(room.looked(2 * APART).found) == 1


def test_at_most_a_few_are_looked_at_and_compared_at_a_time() -> None:
    room = Room(old=3, new=30)
    asked: list[int] = []
    versions = room.gateways.versions
    room.gateways.versions = lambda found: asked.append(len(found)) or versions(found)  # type: ignore[method-assign, func-returns-value]

    before = room.dumps()
    room.looked()
    first = room.dumps() - before
    room.looked(60)

    assert set(asked) == {PEEKED}
    assert first <= MOST + 1
    assert set(room.guard._seen.gateways) == {pod.uid for pod in (*room.old, *room.new)}


def test_both_sides_that_change_again_and_again_alike_are_said_to_be_restless() -> None:
    room = Room(old=1, new=1)
    room.settle()
    found = ConfigDrift()
    for number in range(RESTLESS + 1):
        room.pushed("old-0", "new-0", timeout=f"{number}s")
        found = room.looked(APART + 3)

    assert found.restless
    assert not room.looked(2 * UNASKED).restless


UNWATCHED = [
    pytest.param(WatchRequest(pods("old", 2), pods("new", 2)), id="not proved alike yet"),
    pytest.param(WatchRequest((), pods("new", 2), parity=True), id="no old gateway"),
    pytest.param(WatchRequest(pods("old", 2), (), parity=True), id="no new gateway"),
]


@pytest.mark.parametrize("wish", UNWATCHED)
def test_what_was_found_is_forgotten_while_the_sides_need_not_be_alike(room: Room, wish: WatchRequest) -> None:
    room.pushed("new-0", timeout="16s")
    assert room.looked(2 * APART).found

    room.board.wish = wish

    assert room.looked() == ConfigDrift()


def test_the_first_look_is_taken_at_once_and_later_ones_in_their_turn(room: Room) -> None:
    fresh = Overseeing(room.gateways, room.board, room.clock)  # it has not looked yet

    assert fresh.wanted(5.0, room.board.wish) == 5.0
    assert fresh.wanted(5.0, WatchRequest()) == inf
    assert room.guard.wanted(5.0, room.board.wish) == inf


def test_a_gateway_kind_without_versions_is_not_watched() -> None:
    room = Room()

    class Mute:
        """A reader that knows no versions."""

    guard = Overseeing(Mute(), room.board, room.clock)  # type: ignore[arg-type]
    guard()

    assert room.board.facets() == (ConfigDrift(),)
