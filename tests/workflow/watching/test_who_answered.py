"""Which side answered our own connection when no answer names its gateway."""

from __future__ import annotations

import pytest

from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import JudgeSpec
from migrator.domain.observation.sighting import Witnessed
from migrator.domain.ports.outside import Witness
from migrator.workflow.watching.board import WatchRequest
from migrator.workflow.watching.history import History
from migrator.workflow.watching.watch import Counting, Witnessing
from migrator.workflow.watching.who_answered import MOST, Accepted, WhoAnswered
from tests.fakes.world import SPEC, FakeWorld
from tests.workflow.watching.test_watch import NEW, OLD, published, watched


def settled(accepted: Accepted | None, by_address: Side | None = None) -> tuple[int, int]:
    who = WhoAnswered(lambda _began, _ended: accepted)
    who.add(1.0, 1.1, by_address)
    found = who.settled()
    return found[Side.OLD], found[Side.NEW]


@pytest.mark.parametrize(
    ("accepted", "by_address", "answered"),
    [
        pytest.param({Side.OLD: 0, Side.NEW: 3}, None, (0, 1), id="only new has new connections"),
        pytest.param({Side.OLD: 3, Side.NEW: 0}, Side.NEW, (1, 0), id="counters before the address"),
        pytest.param({Side.OLD: 3, Side.NEW: 4}, None, (0, 0), id="both have: unknown"),
        pytest.param({Side.OLD: 3, Side.NEW: 4}, Side.NEW, (0, 1), id="both have: the address tells"),
        pytest.param({Side.OLD: 0, Side.NEW: 0}, None, (0, 0), id="none has"),
        pytest.param({Side.OLD: None, Side.NEW: 4}, None, (0, 0), id="one does not count"),
        pytest.param(None, Side.NEW, (0, 0), id="nobody has counted since: later"),
    ],
)
def test_the_counters_tell_who_answered_and_else_the_address(
    accepted: Accepted | None, by_address: Side | None, answered: tuple[int, int]
) -> None:
    assert settled(accepted, by_address) == answered


def test_a_try_is_settled_once_when_somebody_has_counted() -> None:
    counted: list[Accepted | None] = [None, {Side.OLD: 0, Side.NEW: 1}, {Side.OLD: 0, Side.NEW: 1}]
    who = WhoAnswered(lambda _began, _ended: counted.pop(0))
    who.add(1.0, 1.1, None)

    assert [who.settled()[Side.NEW] for _ in range(3)] == [0, 1, 0]


def test_where_nobody_ever_counts_the_oldest_tries_go_by_their_address() -> None:
    who = WhoAnswered(lambda _began, _ended: None)
    for _ in range(MOST + 5):
        who.add(1.0, 1.1, Side.NEW)

    assert who.settled()[Side.NEW] == 5


class Nameless:
    """A witness whose answers name nobody."""

    def __init__(self, world: FakeWorld, gateway: str, peer: str = "") -> None:
        self._world, self._gateway, self._peer = world, gateway, peer

    def try_once(self) -> Witness:
        """Reach one gateway."""
        self._world.gateways.serve(self._gateway, 1)
        self._world.clock.advance(0.1)
        return Witness("", "", 200, self._peer)


def tally(gateway: str, peer: str = "", clients: int = 0, wish: WatchRequest | None = None) -> Witnessed:
    world = FakeWorld()
    of = watched(world) if wish is None else watched(world, wish=wish)
    history = History(JudgeSpec())
    count, witnessing = Counting(of, history), Witnessing(of, Nameless(world, gateway, peer), history)
    for _ in range(4):
        for pod in (OLD, *NEW):
            world.gateways.serve(pod.name, clients)
        count()
        world.clock.advance(0.5)
        witnessing()
        world.clock.advance(0.5)
    found = published(of)[Witnessed]
    assert isinstance(found, Witnessed)
    return found


def test_a_quiet_gateways_counters_tell_that_it_answered() -> None:
    found = tally(NEW[0].name)

    assert (found.tries, found.old, found.failed) == (4, 0, 0)
    assert found.new >= 1


def test_beside_other_clients_the_address_tells_or_nobody() -> None:
    assert tally(NEW[0].name, clients=9).new == 0
    assert tally(NEW[0].name, NEW[0].ip, clients=9).new >= 1


def test_an_address_that_both_sides_have_tells_nothing() -> None:
    shared = WatchRequest((OLD,), (NEW[0], OLD), steady_since=0.0)

    assert tally(OLD.name, OLD.ip, clients=9, wish=shared).new == 0


def test_nobody_has_counted_before_both_sides_were_read() -> None:
    assert SPEC.judge.scrape is not None
    assert History(SPEC.judge).accepted(0.0, 1.0) is None
