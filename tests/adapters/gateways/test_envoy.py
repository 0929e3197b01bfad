"""What gateways say when asked one by one, and what becomes of those that cannot be asked."""

from __future__ import annotations

import pytest

from migrator.adapters.gateways import gateways
from migrator.adapters.gateways.envoy import VERSIONS
from migrator.domain.gateways import PROFILES
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import codes, say, verbatim
from migrator.domain.model.actions import Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import BalancerSpec, ClusterSpec, GatewaySpec, SourceSpec, Spec
from migrator.domain.model.target import Derived, PortMapping
from migrator.domain.observation.parity import Compared, Parity, Reference
from migrator.domain.ports.outside import GatewayReader, GatewayWriter, KnowsVersions
from tests.adapters.gateways.dumps import NEW, OLD, changed, dump
from tests.adapters.gateways.envoys import GATEWAY, LISTENER, Doors, Envoy, istio, pod
from tests.fakes.clock import FakeClock
from tests.words import refused, texts

A, B = pod("a"), pod("b")


def ports(doors: Doors, kind: str = "istio") -> tuple[GatewayReader, GatewayWriter]:
    mapped = (PortMapping(8080, 80), PortMapping(8443, 443))
    spec = Spec(
        "x",
        ClusterSpec("ns"),
        SourceSpec("Deployment", "gw"),
        Derived("gw-ds", ports=mapped),
        GatewaySpec(kind),
        BalancerSpec("tencent", "lb", ()),
    )
    return gateways(spec, doors, FakeClock())


def test_a_reading_holds_what_the_gateway_counted() -> None:
    envoy = istio("a")
    envoy.stats |= {f"{GATEWAY}.downstream_rq_2xx": 5, f"{GATEWAY}.downstream_rq_5xx": 2}
    envoy.stats |= {f"{LISTENER}.downstream_cx_active": 3, f"{LISTENER}.downstream_cx_total": 9}
    found, silent = ports(Doors(a=envoy))[0].readings(Side.OLD, [A])

    assert silent == []
    assert (found[0].gateway, found[0].side, found[0].at) == ("a", Side.OLD, 1000.0)
    assert (found[0].requests, found[0].bad, found[0].connections, found[0].accepted) == (7, 2, 3, 9)


def test_connections_that_a_gateway_does_not_count_are_unknown() -> None:
    reader = ports(Doors(a=istio("a")))[0]

    assert [reader.readings(Side.OLD, [A])[0][0].connections for _ in range(2)] == [None, None]


def test_a_counter_that_was_never_used_is_zero_from_the_second_reading_on_too() -> None:
    envoy = istio("a")
    envoy.stats[f"{LISTENER}.downstream_cx_active"] = 0
    reader = ports(Doors(a=envoy))[0]
    found = [reader.readings(Side.OLD, [A])[0][0] for _ in range(3)]

    assert [(each.requests, each.connections) for each in found] == [(0, 0)] * 3
    assert ["usedonly" in target for _, target in envoy.asked if target.startswith("/stats")] == [False, True, True]


def test_one_connection_serves_many_readings() -> None:
    doors = Doors(a=istio("a"))
    reader = ports(doors)[0]
    for _ in range(5):
        reader.readings(Side.OLD, [A])

    assert doors.opened == 1
    assert len({reader.readings(Side.OLD, [A])[0][0].epoch for _ in range(2)}) == 1


def test_a_connection_that_says_goodbye_is_not_used_again() -> None:
    envoy = istio("a")
    envoy.closing = envoy.chunked = True
    doors = Doors(a=envoy)
    reader = ports(doors)[0]

    assert [len(reader.readings(Side.OLD, [A])[0]) for _ in range(3)] == [1, 1, 1]
    assert doors.opened == 3
    assert all(line.closed for line in doors.lines)


def test_a_connection_cut_while_idle_is_replaced_and_nobody_notices() -> None:
    doors = Doors(a=istio("a"))
    reader = ports(doors)[0]
    before = reader.readings(Side.OLD, [A])[0][0]
    doors.lines[0].broken = ConnectionResetError("reset")
    after, silent = reader.readings(Side.OLD, [A])

    assert silent == []
    assert after[0].epoch == before.epoch
    assert doors.lines[0].closed


def test_a_restarted_process_has_another_epoch() -> None:
    doors = Doors(a=istio("a"))
    reader = ports(doors)[0]
    before = reader.readings(Side.OLD, [A])[0][0].epoch
    doors.lines[0].broken = ConnectionResetError("reset")
    doors.envoys["a"] = [istio("a")]
    doors.envoys["a"][0].uptime = 1

    assert reader.readings(Side.OLD, [A])[0][0].epoch != before


def test_a_gateway_that_hangs_is_silent_and_the_others_are_read() -> None:
    doors = Doors(a=istio("a"), b=istio("b"))
    reader = ports(doors)[0]
    reader.readings(Side.OLD, [A, B])
    for line in doors.lines:
        if "~a.ns~" in line.envoy.node_id:
            line.broken = TimeoutError("nothing for 5 s")
    found, silent = reader.readings(Side.OLD, [A, B])

    assert [reading.gateway for reading in found] == ["b"]
    assert silent[0][0] == "a"
    late = say("trouble", kind=say("trouble.late"), raw="TimeoutError: nothing for 5 s")
    assert silent[0][1] == say("gateway.no-answer", pod="a", asked="/stats", words=late)


def test_a_pod_that_is_gone_is_silent() -> None:
    found, silent = ports(Doors())[0].readings(Side.OLD, [A])

    assert (found, silent) == ([], [("a", verbatim("pods a not found"))])


def test_a_gateway_that_counts_no_answers_is_silent_and_says_why() -> None:
    envoy = Envoy("plain-envoy", stats={"http.admin.downstream_rq_2xx": 4})
    found, silent = ports(Doors(a=envoy), "envoy")[0].readings(Side.OLD, [A])

    assert found == []
    assert silent[0][1] == say("gateway.no-counters")


def test_a_stock_istio_gateway_is_read_by_istios_own_counter() -> None:
    envoy = istio("a")
    envoy.stats = {}
    envoy.metrics = 'istio_requests_total{reporter="source",response_code="500"} 3\n'
    found = ports(Doors(a=envoy))[0].readings(Side.OLD, [A])[0][0]

    assert (found.requests, found.bad, found.connections) == (3, 3, None)


def test_another_gateway_on_the_same_port_is_never_taken_for_ours() -> None:
    reader, writer = ports(Doors(a=istio("stranger")))
    found, silent = reader.readings(Side.NEW, [A])

    assert found == []
    assert "gateway.stranger" in codes(silent[0][1])
    with refused(Refused, "gateway.not-told", failed=1, of=1) as caught:
        writer.tell(Tell(Side.NEW, Word.GO, (A,)))
    assert "gateway.stranger" in codes(caught.value.message)


def test_of_two_processes_on_one_port_the_right_one_is_found() -> None:
    stranger, ours = istio("stranger"), istio("a")
    writer = ports(Doors(a=[stranger, ours]))[1]
    writer.tell(Tell(Side.NEW, Word.GO, (A,)))

    assert (stranger.state, ours.state) == ("LIVE", "DRAINING")


def test_what_was_told_is_read_back_from_the_gateways_own_state() -> None:
    doors = Doors(a=istio("a"), b=istio("b"))
    reader, writer = ports(doors)
    writer.tell(Tell(Side.OLD, Word.GO, (A,)))
    assert reader.told(Side.OLD, [A, B]) == [(A.uid, Word.GO), (B.uid, Word.STAY)]

    writer.tell(Tell(Side.OLD, Word.STAY, (A,)))
    assert reader.told(Side.OLD, [A]) == [(A.uid, Word.STAY)]


def test_only_the_reversible_signal_is_ever_sent() -> None:
    envoy = istio("a")
    _, writer = ports(Doors(a=envoy))
    for word in Word:
        writer.tell(Tell(Side.OLD, word, (A,)))

    posted = [target for method, target in envoy.asked if method == "POST"]
    assert posted == ["/healthcheck/fail", "/healthcheck/ok"]


def test_a_gateway_that_still_starts_cannot_say() -> None:
    envoy = istio("a")
    envoy.state = "PRE_INITIALIZING"

    assert ports(Doors(a=envoy))[0].told(Side.OLD, [A]) == []


def test_telling_a_pod_that_is_gone_is_fine() -> None:
    envoy = istio("b")
    _, writer = ports(Doors(b=envoy))
    writer.tell(Tell(Side.OLD, Word.GO, (A, B)))

    assert envoy.state == "DRAINING"


def test_all_are_told_even_when_one_cannot_be_and_then_it_is_named() -> None:
    envoy = istio("b")
    doors = Doors(a=istio("a"), b=envoy)
    doors.deaf.add("a")
    _, writer = ports(doors)

    no_way = say("gateway.one", pod="a", why=verbatim("no way to pod a"))
    with refused(Unreachable, "gateway.not-told", failed=1, of=2, word="go", why=(no_way,)):
        writer.tell(Tell(Side.OLD, Word.GO, (A, B)))
    assert envoy.state == "DRAINING"


def test_equal_intent_has_equal_parity_over_the_wire() -> None:
    old, new = pod(OLD.pod), pod(NEW.pod)
    doors = Doors(**{OLD.pod: _serving(OLD), NEW.pod: _serving(NEW)})
    reader = ports(doors)[0]
    found = reader.parity(_at(old, OLD.ip), Side.OLD), reader.parity(_at(new, NEW.ip), Side.NEW)

    assert found[0].units == found[1].units
    assert found[0].version == "abc/1.40.0"
    assert found[1].node_id == doors.envoys[NEW.pod][0].node_id


def test_differences_are_told_by_unit_and_path() -> None:
    new_dump = changed(NEW, 4, "dynamic_route_configs", 0, "route_config", "virtual_hosts", 0, "routes", 0, "x", to="y")
    envoy = _serving(NEW)
    envoy.dump = new_dump
    reader, new = ports(Doors(**{OLD.pod: _serving(OLD), NEW.pod: envoy}))[0], _at(pod(NEW.pod), NEW.ip)
    found = dict(reader.compare(reader.reference(_at(pod(OLD.pod), OLD.ip), Side.OLD), [(new, Side.NEW)]))[new]

    assert isinstance(found, Compared)
    assert texts(found.differences) == [
        'route/http.80 virtual_hosts[api.x].routes[0].x: only on the new gateway; new "y"'
    ]


@pytest.mark.parametrize("kind", ["nginx", "none"])
def test_a_kind_that_cannot_be_asked_is_silent_and_cannot_be_told_to_go(kind: str) -> None:
    reader, writer = ports(Doors(), kind)
    found, silent = reader.readings(Side.OLD, [A])

    assert (found, [name for name, _ in silent], reader.told(Side.OLD, [A])) == ([], ["a"], [])
    assert not PROFILES[kind].reversible
    writer.tell(Tell(Side.OLD, Word.STAY, (A,)))
    with refused(Refused, "gateway.not-tellable"):
        writer.tell(Tell(Side.OLD, Word.GO, (A,)))
    for question in (reader.parity, reader.reference):
        with refused(Refused, "gateway.not-comparable", pod="a"):
            question(A, Side.OLD)
    answer = dict(reader.compare(Reference(B, Parity((), (), "", "")), [(A, Side.OLD)]))[A]
    assert isinstance(answer, Refused)


def _serving(gateway):  # type: ignore[no-untyped-def]  # a fabricated Gateway of dumps.py
    envoy = Envoy(gateway.identity.node_id)
    envoy.dump = dump(gateway)
    envoy.node_id = f"router~{gateway.ip}~{gateway.pod}.ns~local"
    return envoy


def _at(ref, ip):  # type: ignore[no-untyped-def]  # a PodRef elsewhere
    return type(ref)(ref.namespace, ref.name, ref.uid, ip, ref.node)


def versions_of(reader: GatewayReader) -> dict[str, str | None]:
    """Give the versions of two gateways; None for one that could not be asked."""
    assert isinstance(reader, KnowsVersions)
    return {one.name: said if isinstance(said, str) else None for one, said in reader.versions([A, B])}


def test_the_versions_of_a_gateway_are_others_once_its_configuration_was_updated_or_an_update_rejected() -> None:
    one, other = istio("a"), istio("b")
    reader = ports(Doors(a=one, b=other))[0]
    before = versions_of(reader)

    one.stats["cluster_manager.cds.version"] = 7
    other.dump = {"configs": [{"version_info": "8"}]}
    after = versions_of(reader)

    assert before == versions_of(ports(Doors(a=istio("a"), b=istio("b")))[0])
    assert all(before.values())
    assert before["a"] != after["a"]
    assert before["b"] != after["b"]


def test_a_cheap_look_at_a_configuration_asks_for_no_dump_of_it() -> None:
    envoy = istio("a")
    versions_of(ports(Doors(a=envoy, b=istio("b")))[0])

    asked = [target for _, target in envoy.asked if target != "/server_info"]

    assert len(asked) == len(VERSIONS)
    assert all("filter=" in target or "mask=version_info" in target for target in asked)


def test_a_gateway_that_does_not_answer_has_no_versions_and_the_other_has() -> None:
    doors = Doors(a=istio("a"), b=istio("b"))
    doors.deaf.add("a")

    assert [name for name, said in versions_of(ports(doors)[0]).items() if said is None] == ["a"]


def test_a_gateway_that_answers_with_an_error_has_no_versions() -> None:
    class Broken(Envoy):
        """One that has no statistics."""

        def answer(self, method: str, target: str) -> tuple[int, bytes]:
            return (500, b"") if target.startswith("/stats") else Envoy.answer(self, method, target)

    doors = Doors(a=Broken(istio("a").node_id), b=istio("b"))

    assert versions_of(ports(doors)[0])["a"] is None


def test_a_kind_that_nobody_can_ask_knows_no_versions() -> None:
    assert not isinstance(ports(Doors(), "nginx")[0], KnowsVersions)
