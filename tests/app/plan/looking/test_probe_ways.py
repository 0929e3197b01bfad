"""How each listener's backends are asked: as the plan says, or as an old backend answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.app.plan.looking.probe_ways import with_ways
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Health, ProbeWay, Target
from migrator.domain.model.spec import ListenerSpec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.observation.world import World
from migrator.domain.planning.checks.workloads.probes import old_side_answers_us
from migrator.domain.planning.make_plan import make
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import SPEC, world
from tests.domain.planning.checks.test_fuzz import AT


class Backends:
    """Backends that answer in some ways and not in others; it remembers in which they were asked."""

    def __init__(self, *ways: ProbeWay, code: str = "probe.no-connection") -> None:
        self.ways, self.asked, self._code = ways, list[tuple[str, ProbeWay]](), code

    def probe(self, address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> Message | None:
        self.asked.append((f"{address}:{port}", way))
        return (
            None
            if way in self.ways
            else Message(self._code, (("address", address), ("port", port), ("words", way.value)))
        )


def plan(client: int, old: int, probe: ProbeWay = ProbeWay.AUTO, layer: int = 4) -> Proposal:
    listener = ListenerSpec("l-1", client, layer=layer, probe=probe)
    spec = replace(SPEC, balancer=replace(SPEC.balancer, listeners=(listener,)))
    seen: World = world()
    return propose(
        replace(
            seen, targets=tuple(Target(Backend("l-1", pod.ref.ip, old), 100, Health.HEALTHY) for pod in seen.old.live)
        ),
        spec,
    )


HTTP, HTTPS = ProbeWay.HTTP, ProbeWay.HTTPS


@pytest.mark.parametrize(
    ("proposal", "first"),
    [
        pytest.param(plan(443, 18443), HTTPS, id="clients dial 443"),
        pytest.param(plan(9000, 8443), HTTPS, id="the backend's port is one of TLS"),
        pytest.param(plan(80, 8080), HTTP, id="neither is"),
        pytest.param(plan(443, 8080, layer=7), HTTP, id="the balancer ends TLS itself"),
        pytest.param(plan(443, 8080, ProbeWay.TCP), ProbeWay.TCP, id="the plan says it"),
    ],
)
def test_the_likeliest_way_is_tried_first_and_kept_when_it_is_answered(proposal: Proposal, first: ProbeWay) -> None:
    backends = Backends(*ProbeWay)
    seen = with_ways(proposal, backends)

    assert [way for _, way in backends.asked] == [first]
    assert (dict(seen.ways), seen.unspoken) == ({"l-1": first}, ())


@pytest.mark.parametrize(("ways", "found"), [((HTTP,), HTTP), ((HTTPS,), HTTPS)])
@pytest.mark.parametrize("client", [80, 443])
def test_an_old_backends_own_answer_decides(ways: Any, found: ProbeWay, client: int) -> None:
    assert dict(with_ways(plan(client, 8080), Backends(*ways)).ways) == {"l-1": found}


def test_an_old_backend_that_answers_in_no_way_is_told_with_the_first_reason() -> None:
    proposal = plan(443, 18443)
    seen = with_ways(proposal, Backends())
    (told,) = old_side_answers_us(propose(seen, proposal.spec))

    assert (seen.ways, told.code, told.severity) == ((), "probes.old-unanswered", Severity.WARN)
    assert (told.subject, told["backend"]) == (listeners_subject(["l-1"]), "l-1/10.0.0.1:18443")
    assert told["why"] == say("probe.no-connection", address="10.0.0.1", port=18443, words="https")


@pytest.mark.parametrize("found", [ProbeWay.HTTP_PROXY, ProbeWay.HTTPS_PROXY])
def test_a_backend_that_answers_only_after_proxy_protocol_is_asked_so(found: ProbeWay) -> None:
    assert dict(with_ways(plan(80, 8080), Backends(found)).ways) == {"l-1": found}


def test_a_backend_that_answers_of_its_own_failure_is_not_asked_by_proxy_protocol() -> None:
    """Its answer to a line that it does not understand would be taken for a good one."""
    backends = Backends(*(way for way in ProbeWay if way.introduced), code="probe.bad")
    seen = with_ways(plan(80, 8080), backends)

    assert (seen.ways, [way for _, way in backends.asked]) == ((), [HTTP, HTTPS])
    assert [why.code for _, _, why in seen.unspoken] == ["probe.bad"]


def test_a_way_that_the_plan_names_is_kept_though_nobody_answers_it() -> None:
    seen = with_ways(plan(443, 18443, ProbeWay.HTTP), Backends(HTTPS))

    assert dict(seen.ways) == {"l-1": HTTP}
    assert [name for name, _, _ in seen.unspoken] == ["l-1"]


@pytest.mark.parametrize(
    ("way", "code"), [(ProbeWay.NONE, "probes.not-asked"), (ProbeWay.TCP, "probes.connection-only")]
)
def test_a_plan_that_asks_for_no_answer_is_told_so(way: ProbeWay, code: str) -> None:
    assert [f.code for f in old_side_answers_us(plan(80, 8080, way))] == [code]


def test_only_an_old_backend_with_traffic_that_is_not_sick_is_asked() -> None:
    proposal = plan(80, 8080)
    first, second = proposal.world.targets
    sick = replace(proposal.world, targets=(replace(first, health=Health.UNHEALTHY), second))
    idle = replace(proposal.world, targets=(replace(first, weight=0), replace(second, weight=0)))

    for seen, asked in ((sick, ["10.0.0.2:8080"]), (idle, [])):
        backends = Backends(HTTP)
        with_ways(propose(seen, proposal.spec), backends)
        assert [at for at, _ in backends.asked] == asked


def test_the_plan_keeps_the_ways_for_its_run() -> None:
    proposal = plan(443, 18443)
    seen = with_ways(proposal, Backends(HTTPS))

    assert make(propose(seen, proposal.spec), AT, "ann", lambda _: "d" * 64).seen.ways == (("l-1", HTTPS),)
