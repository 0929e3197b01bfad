"""Two products behind one pair of ports: whatever is asked or told goes to the side that it is of, in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.gateways import gateways
from migrator.adapters.gateways.envoy import EnvoyReader
from migrator.adapters.gateways.nginx import NginxReader
from migrator.adapters.gateways.sided import SidedReader, SidedWriter
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.model.target import Existing
from migrator.domain.ports.outside import KnowsVersions
from tests.fakes.clock import FakeClock
from tests.fakes.world import SPEC

POD = PodRef("edge", "gw-1", "u-1", "10.0.0.1")
TWO = replace(
    SPEC, gateway=GatewaySpec("nginx"), target=Existing("ds", "DaemonSet", gateway=GatewaySpec("envoy", 19000))
)


class Nobody:
    """Streams that lead nowhere; which ports were tried is kept."""

    def __init__(self) -> None:
        self.tried: list[int] = []

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        self.tried.append(port)
        raise Unreachable(say("gateway.status", asked="/", status=0))


def pods(names: Sequence[str] = ("gw-1",)) -> list[PodRef]:
    return [replace(POD, name=name) for name in names]


def test_each_side_is_asked_at_its_own_products_port() -> None:
    streams = Nobody()
    reader, _ = gateways(TWO, streams, FakeClock())

    for side, port in ((Side.OLD, 10254), (Side.NEW, 19000)):
        streams.tried.clear()
        found, silent = reader.readings(side, pods())
        assert (found, [name for name, _ in silent], set(streams.tried)) == ([], ["gw-1"], {port})


def test_only_the_side_that_has_a_word_is_asked_for_it_and_told() -> None:
    streams = Nobody()
    reader, writer = gateways(TWO, streams, FakeClock())

    assert (reader.told(Side.OLD, pods()), streams.tried) == ([], [])
    assert reader.told(Side.NEW, pods()) == []
    with pytest.raises(Refused):
        writer.tell(Tell(Side.OLD, Word.GO, (POD,)))
    with pytest.raises(Unreachable):
        writer.tell(Tell(Side.NEW, Word.GO, (POD,)))
    assert set(streams.tried) == {19000}


def test_an_old_side_that_knows_no_routes_and_no_clock_says_none() -> None:
    reader, _ = gateways(TWO, Nobody(), FakeClock())

    assert isinstance(reader, SidedReader)
    assert (reader.routes(POD), reader.flush(POD)) == ((), None)
    assert not isinstance(reader, KnowsVersions), "versions of two products have no common ground"


def test_an_old_side_that_knows_them_is_asked() -> None:
    turned = replace(TWO, gateway=GatewaySpec("envoy"), target=replace(TWO.target, gateway=GatewaySpec("nginx")))
    reader, writer = gateways(turned, Nobody(), FakeClock())

    assert isinstance(reader, SidedReader)
    assert isinstance(writer, SidedWriter)
    for ask in (reader.routes, reader.flush):
        with pytest.raises(Unreachable):
            ask(POD)


def test_configurations_are_asked_of_their_own_side() -> None:
    reader, _ = gateways(TWO, Nobody(), FakeClock())

    for ask in (reader.parity, reader.reference):
        with pytest.raises(Refused):
            ask(POD, Side.OLD)
        with pytest.raises(Unreachable):
            ask(POD, Side.NEW)


def test_two_sides_of_one_product_have_one_reader() -> None:
    nginx = gateways(replace(TWO, target=Existing("ds", "DaemonSet")), Nobody(), FakeClock())[0]
    envoy = gateways(replace(TWO, gateway=GatewaySpec("envoy"), target=Existing("ds", "DaemonSet")), Nobody())[0]

    assert isinstance(nginx, NginxReader)
    assert isinstance(envoy, EnvoyReader)
