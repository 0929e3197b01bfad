"""What every gateway port must do: the fake one, and the real adapter before Envoys in memory."""

from __future__ import annotations

from typing import Protocol

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.model.actions import Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.observation.parity import Compared
from migrator.domain.ports.outside import GatewayReader, GatewayWriter
from tests.adapters.gateways.envoys import GATEWAY, LISTENER, Doors, Envoy, istio, pod
from tests.adapters.gateways.patient import readings
from tests.adapters.gateways.test_envoy import ports
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways

A, B = pod("a"), pod("b")


class World(Protocol):
    """One implementation with two gateways `a` and `b`, and how to do things to them."""

    reader: GatewayReader
    writer: GatewayWriter

    def serve(self, name: str, requests: int, bad: int) -> None: ...
    def restart(self, name: str) -> None: ...
    def silence(self, name: str) -> None: ...
    def remove(self, name: str) -> None: ...


class Fake:
    """The fake gateways."""

    def __init__(self) -> None:
        self._fake = FakeGateways(FakeClock())
        self.reader: GatewayReader = self._fake
        self.writer: GatewayWriter = self._fake
        self.serve, self.restart, self.remove = self._fake.serve, self._fake.restart, self._fake.gone.add

    def silence(self, name: str) -> None:
        self._fake.process(name).silent = "it does not answer"


class Real:
    """The real adapter, before Envoys in memory."""

    def __init__(self) -> None:
        self._doors = Doors(a=_fresh("a"), b=_fresh("b"))
        self.reader, self.writer = ports(self._doors)

    def serve(self, name: str, requests: int, bad: int) -> None:
        stats = self._doors.envoys[name][0].stats
        stats[f"{GATEWAY}.downstream_rq_2xx"] += requests - bad
        stats[f"{GATEWAY}.downstream_rq_5xx"] += bad
        stats[f"{LISTENER}.downstream_cx_total"] += requests

    def restart(self, name: str) -> None:
        self._doors.cut(name)
        self._doors.envoys[name] = [_fresh(name)]
        self._doors.envoys[name][0].uptime = 0

    def silence(self, name: str) -> None:
        self._doors.cut(name)
        self._doors.deaf.add(name)

    def remove(self, name: str) -> None:
        self._doors.cut(name)
        del self._doors.envoys[name]


def _fresh(name: str) -> Envoy:
    envoy = istio(name)
    zeros = (f"{GATEWAY}.downstream_rq_2xx", f"{GATEWAY}.downstream_rq_5xx")
    envoy.stats = dict.fromkeys((*zeros, f"{LISTENER}.downstream_cx_active", f"{LISTENER}.downstream_cx_total"), 0)
    return envoy


@pytest.fixture(params=[pytest.param(Fake, id="fake"), pytest.param(Real, id="real")])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.param()
    return found


def test_readings_count_up_from_where_they_were(world: World) -> None:
    world.serve("a", 10, 2)
    first = readings(world.reader, Side.OLD, [A])[0][0]
    world.serve("a", 5, 1)
    second = readings(world.reader, Side.OLD, [A])[0][0]

    assert (first.requests, first.bad, first.accepted) == (10, 2, 10)
    assert (second.requests, second.bad, second.accepted) == (15, 3, 15)
    assert first.epoch == second.epoch
    assert first.connections == 0


def test_a_restart_is_another_epoch_with_counters_at_zero_and_nothing_told(world: World) -> None:
    world.serve("a", 10, 0)
    before = readings(world.reader, Side.NEW, [A])[0][0]
    world.writer.tell(Tell(Side.NEW, Word.GO, (A,)))
    world.restart("a")
    after = readings(world.reader, Side.NEW, [A])[0][0]

    assert after.epoch != before.epoch
    assert after.requests == 0
    assert world.reader.told(Side.OLD, [A]) == [(A.uid, Word.STAY)]


def test_who_cannot_be_read_is_silent_and_the_others_are_read(world: World) -> None:
    world.reader.readings(Side.OLD, [A, B])
    world.silence("a")
    found, silent = world.reader.readings(Side.OLD, [A, B])

    assert [each.gateway for each in found] == ["b"]
    assert [name for name, _ in silent] == ["a"]
    assert world.reader.told(Side.OLD, [A, B]) == [(B.uid, Word.STAY)]


def test_telling_reaches_all_that_answer_and_names_the_others(world: World) -> None:
    world.silence("a")
    with pytest.raises(Unreachable) as caught:
        world.writer.tell(Tell(Side.OLD, Word.GO, (A, B)))
    assert "pod=a" in str(caught.value)

    assert world.reader.told(Side.OLD, [B]) == [(B.uid, Word.GO)]


def test_a_pod_that_is_gone_is_fine_to_tell_and_silent_to_read(world: World) -> None:
    world.remove("a")
    world.writer.tell(Tell(Side.OLD, Word.GO, (A, B)))

    assert world.reader.told(Side.OLD, [A, B]) == [(B.uid, Word.GO)]
    assert [name for name, _ in world.reader.readings(Side.OLD, [A, B])[1]] == ["a"]


def test_nobody_to_ask_is_nothing_said(world: World) -> None:
    assert world.reader.readings(Side.OLD, []) == ([], [])
    assert world.reader.told(Side.OLD, []) == []
    world.writer.tell(Tell(Side.OLD, Word.GO, ()))


def test_equal_gateways_have_equal_parity(world: World) -> None:
    assert world.reader.parity(A, Side.NEW).units == world.reader.parity(B, Side.NEW).units
    assert world.reader.parity(A, Side.NEW).unready == ()
    answers = dict(world.reader.compare(world.reader.reference(A, Side.NEW), [(B, Side.NEW)]))
    assert [found.differences for found in answers.values() if isinstance(found, Compared)] == [()]


def test_a_gateway_that_does_not_answer_is_named_beside_those_that_are_compared(world: World) -> None:
    reference = world.reader.reference(A, Side.NEW)
    world.silence("b")
    answers = dict(world.reader.compare(reference, [(B, Side.NEW), (A, Side.NEW)]))

    assert isinstance(answers[B], Unreachable)
    assert isinstance(answers[A], Compared)
